"""What members see, for any words: nothing a platform refuses, nothing lost in storage, nothing but words shown."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import (
    BUTTON_LABEL,
    COMPONENTS,
    FORM_FIELDS,
    FORM_TITLE,
    MESSAGE,
    OPTIONS,
    PARAGRAPH,
    ROW_BUTTONS,
    TEXT_FIELD,
    TITLE,
    TOKEN,
    Action,
    Bold,
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Columns,
    Command,
    Divider,
    File,
    Form,
    Line,
    Link,
    Mention,
    Menu,
    Message,
    Option,
    Private,
    Quote,
    Row,
    Slash,
    Style,
    TextField,
    Title,
    TooMuch,
    Update,
    When,
    act,
    beside,
    bundled,
    clean,
    form_from_json,
    form_json,
    joined,
    message,
    message_from_json,
    message_json,
    plain,
    plain_message,
    say,
    shortened,
    together,
)

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 1, 1, tzinfo=UTC)

# What members really paste, among everything else.
NASTY = "@everyone", "<!channel>", "<@123>", "**b** _i_ `c`", "<b>x</b>", "مرحبا", "👩🏽‍⚕️", "{name}", "a\u202eb", "\r\n"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(NASTY)
short = words.map(lambda text: text[:24])
moments = st.integers(0, 10**8).map(lambda seconds: START + timedelta(seconds=seconds))
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
actions = st.builds(Action, names, st.lists(names, max_size=2).map(tuple), st.booleans())
spans = st.one_of(
    words,
    st.builds(Bold, words),
    st.builds(Mention, st.integers(1, 9), short),
    st.builds(When, moments, st.sampled_from(("day", "hour", "moment"))),
    st.builds(Slash, names),
    st.builds(Link, words, st.just("https://example.org/")),
)
texts = st.lists(spans, max_size=4).map(tuple)
buttons = st.builds(Button, words, actions, st.sampled_from(Style))
options = st.builds(Option, names, short, short)
rows = st.builds(Row, short, short, short, short, st.sampled_from(("match", "talk", "conflict", "open")))
blocks = st.one_of(
    st.builds(Title, words),
    st.builds(Line, texts, st.booleans()),
    st.builds(Bullets, st.lists(texts, max_size=3).map(tuple)),
    st.builds(Quote, words),
    st.builds(Card, words, st.lists(texts, max_size=2).map(tuple), st.none() | buttons),
    st.builds(Columns, short, short, short, st.lists(rows, max_size=3).map(tuple)),
    st.builds(Buttons, st.lists(buttons, max_size=3).map(tuple)),
    st.builds(Menu, short, actions, st.lists(options, min_size=1, max_size=4).map(tuple)),
    st.just(Divider()),
)


def _built(parts: list[object]) -> Message | None:
    try:
        return Message(tuple(parts))  # type: ignore[arg-type]
    except TooMuch:
        return None


messages = st.lists(blocks, max_size=4).map(_built).filter(lambda built: built is not None)
fields = st.one_of(
    st.builds(TextField, names, short, words, short, short, st.booleans(), st.booleans(), st.integers(24, TEXT_FIELD)),
    st.builds(ChoiceField, names, short, st.lists(options, min_size=1, max_size=3).map(tuple), words),
)
forms = st.builds(Form, short, actions, st.lists(fields, min_size=1, max_size=FORM_FIELDS).map(tuple), short)


# ── members' words ────────────────────────────────────────────────────────────────────────────────────────────────

pasted = st.text(max_size=200) | st.lists(st.sampled_from(NASTY)).map("".join)


@given(pasted, st.integers(1, 100))
def test_clean_words_are_short_and_visible_and_stay_clean(text: str, limit: int) -> None:
    kept = clean(text, limit)
    assert len(kept) <= limit
    assert kept == kept.strip()
    assert clean(kept, limit) == kept
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in kept)
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    assert "\n\n\n" not in kept
    kept.encode()


@given(st.text("abc def 123 éß漢字مرحبا👍@<*`{}_", max_size=60))
def test_what_can_be_read_is_kept(text: str) -> None:
    assert clean(text).split() == unicodedata.normalize("NFC", text).split()


@pytest.mark.parametrize("nasty", ["👩🏽‍⚕️", "می‌خواهم", "@everyone <!channel> **b** <b>x</b>", "a\nb"])
def test_emoji_joiners_and_markup_are_only_words(nasty: str) -> None:
    assert clean(nasty) == nasty


@given(st.text("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u3000\u0301 \t\n\r\0", max_size=30))
def test_nothing_visible_is_nothing(text: str) -> None:
    assert clean(text) == ""


@given(st.text(min_size=1, max_size=60), st.integers(1, 60))
def test_shortened_says_that_it_was_cut(text: str, limit: int) -> None:
    short_ = shortened(text, limit)
    assert len(short_) <= limit
    assert short_ == text if len(text) <= limit else short_.endswith("…")


@given(words)
def test_a_template_takes_words_as_they_are(text: str) -> None:
    assert plain(say("Hello {name}.", name=text), NEW_YORK) == f"Hello {text}."


def test_a_template_without_its_span_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        say("Hello {name}.")


@given(st.lists(names, max_size=5))
def test_a_list_is_spoken_with_every_item(items: list[str]) -> None:
    assert joined(items).replace(" and ", ", ").split(", ") == (items or [""])


# ── what a platform would refuse cannot be built ──────────────────────────────────────────────────────────────────


TOO_MUCH: list[Callable[[], object]] = [
    lambda: Button("x" * (BUTTON_LABEL + 1), act("a")),
    lambda: act("a", "x" * TOKEN),
    lambda: act("a", "b:c"),
    lambda: act("a", ""),
    lambda: Title("x" * (TITLE + 1)),
    lambda: Line(("x" * (PARAGRAPH + 1),)),
    lambda: Line(("&" * (PARAGRAPH // 5 + 1),)),
    lambda: Quote("x\n" * PARAGRAPH),
    lambda: Buttons(tuple(Button("x", act("a", n)) for n in range(ROW_BUTTONS + 1))),
    lambda: Menu("x", act("a"), ()),
    lambda: Menu("x", act("a"), tuple(Option(str(n), "x") for n in range(OPTIONS + 1))),
    lambda: message("x" * 2800, "y" * (MESSAGE - 2800)),
    lambda: Message((Divider(),) * (COMPONENTS + 1)),
    lambda: Message((Buttons((Button("x", act("a")), Button("y", act("a")))),)),
    lambda: Form("x" * (FORM_TITLE + 1), act("a"), (TextField("a", "b"),)),
    lambda: Form("x", act("a"), ()),
    lambda: Form("x", act("a"), tuple(TextField(str(n), "b") for n in range(FORM_FIELDS + 1))),
    lambda: TextField("a", "b", value="x" * 11, limit=10),
    lambda: TextField("a", "b", limit=TEXT_FIELD + 1),
]


@pytest.mark.parametrize("build", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_what_a_platform_would_refuse_cannot_be_built(build: Callable[[], object]) -> None:
    with pytest.raises(TooMuch):
        build()


@given(words, st.integers(1, 200))
def test_a_paragraph_that_can_be_built_fits_once_escaped(text: str, times: int) -> None:
    many = text * times
    try:
        Line((many,))
    except TooMuch:
        return
    slack = many.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    discord = "".join(f"\\{c}" if c in "*_~`|\\#-[]()@:<>" else c for c in many)
    assert len(slack) <= 3000
    assert len(discord) <= 4000


@given(messages, messages)
def test_two_messages_are_one_or_too_much(one: Message, other: Message) -> None:
    try:
        both = one + other
    except TooMuch:
        return
    assert both.blocks == (*one.blocks, Divider(), *other.blocks)
    assert list(both.actions()) == [*one.actions(), *other.actions()]


@given(st.lists(messages, min_size=2, max_size=3), forms)
def test_what_answers_one_of_several_takes_the_place_of_none(several: list[Message], form: Form) -> None:
    try:
        both = bundled(several)
    except TooMuch:
        return
    assert plain_message(both, NEW_YORK) == plain_message(together(several), NEW_YORK)
    for action in both.actions():
        assert isinstance(beside(action, Update(several[0])), Private)
        opened = beside(action, form)
        assert isinstance(opened, Form)
        assert isinstance(beside(opened.action, Update(several[0])), Private)


@given(messages)
def test_what_answers_the_only_one_takes_its_place(said: Message) -> None:
    assert bundled([said]) == said


# ── as JSON, and as plain words ───────────────────────────────────────────────────────────────────────────────────


@given(messages)
def test_a_message_comes_back_from_storage_as_it_was(said: Message) -> None:
    assert message_from_json(message_json(said)) == said


@given(forms)
def test_a_form_comes_back_from_storage_as_it_was(form: Form) -> None:
    assert form_from_json(form_json(form)) == form


@given(actions)
def test_an_action_travels_in_its_button(action: Action) -> None:
    assert Action.parse(action.token) == action


@given(st.text(max_size=120))
def test_a_forged_button_is_read_or_refused(token: str) -> None:
    try:
        action = Action.parse(token)
    except ValueError:
        return
    assert action.token == token


@given(messages)
def test_plain_words_hold_everything_said(said: Message) -> None:
    read = plain_message(said, NEW_YORK)
    for block in said.blocks:
        match block:
            case Title(text):
                assert text in read
            case Line(text):
                assert plain(text, NEW_YORK) in read
            case Quote(quoted):
                assert all(f"> {line}" in read for line in quoted.split("\n"))
            case Buttons(row):
                assert all(f"[{button.label}]" in read for button in row)


@given(moments, st.sampled_from([NEW_YORK, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]))
def test_a_moment_reads_by_the_readers_own_clock(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.astimezone(zone)
    assert plain((When(moment, "hour"),), zone) == f"{local:%H:%M}"
    assert plain((When(moment),), zone).startswith(plain((When(moment, "day"),), zone))


def test_a_command_that_slack_keeps_for_itself_cannot_be_named() -> None:
    with pytest.raises(TooMuch, match="Slack's own"):
        Command("join", "Join")


def test_a_message_holds_ten_files_and_no_more() -> None:
    files = [File("a.csv", "", b"x")] * 11
    message(*files[:10])
    with pytest.raises(TooMuch):
        message(*files)
