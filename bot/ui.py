"""What members see, said once.

Every screen is a plain value: a `Message` or a `Form` made of the types below. Adapters turn them into Discord
components, Slack blocks or the playground's page with one `match` each; the courier stores them as JSON.

Two rules hold by construction. *Text is data*: a bare `str` is literal everywhere, so members' words can never ping,
format or link; anything else a text can hold is a type. *What a platform would refuse cannot be built*: each
constructor checks the stricter of Discord's and Slack's published limits and raises `TooMuch`.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Base64Bytes, TypeAdapter
from pydantic import Field as Tag

from bot.model import Need

# The stricter of the two platforms, in characters unless said otherwise. Sources: Discord's component reference and
# message resource; Slack's block-kit and modal references.
BUTTON_LABEL = 75  # Slack; Discord allows 80
TOKEN = 79  # Discord's custom_id holds 100, of which its adapter keeps 21 to say which server a private button is about
ROW_BUTTONS = 5  # Discord's action row
OPTIONS = 25  # Discord's select
OPTION_LABEL = 75  # Slack; Discord allows 100
FORM_TITLE = 24  # Slack's modal title
FORM_FIELDS = 5  # Discord's modal
FIELD_LABEL = 45  # Discord's label
FIELD_HINT = 100  # Discord's label description
TEXT_FIELD = 3000  # Slack's plain_text_input
PLACEHOLDER = 100
PARAGRAPH = 2900  # Slack's section holds 3000
MESSAGE = 3900  # Discord's components hold 4000 characters a message together
COMPONENTS = 40  # Discord, nested ones counted
COMMAND_HELP = 100
TITLE = 150  # Slack's header block
# Slack's own commands: one of these makes it refuse a whole manifest. No published list; gathered from its client.
SLACKS_OWN = re.compile(
    r"""active|archive|away|call|collapse|debug|dm|dnd|expand|feed|feedback|help|invite|invite_people|join|kick|leave|me|msg|
    mute|open|prefs|pro|remind|remove|rename|search|shortcuts|shrug|star|status|topic|unarchive|who""",
    re.VERBOSE,
)
FILE = 1_000_000  # bytes, ours: it waits in the database until it is sent
FILE_NAME = 80
FILES = 10  # Discord's attachments of a message


class TooMuch(ValueError):
    """A screen holds more than a platform would take. Always a mistake of ours, never of a member."""


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bold:
    """Our own words, stressed. (A member's words inside are still literal.)"""

    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True)
class Mention:
    """A member by name; a platform may turn it into its own mention for someone who is in the conversation."""

    person: int
    name: str
    address: str = ""
    """Theirs on the platform where it is said, filled in on the way out; empty where only the name is to be shown."""
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True)
class When:
    """A moment (UTC), shown in each reader's own time zone. `style`: a day, an hour of the day, or both."""

    moment: datetime
    style: Literal["day", "hour", "moment"] = "moment"
    kind: Literal["when"] = "when"


@dataclass(frozen=True)
class Slash:
    """A command to use next, by its name without the slash."""

    name: str
    kind: Literal["slash"] = "slash"


@dataclass(frozen=True)
class Link:
    """An address of ours (never a member's) behind a few words."""

    text: str
    url: str
    kind: Literal["link"] = "link"


Span: TypeAlias = str | Annotated[Bold | Mention | When | Slash | Link, Tag(discriminator="kind")]
Text: TypeAlias = tuple[Span, ...]
Words: TypeAlias = "str | Bold | Mention | When | Slash | Link | Text"

_SLOT = re.compile(r"{(\w+)}")


def say(template: str, **spans: Words) -> Text:
    """A sentence from its English template: `say("{mentor} answers in {time}.", mentor=…, time=…)`.

    Raises KeyError when the template names a span that was not given.
    """
    parts: list[Span] = []
    for index, piece in enumerate(_SLOT.split(template)):
        if not piece:
            continue
        span = spans[piece] if index % 2 else piece
        parts.extend(span if isinstance(span, tuple) else (span,))
    return tuple(parts)


def as_text(words: Words) -> Text:
    return words if isinstance(words, tuple) else (words,)


def joined(items: Sequence[str], last: str = "and") -> str:
    """A list as one speaks it: "essays, interviews and MCAT"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def _weight(text: Text) -> int:
    """The most characters a platform could need for this text once escaped (Slack's `&amp;`, Discord's `\\*`)."""
    total = 0
    for span in text:
        match span:
            case str():
                total += sum(5 if c in "&<>" else 2 if c in "*_~`|\\#-[]()@:." or ord(c) > 0xFFFF else 1 for c in span)
            case Bold(words):
                total += _weight((words,)) + 4
            case Mention(name=name):
                total += max(_weight((name,)), 32)
            case When():
                total += 80
            case Slash(name):
                total += len(name) + 30
            case Link(words, url):
                total += _weight((words,)) + len(url) + 4
    return total


def _fits(what: str, size: int, limit: int) -> None:
    if size > limit:
        raise TooMuch(f"{what}: {size}, and the platforms take {limit}")


# ── members' words ────────────────────────────────────────────────────────────────────────────────────────────────

# Marks that reorder what stands around them; shown alone they are invisible, so nothing a reader could see is lost.
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def clean(words: str, limit: int = TEXT_FIELD) -> str:
    """A member's words as they are kept and shown: normalised, without control characters, cut at `limit` characters.

    Emoji, right-to-left letters and joiners stay; text of nothing but invisible characters becomes empty. Words that
    escaping would swell to more than twice the limit (a page of HTML) are cut earlier.
    """
    text = unicodedata.normalize("NFC", words).translate(_BIDI_CONTROLS).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    text = re.sub(r"[^\S\n]+", " ", re.sub(r"\n{3,}", "\n\n", text)).strip()
    if all(unicodedata.category(c) in ("Cf", "Zs", "Zl", "Zp", "Mn", "Me") or c.isspace() for c in text):
        return ""
    cut = shortened(text, limit)
    while _weight((cut,)) > 2 * limit:
        cut = shortened(cut, len(cut) * 9 // 10)
    return cut


def shortened(words: str, limit: int) -> str:
    """`words`, ending in an ellipsis where they had to be cut."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


# ── what a tap does ───────────────────────────────────────────────────────────────────────────────────────────────


AMONG = "+"
"""What a token begins with where it is pressed among others."""


@dataclass(frozen=True)
class Action:
    """What a button, menu or form asks for. It travels in the button itself, so it outlives restarts.

    The arguments are claims: whoever handles the action loads the thing and asks whether this person may.
    """

    name: str
    args: tuple[str, ...] = ()
    among: bool = False
    """Whether the message it is pressed in says other things too, which are to stay where they are."""

    def __post_init__(self) -> None:
        if any(":" in part or not part for part in (self.name, *self.args)):
            raise TooMuch(f"an action's parts are non-empty and hold no colon: {self.token}")
        _fits(f"action {self.name}", len(self.token), TOKEN)

    @property
    def token(self) -> str:
        return AMONG * self.among + ":".join((self.name, *self.args))

    @classmethod
    def parse(cls, token: str) -> Action:
        """The action a token stands for. Raises ValueError for a token we cannot have made."""
        name, *args = token.removeprefix(AMONG).split(":")
        return cls(name, tuple(args), token.startswith(AMONG))


def act(name: str, *args: object) -> Action:
    return Action(name, tuple(str(arg) for arg in args))


# ── parts of a message ────────────────────────────────────────────────────────────────────────────────────────────


class Style(StrEnum):
    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True)
class Button:
    label: str
    action: Action
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        _fits(f"button {self.label!r}", len(self.label), BUTTON_LABEL)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    hint: str = ""

    def __post_init__(self) -> None:
        _fits(f"option {self.label!r}", max(len(self.label), len(self.hint)), OPTION_LABEL)
        _fits(f"option value {self.value!r}", len(self.value), OPTION_LABEL)


@dataclass(frozen=True)
class Title:
    text: str
    kind: Literal["title"] = "title"

    def __post_init__(self) -> None:
        _fits("title", len(self.text), TITLE)


@dataclass(frozen=True)
class Line:
    """A paragraph. `quiet` lines are the small print."""

    text: Text
    quiet: bool = False
    kind: Literal["line"] = "line"

    def __post_init__(self) -> None:
        _fits("paragraph", _weight(self.text), PARAGRAPH)


@dataclass(frozen=True)
class Bullets:
    items: tuple[Text, ...]
    kind: Literal["bullets"] = "bullets"

    def __post_init__(self) -> None:
        _fits("list", sum(_weight(item) + 3 for item in self.items), PARAGRAPH)


@dataclass(frozen=True)
class Quote:
    """A member's own words, set apart and literal."""

    words: str
    kind: Literal["quote"] = "quote"

    def __post_init__(self) -> None:
        _fits("quote", _weight((self.words,)) + 2 * (1 + self.words.count("\n")), PARAGRAPH)


@dataclass(frozen=True)
class Card:
    """One of several things to choose from: a name, a few lines, and at most one button beside them."""

    title: str
    lines: tuple[Text, ...]
    button: Button | None = None
    kind: Literal["card"] = "card"

    def __post_init__(self) -> None:
        _fits("card title", len(self.title), TITLE)
        _fits("card", _weight((self.title,)) + sum(_weight(line) + 1 for line in self.lines), PARAGRAPH)


@dataclass(frozen=True)
class Row:
    """One line of a comparison: what is compared, its three columns, and how they stand to each other."""

    topic: str
    theirs: str
    mine: str
    agreed: str
    verdict: Literal["match", "talk", "conflict", "open"]


@dataclass(frozen=True)
class Columns:
    """Three columns side by side; where a platform has no tables, a line for each row."""

    theirs: str
    mine: str
    agreed: str
    rows: tuple[Row, ...]
    kind: Literal["columns"] = "columns"

    def __post_init__(self) -> None:
        size = sum(_weight((r.topic, r.theirs, r.mine, r.agreed)) + 16 for r in self.rows)
        _fits("comparison", size + _weight((self.theirs, self.mine, self.agreed)) * len(self.rows), PARAGRAPH)


@dataclass(frozen=True)
class Buttons:
    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"

    def __post_init__(self) -> None:
        _fits("buttons in a row", len(self.buttons), ROW_BUTTONS)


@dataclass(frozen=True)
class Menu:
    """Choose one of up to 25; choosing is the tap."""

    prompt: str
    action: Action
    options: tuple[Option, ...]
    kind: Literal["menu"] = "menu"

    def __post_init__(self) -> None:
        _fits("menu prompt", len(self.prompt), PLACEHOLDER)
        _fits("menu options", len(self.options), OPTIONS)
        if not self.options:
            raise TooMuch("a menu needs an option")


@dataclass(frozen=True)
class Divider:
    kind: Literal["divider"] = "divider"


@dataclass(frozen=True)
class File:
    """Something to look at or to keep: a picture (.png) is shown, anything else is there to be opened."""

    name: str
    alt: str
    """What it is, or shows, for those who do not see it."""
    data: Base64Bytes
    kind: Literal["file"] = "file"

    def __post_init__(self) -> None:
        _fits(f"file {self.name!r}", len(self.data), FILE)
        _fits("file name", len(self.name), FILE_NAME)
        _fits(f"description of {self.name!r}", len(self.alt), TITLE)
        if not re.fullmatch(r"[a-z0-9-]+\.[a-z0-9]+", self.name):
            raise TooMuch(f"not a name for a file on every platform: {self.name!r}")

    @property
    def picture(self) -> bool:
        return self.name.endswith(".png")


Block: TypeAlias = Annotated[
    Title | Line | Bullets | Quote | Card | Columns | Buttons | Menu | Divider | File, Tag(discriminator="kind")
]


@dataclass(frozen=True)
class Message:
    """What is said at once, from top to bottom."""

    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        _fits("message", sum(_block_weight(block) for block in self.blocks), MESSAGE)
        _fits("message components", sum(_components(block) for block in self.blocks), COMPONENTS)
        _fits("files of a message", sum(isinstance(block, File) for block in self.blocks), FILES)
        tokens = [action.token for action in self.actions()]
        if len(tokens) != len(set(tokens)):
            raise TooMuch(f"two controls of one message do the same thing: {tokens}")

    def actions(self) -> Iterator[Action]:
        for block in self.blocks:
            match block:
                case Buttons(buttons):
                    yield from (button.action for button in buttons)
                case Card(button=Button() as button):
                    yield button.action
                case Menu():
                    yield block.action

    def __add__(self, other: Message) -> Message:
        """Both as one message. Raises TooMuch when they do not fit together."""
        return Message((*self.blocks, Divider(), *other.blocks))


def only_controls(said: Message, wanted: Callable[[Action], bool]) -> Message:
    """The same message, with those controls only."""

    def kept(block: Block) -> Block | None:
        match block:
            case Buttons(row):
                left = tuple(button for button in row if wanted(button.action))
                return Buttons(left) if left else None
            case Card(button=Button() as button) if not wanted(button.action):
                return replace(block, button=None)
            case Menu(_, Action("go"), options):
                offered = tuple(option for option in options if wanted(Action.parse(option.value)))
                return replace(block, options=offered) if offered else None
            case Menu(_, action) if not wanted(action):
                return None
        return block

    return Message(tuple(left for block in said.blocks if (left := kept(block)) is not None))


def together(several: Sequence[Message]) -> Message:
    """Several messages (at least one) as one. Raises TooMuch when they do not fit together."""
    return reduce(operator.add, several)


def bundled(several: Sequence[Message]) -> Message:
    """The same for messages that have nothing to do with one another: answering one leaves the others readable."""
    return together(several) if len(several) == 1 else together([_among(each) for each in several])


def _among(said: Message) -> Message:
    def marked(block: Block) -> Block:
        match block:
            case Buttons(row):
                return Buttons(tuple(replace(button, action=replace(button.action, among=True)) for button in row))
            case Card(button=Button() as button):
                return replace(block, button=replace(button, action=replace(button.action, among=True)))
            case Menu():
                return replace(block, action=replace(block.action, among=True))
        return block

    return Message(tuple(marked(block) for block in said.blocks))


def beside(what: Action, reply: Reply) -> Reply:
    """The answer to a press, said beside the message and not in its place where that says other things, too."""
    if not what.among:
        return reply
    match reply:
        case Form():
            return replace(reply, action=replace(reply.action, among=True))
        case Update(said):
            return Private(said)
    return reply


def mentioned(said: Message) -> set[int]:
    """Everyone a message mentions in a paragraph."""
    return {
        span.person
        for block in said.blocks
        if isinstance(block, Line)
        for span in block.text
        if isinstance(span, Mention)
    }


def with_addresses(said: Message, addresses: Mapping[int, str]) -> Message:
    """The same, each mention with the address its person has where it is said."""

    def known(span: Span) -> Span:
        return replace(span, address=addresses.get(span.person, "")) if isinstance(span, Mention) else span

    return Message(
        tuple(
            replace(block, text=tuple(known(span) for span in block.text)) if isinstance(block, Line) else block
            for block in said.blocks
        )
    )


def message(
    *parts: Words | Title | Line | Bullets | Quote | Card | Columns | Buttons | Menu | Divider | File,
) -> Message:
    """A message from its parts; bare words become paragraphs."""
    return Message(
        tuple(Line(as_text(p)) if isinstance(p, (str, tuple, Bold, Mention, When, Slash, Link)) else p for p in parts)
    )


def buttons(*row: Button) -> Buttons:
    return Buttons(row)


def bullets(*items: Words) -> Bullets:
    return Bullets(tuple(as_text(item) for item in items))


def _block_weight(block: Block) -> int:
    match block:
        case Title(text):
            return len(text) + 4
        case Line(text):
            return _weight(text) + 4
        case Bullets(items):
            return sum(_weight(item) + 3 for item in items)
        case Quote(words):
            return _weight((words,)) + 2 * (1 + words.count("\n"))
        case Card(title, lines):
            return _weight((title,)) + 4 + sum(_weight(line) + 1 for line in lines)
        case Columns(theirs, mine, agreed, rows):
            heads = _weight((theirs, mine, agreed)) + 16
            return sum(_weight((r.topic, r.theirs, r.mine, r.agreed)) + heads for r in rows)
        case Buttons() | Menu() | Divider() | File():
            return 0


def _components(block: Block) -> int:
    match block:
        case Buttons(row):
            return 1 + len(row)
        case Menu() | File():
            return 2
        case Card(button=Button()):
            return 3
        case _:
            return 1


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class TextField:
    name: str
    label: str
    hint: str = ""
    value: str = ""
    placeholder: str = ""
    long: bool = False
    required: bool = True
    limit: int = 200
    kind: Literal["text"] = "text"

    def __post_init__(self) -> None:
        _field_fits(self.label, self.hint)
        _fits(f"placeholder of {self.label!r}", len(self.placeholder), PLACEHOLDER)
        _fits(f"length of {self.label!r}", self.limit, TEXT_FIELD)
        _fits(f"value of {self.label!r}", len(self.value), self.limit)


@dataclass(frozen=True)
class ChoiceField:
    """One (`most` = 1) or several of up to 25 options."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    values: tuple[str, ...] = ()
    most: int = 1
    required: bool = True
    kind: Literal["choice"] = "choice"

    def __post_init__(self) -> None:
        _field_fits(self.label, self.hint)
        _fits(f"options of {self.label!r}", len(self.options), OPTIONS)


@dataclass(frozen=True)
class FileField:
    """One file of the member's own. It is read, and not kept."""

    name: str
    label: str
    hint: str = ""
    accepts: tuple[str, ...] = ()
    """Endings of names, as ".csv"; a platform may not hold members to them."""
    required: bool = True
    kind: Literal["file"] = "file"

    def __post_init__(self) -> None:
        _field_fits(self.label, self.hint)


def _field_fits(label: str, hint: str) -> None:
    _fits(f"field label {label!r}", len(label), FIELD_LABEL)
    _fits(f"hint of {label!r}", len(hint), FIELD_HINT)


Field: TypeAlias = Annotated[TextField | ChoiceField | FileField, Tag(discriminator="kind")]
Filled: TypeAlias = dict[str, tuple[str, ...]]
"""What came back from a form: each field's name and what was typed or chosen (none, one or several)."""


@dataclass(frozen=True)
class Form:
    """One short screen to fill in."""

    title: str
    action: Action
    fields: tuple[Field, ...]
    submit: str = "Save"

    def __post_init__(self) -> None:
        _fits(f"form title {self.title!r}", len(self.title), FORM_TITLE)
        _fits(f"form button {self.submit!r}", len(self.submit), FORM_TITLE)
        _fits(f"fields of {self.title!r}", len(self.fields), FORM_FIELDS)
        if not self.fields:
            raise TooMuch(f"form {self.title!r} asks nothing")


# ── replies and commands ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Private:
    """An answer only the asker sees."""

    message: Message


@dataclass(frozen=True)
class Update:
    """The pressed message, as it reads now."""

    message: Message


Reply: TypeAlias = Private | Update | Form


class Kind(StrEnum):
    """What a command's parameter holds."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    MEMBER = "member"
    CHANNEL = "channel"
    ROLE = "role"  # Discord: a role; Slack: a user group
    PAIR = "pair"  # one of the asker's own pairs, suggested by the other's name while they type


@dataclass(frozen=True)
class Param:
    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = True
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Command:
    """A slash command, from which Discord's tree, Slack's manifest, `/help` and the playground are made."""

    name: str
    help: str
    params: tuple[Param, ...] = ()
    need: Need = Need.MEMBER

    def __post_init__(self) -> None:
        _fits(f"help of /{self.name}", len(self.help), COMMAND_HELP)
        if not re.fullmatch(r"[a-z][a-z-]{0,31}", self.name):
            raise TooMuch(f"not a command's name: {self.name!r}")
        if SLACKS_OWN.fullmatch(self.name):
            raise TooMuch(f"/{self.name} is Slack's own command")

    @property
    def officers_only(self) -> bool:
        """Whether it is nothing for members, so that a platform may hide it from them."""
        return self.need is not Need.MEMBER


# ── as JSON, and as plain words ───────────────────────────────────────────────────────────────────────────────────

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_FORM: TypeAdapter[Form] = TypeAdapter(Form)


def message_json(message: Message) -> str:
    return _MESSAGE.dump_json(message).decode()


def message_from_json(text: str) -> Message:
    return _MESSAGE.validate_json(text)


def form_json(form: Form) -> str:
    return _FORM.dump_json(form).decode()


def form_from_json(text: str) -> Form:
    return _FORM.validate_json(text)


def plain(text: Text, zone: ZoneInfo) -> str:
    """A text as bare words, moments in `zone`: for transcripts, notifications and e-mail."""
    return "".join(_plain_span(span, zone) for span in text)


def _plain_span(span: Span, zone: ZoneInfo) -> str:
    match span:
        case str():
            return span
        case Bold(words):
            return words
        case Mention(name=name):
            return name
        case When(moment, style):
            return clock_words(moment, style, zone)
        case Slash(name):
            return f"/{name}"
        case Link(words, url):
            return f"{words} ({url})"


def clock_words(moment: datetime, style: str, zone: ZoneInfo) -> str:
    """A moment in someone's own zone: "Mon 5 Oct", "18:30", or both."""
    local = moment.astimezone(zone)
    day, hour = day_words(local), f"{local:%H:%M}"
    return {"day": day, "hour": hour}.get(style, f"{day}, {hour}")


def day_words(day: date) -> str:
    """A day that is the same for all who read it: "Mon 5 Oct"."""
    return f"{day:%a} {day.day} {day:%b}"


_MARKS = {"match": "✓", "talk": "~", "conflict": "✗", "open": "…"}


def plain_message(message: Message, zone: ZoneInfo) -> str:
    """A whole message as bare words, a control as [its label]."""
    return "\n".join(line for block in message.blocks for line in _plain_block(block, zone))


def _plain_block(block: Block, zone: ZoneInfo) -> Iterator[str]:
    match block:
        case Title(text):
            yield text
        case Line(text):
            yield plain(text, zone)
        case Bullets(items):
            yield from (f"• {plain(item, zone)}" for item in items)
        case Quote(words):
            yield from (f"> {line}" for line in words.split("\n"))
        case Card(title, lines, button):
            yield title + (f"  [{button.label}]" if button else "")
            yield from (f"  {plain(line, zone)}" for line in lines)
        case Columns(theirs, mine, agreed, rows):
            for row in rows:
                yield f"{_MARKS[row.verdict]} {row.topic}"
                yield f"    {theirs}: {row.theirs} | {mine}: {row.mine} | {agreed}: {row.agreed}"
        case Buttons(row_of):
            yield "  ".join(f"[{button.label}]" for button in row_of)
        case Menu(prompt, _, options):
            yield f"[{prompt} ▾ {' / '.join(option.label for option in options)}]"
        case File(name, alt):
            yield f"[{name}: {alt}]"
        case Divider():
            yield "—"
