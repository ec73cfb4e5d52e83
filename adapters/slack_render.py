"""Screens as Slack's blocks, modals and homes, and what comes back as the core's types. Nothing here talks to Slack.

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
from types import MappingProxyType
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
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
)
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import Option as SlackOption
from slack_sdk.models.blocks.basic_components import SlackFile
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.ports import Address
from bot.ui import (
    Action,
    Block,
    Bold,
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Columns,
    Divider,
    Field,
    File,
    FileField,
    Filled,
    Form,
    Line,
    Link,
    Mention,
    Menu,
    Message,
    Option,
    Quote,
    Slash,
    Span,
    Style,
    Text,
    TextField,
    Title,
    When,
    clock_words,
)

Json: TypeAlias = dict[str, Any]
Pictures: TypeAlias = Mapping[File, str]
"""Pictures that Slack has, with its ids of them."""

NAME = "slack"
FEW = 10
"""So many options Slack shows as radio buttons or checkboxes; more need a menu."""
MODAL_TITLE = 24
HOME = Action("slack.home")
"""What the button in someone's App Home asks for that leads back to its beginning."""
_UTC = ZoneInfo("UTC")
_MARKS = {"match": "✓", "talk": "~", "conflict": "✗", "open": "…"}
_DATES = {"day": "{date_short_pretty}", "hour": "{time}", "moment": "{date_short_pretty} at {time}"}


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


def place_address(team: str) -> Address:
    return f"{NAME}:{team}"


def team_of(place: Address) -> str:
    """The workspace of such a place."""
    return place.removeprefix(f"{NAME}:")


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


def blocks(message: Message, pictures: Pictures = MappingProxyType({})) -> list[Json]:
    """A message as Slack's blocks. A file that is none of the pictures is a line that says what it is."""
    return [made.to_dict() for block in message.blocks for made in _blocks(block, pictures)]


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
        case "image":
            return html.escape(part["alt_text"], quote=False)
        case kind:
            between = "\n" if kind == "rich_text_list" else ""
            return between.join(_noticed(each) for each in part.get("elements", ()))


def _blocks(block: Block, pictures: Pictures) -> Iterator[SlackBlock]:
    match block:
        case Title(text):
            if text.strip():
                yield HeaderBlock(text=plain(text))
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
                placeholder=plain(prompt or "…"),
                action_id=action.token,
                options=[option(each) for each in options],
            )
            yield ActionsBlock(elements=[select])
        case Divider():
            yield DividerBlock()
        case File(name, alt) if block in pictures:
            yield ImageBlock(slack_file=SlackFile(id=pictures[block]), alt_text=alt or name)
        case File(name, alt):
            yield from _line((f"{name}: {alt}" if alt else name,), quiet=True)


def _line(text: Text, quiet: bool) -> Iterator[SlackBlock]:
    if not _parts(text):
        return
    if quiet and all(isinstance(span, str) for span in text):
        words = "".join(span for span in text if isinstance(span, str))
        yield ContextBlock(elements=[plain(words)])
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
        text=plain(button.label or "…"),
        action_id=button.action.token,
        style=None if button.style is Style.PLAIN else button.style.value,
    )


def option(one: Option) -> SlackOption:
    return SlackOption(
        value=one.value,
        text=plain(one.label or one.value),
        description=plain(one.hint) if one.hint else None,
    )


def plain(words: str) -> PlainTextObject:
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
    home: bool = False
    """Whether it was in their App Home, which then shows the answer."""

    def kept(self, args: Mapping[str, str] | None = None) -> str:
        """As a modal's metadata, with the arguments of the command that it completes."""
        return json.dumps({**asdict(self), "args": dict(args or {})}, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def read(cls, kept: str) -> tuple[Origin, dict[str, str]]:
        """What `kept` wrote."""
        values = json.loads(kept or "{}")
        args = values.pop("args", {})
        return cls(**values), args


def modal(form: Form, origin: Origin) -> Json:
    """A form as a modal."""
    return modal_view(form.title, form.action.token, form.submit, [_input(f) for f in form.fields], origin.kept())


def modal_view(title: str, callback: str, submit: str, inputs: Sequence[InputBlock], kept: str) -> Json:
    view = View(
        type="modal",
        title=plain(title or "…"),
        callback_id=callback,
        submit=plain(submit or "Save"),
        close=plain("Cancel"),
        private_metadata=kept,
        blocks=list(inputs),
    )
    made: Json = view.to_dict()
    return made


def _input(field: Field) -> InputBlock:
    return asked(field.name, field.label, _element(field), hint=field.hint, required=field.required)


def _element(field: Field) -> InputInteractiveElement:
    match field:
        case TextField():
            return _text_input(field)
        case ChoiceField():
            return _choice(field)
        case FileField(name=name, accepts=accepts):
            kinds = [ending.removeprefix(".") for ending in accepts]
            return FileInputElement(action_id=name, max_files=1, filetypes=kinds or None)


def asked(name: str, label: str, element: InputInteractiveElement, *, hint: str, required: bool) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=plain(label or name),
        element=element,
        hint=plain(hint) if hint else None,
        optional=not required,
    )


def _text_input(field: TextField) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=field.name,
        multiline=field.long,
        max_length=field.limit,
        initial_value=field.value or None,
        placeholder=plain(field.placeholder) if field.placeholder else None,
    )


def _choice(field: ChoiceField) -> InputInteractiveElement:
    options = [option(each) for each in field.options]
    chosen = [option(each) for each in field.options if each.value in field.values][: field.most]
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


def home_view(said: Message, pictures: Pictures = MappingProxyType({}), *, way_back: bool = False) -> Json:
    """A message as someone's App Home. `way_back`: with a button to where the home begins."""
    made = blocks(said, pictures)
    if way_back:
        back = Button("← Home", HOME)
        made.append(ActionsBlock(elements=[_button(back)]).to_dict())
    view: Json = View(type="home", blocks=made).to_dict()
    return view


def attached(view: Mapping[str, Any]) -> dict[str, Json]:
    """What Slack says of each file in a sent modal, by the field it was given in."""
    states = {name: state for fields in view["state"]["values"].values() for name, state in dict(fields).items()}
    return {name: state["files"][0] for name, state in states.items() if state.get("files")}


def filled(view: Mapping[str, Any]) -> Filled:
    """What was typed and chosen in a sent modal."""
    return {name: _values(state) for fields in view["state"]["values"].values() for name, state in dict(fields).items()}


def _values(state: Mapping[str, Any]) -> tuple[str, ...]:
    if "selected_options" in state:
        return tuple(chosen["value"] for chosen in state["selected_options"] or ())
    if chosen := state.get("selected_option"):
        return (chosen["value"],)
    one = next((state[k] for k in ("value", "selected_user", "selected_channel", "selected_date") if state.get(k)), "")
    return (one,) if one else ()
