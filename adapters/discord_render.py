"""What the core says, as Discord's payloads (Components V2), and what Discord sends back, as the core's values.

Pure functions. Sources: Discord's component reference, message resource and application-command resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeAlias

from bot.ports import Address
from bot.ui import (
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
    File,
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
    Quote,
    Slash,
    Span,
    Style,
    Text,
    Title,
    When,
)

Json: TypeAlias = dict[str, Any]

NAME = "discord"
COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
MANAGE_GUILD = 1 << 5
ROW, BUTTON, SELECT, TEXT_INPUT, SECTION, TEXT, GALLERY, FILE, SEPARATOR, LABEL = 1, 2, 3, 4, 9, 10, 12, 13, 14, 18
UPLOAD, RADIO, CHECKBOXES = 19, 21, 22
AT_A_GLANCE = 10
"""Options that Discord shows all at once; more are behind a menu."""
STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 4}
OPTION_TYPES = {Kind.TEXT: 3, Kind.DATE: 3, Kind.CHOICE: 3, Kind.PAIR: 3, Kind.MEMBER: 6, Kind.CHANNEL: 7, Kind.ROLE: 8}
LETTERS = {Kind.MEMBER: "u", Kind.CHANNEL: "c", Kind.ROLE: "g"}
MOMENTS = {"day": "D", "hour": "t", "moment": "f"}
VERDICTS = {"match": "✓", "talk": "~", "conflict": "✗", "open": "…"}

# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


def place_address(guild: int | str) -> Address:
    return f"{NAME}:{guild}"


def address(guild: int | str, kind: str, number: int | str) -> Address:
    """A person ("u"), room ("r"), channel ("c") or role ("g") of a server."""
    return f"{NAME}:{guild}/{kind}/{number}"


def parsed(where: Address) -> tuple[int, str, int]:
    """Server, kind and number of an address of ours. Raises ValueError for any other."""
    found = re.fullmatch(rf"{NAME}:(\d+)/([urcg])/(\d+)", where)
    if found is None:
        raise ValueError("not an address on Discord")
    return int(found[1]), found[2], int(found[3])


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_SPECIAL = re.compile(r"([\\*_~`|#\-\[\]()@:<>])")
_NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


def literal(words: str) -> str:
    """Words that show as they are: nothing in them formats, links, pings or becomes an emoji."""
    return _NUMBERED.sub(r"\1\\.", _SPECIAL.sub(r"\\\1", words))


def markdown(text: Text, slashes: Mapping[str, int]) -> str:
    """A text in Discord's own markup. `slashes`: the ids of our commands, for those that are registered."""
    return "".join(_span(span, slashes) for span in text)


def _span(span: Span, slashes: Mapping[str, int]) -> str:
    match span:
        case str():
            return literal(span)
        case Bold(words):
            return f"**{literal(words)}**"
        case Mention(name=name, address=where):
            return f"<@{parsed(where)[2]}>" if where.startswith(f"{NAME}:") else literal(name)
        case When(moment, style):
            return f"<t:{int(moment.timestamp())}:{MOMENTS[style]}>"
        case Slash(name):
            return f"</{name}:{slashes[name]}>" if name in slashes else f"`/{name}`"
        case Link(words, url):
            return f"[{literal(words)}]({url})"


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def payload(said: Message, guild: int, slashes: Mapping[str, int]) -> Json:
    """A message as the body of a request. It pings nobody but those whom it mentions by address.

    Its files go beside it, as `attached` gives them.
    """
    files = attached(said)
    named = iter(files)
    body: Json = {
        "flags": COMPONENTS_V2,
        # Discord refuses a text without a character and a row without a button.
        "components": [
            part
            for block in said.blocks
            for part in _block(next(named) if isinstance(block, File) else block, guild, slashes)
            if part.get("content", "-").strip() and part.get("components", "-")
        ],
        "allowed_mentions": {"parse": [], "users": sorted(set(_pinged(said)))},
    }
    about = [{"id": str(n), "filename": each.name, "description": each.alt} for n, each in enumerate(files)]
    return body | ({"attachments": about} if about else {})


def marked(body: Json, key: str) -> Json:
    """A message by whose first part one can tell under which key it was sent."""
    first, *others = body["components"]
    return body | {"components": [first | {"id": _mark(key)}, *others]}


def is_marked(said: Mapping[str, Any], key: str) -> bool:
    """Whether a message, as Discord gives it back, was sent under this key."""
    return any(part.get("id") == _mark(key) for part in said.get("components", ()))


def _mark(key: str) -> int:
    # 30 bits of the key, above what Discord gives to parts that have no number: those are counted from 1.
    return 1 << 30 | int.from_bytes(sha256(key.encode()).digest()[:4]) >> 2


def attached(said: Message) -> tuple[File, ...]:
    """The files of a message, each under a name of its own: two that were bundled may have had the same."""
    taken: set[str] = set()
    files = []
    for block in said.blocks:
        if isinstance(block, File):
            stem, dot, ending = block.name.rpartition(".")
            names = (block.name, *(f"{stem[:70]}-{number}{dot}{ending}" for number in range(2, 42)))
            name = next(each for each in names if each not in taken)
            taken.add(name)
            files.append(replace(block, name=name))
    return tuple(files)


def _pinged(said: Message) -> Iterator[str]:
    for block in said.blocks:
        for span in block.text if isinstance(block, Line) else ():
            if isinstance(span, Mention) and span.address.startswith(f"{NAME}:"):
                yield str(parsed(span.address)[2])


def _block(block: object, guild: int, slashes: Mapping[str, int]) -> Iterator[Json]:
    match block:
        case Title(words):
            yield _text(f"## {literal(words)}")
        case Line(text, quiet):
            # Small print is a mark at the beginning of each line.
            words = markdown(text, slashes)
            yield _text("\n".join(f"-# {line}" if line else "" for line in words.split("\n")) if quiet else words)
        case Bullets(items):
            yield _text("\n".join(f"- {markdown(item, slashes)}" for item in items))
        case Quote(words):
            yield _text("\n".join(f"> {literal(line)}" for line in words.split("\n")))
        case Card(title, lines, button):
            words = "\n".join([f"**{literal(title)}**", *(markdown(line, slashes) for line in lines)])
            whole = _text(words)
            yield {"type": SECTION, "components": [whole], "accessory": _button(button, guild)} if button else whole
        case Columns(theirs, mine, agreed, rows):
            yield _text(
                "\n".join(
                    f"{VERDICTS[row.verdict]} **{literal(row.topic)}**\n{literal(theirs)}: {literal(row.theirs)} · "
                    f"{literal(mine)}: {literal(row.mine)} · {literal(agreed)}: {literal(row.agreed)}"
                    for row in rows
                )
            )
        case Buttons(row_of):
            yield {"type": ROW, "components": [_button(button, guild) for button in row_of]}
        case Menu(prompt, action, options):
            menu = {"custom_id": f"{guild}|{action.token}", "placeholder": prompt, "options": _options(options, ())}
            yield {"type": ROW, "components": [{"type": SELECT, **menu}]}
        case File(name, alt):
            where = {"url": f"attachment://{name}"}
            shown = {"type": GALLERY, "items": [{"media": where} | ({"description": alt} if alt else {})]}
            yield shown if block.picture else {"type": FILE, "file": where}
        case Divider():
            yield {"type": SEPARATOR}


def _text(words: str) -> Json:
    return {"type": TEXT, "content": words}


def _button(button: Button, guild: int) -> Json:
    return {
        "type": BUTTON,
        "style": STYLES[button.style],
        "label": button.label,
        "custom_id": f"{guild}|{button.action.token}",
    }


def _options(options: Iterable[Option], chosen: Sequence[str]) -> list[Json]:
    return [
        {"value": option.value, "label": option.label}
        | ({"description": option.hint} if option.hint else {})
        | ({"default": True} if option.value in chosen else {})
        for option in options
    ]


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def modal(form: Form, guild: int) -> Json:
    return {
        "custom_id": f"{guild}|{form.action.token}",
        "title": form.title,
        "components": [_labelled(field) for field in form.fields],
    }


def _labelled(field: Field) -> Json:
    label = {"type": LABEL, "label": field.label, "component": _field(field)}
    return label | ({"description": field.hint} if field.hint else {})


def _field(field: Field) -> Json:
    if isinstance(field, ChoiceField):
        return _choice(field)
    if isinstance(field, FileField):
        return {"type": UPLOAD, "custom_id": field.name, "required": field.required, "max_values": 1}
    asked: Json = {
        "type": TEXT_INPUT,
        "custom_id": field.name,
        "style": 2 if field.long else 1,
        "max_length": field.limit,
        "required": field.required,
    }
    return (
        asked
        | ({"value": field.value} if field.value else {})
        | ({"placeholder": field.placeholder} if field.placeholder else {})
    )


def _choice(field: ChoiceField) -> Json:
    """A few options are shown at once, to be ticked; many are a menu."""
    asked: Json = {
        "custom_id": field.name,
        "options": _options(field.options, field.values[: field.most]),
        "required": field.required,
    }
    if field.most == 1 and 2 <= len(field.options) <= AT_A_GLANCE:
        return asked | {"type": RADIO}
    kind = CHECKBOXES if field.most > 1 and len(field.options) <= AT_A_GLANCE else SELECT
    most = max(1, min(field.most, len(field.options)))
    return asked | {"type": kind, "min_values": 1 if field.required else 0, "max_values": most}


def filled(components: Iterable[Mapping[str, Any]]) -> Filled:
    """What came back from a form, but for its files."""
    answers: Filled = {}
    for part in components:
        field = part.get("component", {})
        if field.get("type") == UPLOAD:
            continue
        if "values" in field:
            answers[field["custom_id"]] = tuple(field["values"])
        elif "custom_id" in field:
            answers[field["custom_id"]] = (field["value"],) if field.get("value") else ()
    return answers


def uploaded(data: Mapping[str, Any]) -> dict[str, Json]:
    """The files that came back with a form, as Discord describes them, by the name of the field."""
    kept = data.get("resolved", {}).get("attachments", {})
    fields = [part.get("component", {}) for part in data["components"]]
    return {
        field["custom_id"]: kept[field["values"][0]]
        for field in fields
        if field.get("type") == UPLOAD and field.get("values")
    }


def token_of(custom_id: str) -> tuple[int, str]:
    """Server and action token of a control. Raises ValueError for one that is not ours."""
    guild, bar, token = custom_id.partition("|")
    if not bar or not guild.isdecimal():
        raise ValueError("not a control of ours")
    return int(guild), token


# ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────


def command(each: Command) -> Json:
    """A slash command as it is registered: in servers only, and for officers hidden until an admin shows it to them.

    Discord shows required options before the others.
    """
    params = sorted(each.params, key=lambda param: not param.required)
    hidden = MANAGE_GUILD if each.officers_only else None
    return {
        "name": each.name,
        "type": 1,
        "description": each.help,
        "options": [
            {"type": OPTION_TYPES[param.kind], "name": param.name, "description": param.help[:100]}
            | ({"required": True} if param.required else {})
            | (
                {"choices": [{"name": option.label, "value": option.value} for option in param.options]}
                if param.options
                else {}
            )
            | ({"channel_types": [0]} if param.kind is Kind.CHANNEL else {})
            | ({"autocomplete": True} if param.kind is Kind.PAIR else {})
            for param in params
        ],
        "default_member_permissions": hidden,
        "contexts": [0],
    }


def arguments(each: Command, options: Iterable[Mapping[str, Any]], guild: int) -> dict[str, str]:
    """What a command was given: people, channels and roles as addresses."""
    kinds = {param.name: param.kind for param in each.params}
    given = {}
    for option in options:
        kind, value = kinds.get(option["name"]), str(option["value"])
        given[option["name"]] = address(guild, LETTERS[kind], value) if kind in LETTERS else value
    return given
