"""Screens as Slack's blocks and modals, and what comes back as the core's own types. Nothing here talks to Slack.

Whatever members wrote goes into `rich_text` and `plain_text`, which Slack shows as it stands: there is nothing to
escape and so nothing to forget. Only the one-line `text` of a notification is mrkdwn, and it is escaped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ChannelSelectElement,
    CheckboxesElement,
    ContextBlock,
    DatePickerElement,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import Option as SlackOption
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.ports import Address
from bot.ui import (
    Block,
    Bold,
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Columns,
    Command,
    Divider,
    Field,
    FileField,
    Filled,
    Form,
    Kind,
    Line,
    Link,
    Mention,
    Menu,
    Message,
    Option,
    Param,
    Quote,
    Slash,
    Span,
    Style,
    Text,
    TextField,
    Title,
    When,
    clock_words,
    shortened,
)

Json: TypeAlias = dict[str, Any]

NAME = "slack"
FEW = 10
"""So many options Slack shows as radio buttons or checkboxes; more need a menu."""
MODAL_TITLE = 24
KEPT = 2000
"""Of a command's words, what a modal keeps while it asks for the rest: its metadata holds 3000 characters."""
_UTC = ZoneInfo("UTC")
_MARKS = {"match": "✓", "talk": "~", "conflict": "✗", "open": "…"}
_DATES = {"day": "{date_short_pretty}", "hour": "{time}", "moment": "{date_short_pretty} at {time}"}


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


def place_address(team: str) -> Address:
    return f"{NAME}:{team}"


def person_address(team: str, user: str) -> Address:
    return f"{NAME}:{team}/u/{user}"


def room_address(team: str, conversation: str) -> Address:
    return f"{NAME}:{team}/r/{conversation}"


def channel_address(team: str, channel: str) -> Address:
    return f"{NAME}:{team}/c/{channel}"


def group_address(team: str, group: str) -> Address:
    return f"{NAME}:{team}/g/{group}"


_ADDRESS = re.compile(r"slack:(?P<team>\w+)/(?P<kind>[urcg])/(?P<id>\w+)")


def parse_address(address: Address) -> tuple[str, str, str]:
    """Team, kind (u, r, c or g) and id. Raises ValueError for what is no such address."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError("not an address of someone or somewhere on Slack")
    return found["team"], found["kind"], found["id"]


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def blocks(message: Message) -> list[Json]:
    """A message as Slack's blocks."""
    return [made.to_dict() for block in message.blocks for made in _blocks(block)]


def notice(made: Sequence[Json]) -> str:
    """Blocks as the words of a notification, escaped so that nothing of a member's means anything to Slack."""
    return "\n".join(words for block in made if block["type"] != "actions" and (words := _noticed(block))) or "…"


def _noticed(part: Json) -> str:
    match part["type"]:
        case "text" | "plain_text" | "link":
            return html.escape(part["text"], quote=False)
        case "user":
            return f"<@{part['user_id']}>"
        case "date":
            return f"<!date^{part['timestamp']}^{part['format']}|{part['fallback']}>"
        case "header":
            return _noticed(part["text"])
        case kind:
            between = "\n" if kind == "rich_text_list" else ""
            return between.join(_noticed(each) for each in part.get("elements", ()))


def _blocks(block: Block) -> Iterator[SlackBlock]:
    match block:
        case Title(text):
            if text.strip():
                yield HeaderBlock(text=_plain(text))
        case Line(text, quiet):
            yield from _line(text, quiet)
        case Bullets(items):
            sections = [_section(item) for item in items if _parts(item)]
            if sections:
                yield RichTextBlock(elements=[RichTextListElement(style="bullet", elements=sections)])
        case Quote(words):
            if words:
                yield RichTextBlock(elements=[RichTextQuoteElement(elements=_parts((words,)))])
        case Card():
            yield from _card(block)
        case Columns():
            lines = [part for row in block.rows for part in _parts(_row(block, row.topic, row))]
            if lines:
                yield RichTextBlock(elements=[RichTextSectionElement(elements=lines)])
        case Buttons(row_of):
            if row_of:
                yield ActionsBlock(elements=[_button(button) for button in row_of])
        case Menu(prompt, action, options):
            select = StaticSelectElement(
                placeholder=_plain(prompt or "…"),
                action_id=action.token,
                options=[_option(option) for option in options],
            )
            yield ActionsBlock(elements=[select])
        case Divider():
            yield DividerBlock()


def _line(text: Text, quiet: bool) -> Iterator[SlackBlock]:
    if not _parts(text):
        return
    if quiet and all(isinstance(span, str) for span in text):
        words = "".join(span for span in text if isinstance(span, str))
        yield ContextBlock(elements=[_plain(words)])
    else:
        yield RichTextBlock(
            elements=[RichTextSectionElement(elements=_parts(text, {"italic": True} if quiet else None))]
        )


def _card(card: Card) -> Iterator[SlackBlock]:
    lines: list[Span] = [Bold(card.title)]
    for line in card.lines:
        lines += ["\n", *line]
    parts = _parts(tuple(lines))
    if parts:
        yield RichTextBlock(elements=[RichTextSectionElement(elements=parts)])
    if card.button:
        yield ActionsBlock(elements=[_button(card.button)])


def _row(columns: Columns, topic: str, row: Any) -> Text:  # noqa: ANN401
    return (
        f"{_MARKS[row.verdict]} ",
        Bold(topic),
        f"\n{columns.theirs}: {row.theirs} · {columns.mine}: {row.mine} · {columns.agreed}: {row.agreed}\n",
    )


def _button(button: Button) -> ButtonElement:
    return ButtonElement(
        text=_plain(button.label or "…"),
        action_id=button.action.token,
        style=None if button.style is Style.PLAIN else button.style.value,
    )


def _option(option: Option) -> SlackOption:
    return SlackOption(
        value=option.value,
        text=_plain(option.label or option.value),
        description=_plain(option.hint) if option.hint else None,
    )


def _plain(words: str) -> PlainTextObject:
    """Words shown as they stand, without even `:emoji:`."""
    return PlainTextObject(text=words, emoji=False)


def _section(text: Text) -> RichTextSectionElement:
    return RichTextSectionElement(elements=_parts(text))


def _parts(text: Text, style: Json | None = None) -> list[Json | RichTextElement]:
    return [part for span in text if (part := _part(span, style)) is not None]


def _part(span: Span, style: Json | None) -> RichTextElement | None:
    match span:
        case str():
            return _words(span, style)
        case Bold(words):
            return _words(words, {**(style or {}), "bold": True})
        case Mention(name=name, address=address):
            found = _ADDRESS.fullmatch(address)
            if found and found["kind"] == "u":
                return RichTextElementParts.User(user_id=found["id"], style=style)
            return _words(name, style)
        case When(moment, how):
            return RichTextElementParts.Date(
                timestamp=int(moment.timestamp()),
                format=_DATES[how],
                fallback=f"{clock_words(moment.astimezone(UTC), how, _UTC)} UTC",
                style=style,
            )
        case Slash(name):
            return _words(f"/{name}", {**(style or {}), "bold": True})
        case Link(words, url):
            return RichTextElementParts.Link(url=url, text=words or url, style=style)


def _words(words: str, style: Json | None) -> RichTextElement | None:
    return RichTextElementParts.Text(text=words, style=style) if words else None


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Origin:
    """Where someone was when they asked: what a modal has to remember to answer them there."""

    channel: str = ""
    message: str = ""
    """The pressed message's timestamp, if it is the bot's own and others may see it."""
    response_url: str = ""
    pressed: bool = False
    """Whether the way back leads to a message that can be replaced."""

    def kept(self, args: Mapping[str, str] | None = None) -> str:
        """As a modal's metadata, with the arguments of the command that it completes."""
        return json.dumps({**asdict(self), "args": dict(args or {})}, separators=(",", ":"))

    @classmethod
    def read(cls, kept: str) -> tuple[Origin, dict[str, str]]:
        """What `kept` wrote."""
        values = json.loads(kept or "{}")
        args = values.pop("args", {})
        return cls(**values), args


def modal(form: Form, origin: Origin) -> Json:
    """A form as a modal."""
    return _modal(form.title, form.action.token, form.submit, [_input(f) for f in form.fields], origin.kept())


def _modal(title: str, callback: str, submit: str, inputs: Sequence[InputBlock], kept: str) -> Json:
    view = View(
        type="modal",
        title=_plain(title or "…"),
        callback_id=callback,
        submit=_plain(submit or "Save"),
        close=_plain("Cancel"),
        private_metadata=kept,
        blocks=list(inputs),
    )
    made: Json = view.to_dict()
    return made


def _input(field: Field) -> InputBlock:
    return _asked(field.name, field.label, _element(field), hint=field.hint, required=field.required)


def _element(field: Field) -> InputInteractiveElement:
    match field:
        case TextField():
            return _text_input(field)
        case ChoiceField():
            return _choice(field)
        case FileField(name=name):
            return FileInputElement(action_id=name, max_files=1)


def _asked(name: str, label: str, element: InputInteractiveElement, *, hint: str, required: bool) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=_plain(label or name),
        element=element,
        hint=_plain(hint) if hint else None,
        optional=not required,
    )


def _text_input(field: TextField) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=field.name,
        multiline=field.long,
        max_length=field.limit,
        initial_value=field.value or None,
        placeholder=_plain(field.placeholder) if field.placeholder else None,
    )


def _choice(field: ChoiceField) -> InputInteractiveElement:
    options = [_option(option) for option in field.options]
    chosen = [_option(option) for option in field.options if option.value in field.values][: field.most]
    few = len(options) <= FEW
    if field.most == 1:
        kind = RadioButtonsElement if few else StaticSelectElement
        return kind(action_id=field.name, options=options, initial_option=chosen[0] if chosen else None)
    if few and field.most >= len(options):
        return CheckboxesElement(action_id=field.name, options=options, initial_options=chosen or None)
    return StaticMultiSelectElement(
        action_id=field.name,
        options=options,
        initial_options=chosen or None,
        max_selected_items=field.most,  # checkboxes have no such limit
    )


def filled(view: Mapping[str, Any]) -> Filled:
    """What was typed and chosen in a sent modal."""
    return {name: _values(state) for fields in view["state"]["values"].values() for name, state in dict(fields).items()}


def _values(state: Mapping[str, Any]) -> tuple[str, ...]:
    if "selected_options" in state:
        return tuple(option["value"] for option in state["selected_options"] or ())
    if option := state.get("selected_option"):
        return (option["value"],)
    one = next((state[k] for k in ("value", "selected_user", "selected_channel", "selected_date") if state.get(k)), "")
    return (one,) if one else ()


# ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

_TOKEN = re.compile(r"(?:[\w-]+:)?<[@#!][^>]*>|\S+")
_NAMED = re.compile(r"(?P<name>[\w-]+):(?P<value>.+)", re.DOTALL)
_ENTITY = {
    Kind.MEMBER: re.compile(r"<@(\w+)(?:\|[^>]*)?>"),
    Kind.CHANNEL: re.compile(r"<#(\w+)(?:\|[^>]*)?>"),
    Kind.ROLE: re.compile(r"<!subteam\^(\w+)(?:\|[^>]*)?>"),
}
_ADDRESS_OF = {Kind.MEMBER: person_address, Kind.CHANNEL: channel_address, Kind.ROLE: group_address}
_MARKED = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")


def arguments(command: Command, text: str, team: str) -> dict[str, str]:
    """The arguments in a command's text, by the parameters it declares; what is not there is left out."""
    found: dict[str, str] = {}
    words = _TOKEN.findall(text)
    by_name = {param.name: param for param in command.params}
    last = command.params[-1] if command.params else None
    rest: list[str] = []
    for index, word in enumerate(words):
        named = _NAMED.fullmatch(word)
        param = by_name.get(named["name"]) if named else None
        if named is None or param is None:
            rest.append(word)
        elif param is last and param.kind is Kind.TEXT:
            found[param.name] = _literal(" ".join([named["value"], *words[index + 1 :]]))
            break
        elif (value := _value(param, named["value"], team)) is not None:
            found[param.name] = value
    unsaid = [param for param in command.params if param.name not in found]
    for param in unsaid:
        # A word that reads like one of a parameter's options is that one's, wherever it stands.
        if word := next((word for word in rest if _offered(param, word)), None):
            found[param.name] = _offered(param, word) or ""
            rest.remove(word)
    for param in unsaid:
        if param.name in found:
            continue
        taken = " ".join(rest) if param is last and param.kind is Kind.TEXT else _take(param, rest, team)
        if value := _value(param, taken, team):
            found[param.name] = value
    return found


def _take(param: Param, rest: list[str], team: str) -> str:
    """The first of the words that can be this parameter, taken out of them.

    A word that is none of a parameter's options is still taken, so that the core can say so.
    """
    fits = [word for word in rest if _value(param, word, team) is not None]
    if param.kind in (Kind.CHOICE, Kind.DATE, Kind.TEXT):
        fits = [word for word in fits if not word.startswith(("<", "@"))]
    if not fits:
        return ""
    rest.remove(fits[0])
    return fits[0]


def _value(param: Param, word: str, team: str) -> str | None:
    """What a word means for this parameter; None if it cannot be meant."""
    if entity := _ENTITY.get(param.kind):
        match = entity.fullmatch(word)
        return _ADDRESS_OF[param.kind](team, match[1]) if match else None
    return _offered(param, word) or _literal(word)


def _offered(param: Param, word: str) -> str | None:
    meant = _literal(word).casefold()
    return next((o.value for o in param.options if meant in (o.value.casefold(), o.label.casefold())), None)


def _literal(words: str) -> str:
    """Words as they were typed, without Slack's marks around names and addresses."""
    return html.unescape(_MARKED.sub(_unmarked, words))


def _unmarked(mark: re.Match[str]) -> str:
    kind, target, label = mark[1], mark[2], (mark[3] or "").lstrip("@#")
    return f"{'#' if kind == '#' else '@'}{label or target.partition('^')[0]}" if kind else label or target


def missing(command: Command, given: Mapping[str, str]) -> list[Param]:
    return [param for param in command.params if param.required and param.name not in given]


def asking(command: Command, given: Mapping[str, str], origin: Origin) -> Json:
    """A modal that asks for what a command still needs."""
    inputs = [
        _asked(param.name, param.help[:1].upper() + param.help[1:], _param_input(param), hint="", required=True)
        for param in missing(command, given)
    ]
    kept = {name: shortened(value, KEPT // len(given)) for name, value in given.items()}
    return _modal(shortened(f"/{command.name}", MODAL_TITLE), f"/{command.name}", "Go on", inputs, origin.kept(kept))


def _param_input(param: Param) -> InputInteractiveElement:
    if param.kind is Kind.MEMBER:
        return UserSelectElement(action_id=param.name)
    if param.kind is Kind.CHANNEL:
        return ChannelSelectElement(action_id=param.name)
    if param.kind is Kind.DATE:
        return DatePickerElement(action_id=param.name)
    if param.options:
        return StaticSelectElement(action_id=param.name, options=[_option(option) for option in param.options])
    placeholder = _plain("The group's id, like S0123ABCD") if param.kind is Kind.ROLE else None
    return PlainTextInputElement(action_id=param.name, placeholder=placeholder)


def completed(command: Command, given: Mapping[str, str], answers: Filled, team: str) -> dict[str, str]:
    """The arguments of a command after its modal was sent."""
    args = dict(given)
    for param in command.params:
        if words := " ".join(answers.get(param.name, ())):
            mint = _ADDRESS_OF.get(param.kind)
            args[param.name] = mint(team, words.strip()) if mint else words
    return args


# ── the app ───────────────────────────────────────────────────────────────────────────────────────────────────────


SCOPES = ("chat:write", "commands", "im:history", "im:write", "mpim:history", "mpim:write", "users:read")
"""What the bot has to be allowed, and no more. History is what finds a message again that perhaps arrived."""


def manifest(commands: Sequence[Command], *, rooms_activity: bool) -> dict[str, object]:
    """The complete app manifest: what Slack needs to know to make the app."""
    return {
        "display_information": {
            "name": "Preceptor",
            "description": "Mentorship for premed societies",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Preceptor", "always_online": True},
            "slash_commands": [_slash_command(command) for command in commands],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": [*(["message.mpim"] if rooms_activity else []), "user_change"]},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def _slash_command(command: Command) -> Json:
    usage = " ".join(_usage(param) for param in command.params)
    return {
        "command": f"/{command.name}",
        "description": command.help,
        **({"usage_hint": usage} if usage else {}),
        "should_escape": True,
    }


def _usage(param: Param) -> str:
    shown = {Kind.MEMBER: f"@{param.name}", Kind.CHANNEL: f"#{param.name}", Kind.ROLE: f"@{param.name}"}
    words = shown.get(param.kind, param.name)
    return words if param.required else f"[{words}]"
