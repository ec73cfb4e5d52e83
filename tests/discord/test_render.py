"""What Discord is handed: every block, form and command as Discord publishes it, and members' words to the letter."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from adapters.discord_render import (
    address,
    attached,
    command,
    filled,
    literal,
    markdown,
    modal,
    parsed,
    payload,
    token_of,
    uploaded,
)
from bot.society import commands
from bot.ui import (
    Bold,
    Button,
    Card,
    ChoiceField,
    Columns,
    Command,
    Divider,
    File,
    FileField,
    Form,
    Kind,
    Line,
    Link,
    Mention,
    Menu,
    Option,
    Param,
    Quote,
    Row,
    Slash,
    Style,
    TextField,
    Title,
    When,
    act,
    bullets,
    buttons,
    message,
    say,
)
from tests.discord.published import CONTRACT, schema, unlike_published

GUILD = 123456789012345678
ANA = address(GUILD, "u", 42)
EVERYTHING = message(
    Title("Hello"),
    say(
        "{who}, {bold} until {when}: {slash}, {known}, {link}",
        who=Mention(1, "Ana", ANA),
        bold=Bold("now"),
        when=When(datetime(2026, 10, 5, 14, tzinfo=UTC)),
        slash=Slash("sign-up"),
        known=Slash("queue"),
        link=Link("more", "https://example.org"),
    ),
    Line(("small", " print"), quiet=True),
    bullets("one", "two"),
    Quote("their\nwords"),
    Card("Ben", (("fits",),), Button("Ask Ben", act("intro.ask", 2))),
    Card("Cai", (("fits",),)),
    Columns("Ana", "You", "Agreed", (Row("How often", "weekly", "monthly", "every 2 weeks", "talk"),)),
    Divider(),
    Menu("Choose", act("menu", 1), (Option("a", "A", "the first"), Option("b", "B"))),
    buttons(Button("Yes", act("yes"), Style.PRIMARY), Button("No", act("no"), Style.DANGER)),
    File("growth.png", "Ten pairs in May", b"\x89PNG"),
    File("pairs.csv", "", b"a,b"),
)
FORM = Form(
    "About you",
    act("join.save", "about"),
    (
        TextField("name", "Name", "As you like it", "Ana", "Ana Ruiz"),
        TextField("need", "What do you need?", long=True, required=False, limit=400),
        ChoiceField("zone", "Time zone", (Option("a", "A"), Option("b", "B")), values=("b",)),
        ChoiceField("topics", "Topics", (Option("a", "A"), Option("b", "B")), most=2, required=False),
        FileField("sheet", "A sheet", required=False),
    ),
)
MANY = tuple(Option(str(number), f"Number {number}") for number in range(11))
LONGER = Form(
    "Longer",
    act("longer"),
    (
        ChoiceField("one", "One of many", MANY, values=("3",)),
        ChoiceField("some", "Some of many", MANY, most=3),
        ChoiceField("ten", "One of ten", MANY[:10], required=False),
        ChoiceField("only", "The only one", MANY[:1]),
        ChoiceField("ticks", "Some of ten", MANY[:10], values=("1", "2"), most=5),
    ),
)


def against(name: str) -> Draft202012Validator:
    if not CONTRACT.exists():
        pytest.skip("Discord's published schemas are not beside this checkout")
    return schema(name)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("# a title", "\\# a title"),
        ("-# small print", "\\-\\# small print"),
        ("one\n- two", "one\n\\- two"),
        ("one\n  12. twelve", "one\n  12\\. twelve"),
        ("> quoted", "\\> quoted"),
        ("<@42> @everyone <#7>", "\\<\\@42\\> \\@everyone \\<\\#7\\>"),
        ("https://example.org", "https\\://example.org"),
        ("[here](x) ||hidden|| :smile:", "\\[here\\]\\(x\\) \\|\\|hidden\\|\\| \\:smile\\:"),
        ("3.5 years", "3\\.5 years"),
    ],
)
def test_marks_in_members_words_are_only_marks(words: str, shown: str) -> None:
    assert literal(words) == shown


@given(st.text())
def test_members_words_are_shown_to_the_letter(words: str) -> None:
    shown = literal(words)
    assert re.sub(r"\\(.)", r"\1", shown) == words
    bare = re.sub(r"\\.", "", shown)
    assert not re.search(r"[*_~`|<>@\[\]#:]", bare)


@given(st.text(max_size=700))
def test_escaping_never_outgrows_what_was_allowed_for_it(words: str) -> None:
    try:
        said = message(words)
    except ValueError:
        return
    # Discord takes no text of nothing but blanks, so it is left out.
    for shown in payload(said, GUILD, {})["components"]:
        assert shown["content"].strip()
        assert len(shown["content"]) <= 2900


def test_spans_are_discords_own() -> None:
    line = EVERYTHING.blocks[1]
    assert isinstance(line, Line)
    shown = markdown(line.text, {"queue": 7})
    assert shown == "<@42>, **now** until <t:1791208800:f>\\: `/sign-up`, </queue:7>, [more](https://example.org)"


def test_only_who_is_mentioned_by_address_can_be_pinged() -> None:
    said = message(
        say("{a} {b} @everyone", a=Mention(1, "Ana", ANA), b=Mention(2, "Ben")), say("{a}", a=Mention(1, "Ana", ANA))
    )
    assert payload(said, GUILD, {})["allowed_mentions"] == {"parse": [], "users": ["42"]}


def test_a_message_is_as_discord_publishes_it() -> None:
    against("MessageCreateRequest").validate(payload(EVERYTHING, GUILD, {}) | {"nonce": "k", "enforce_nonce": True})


def test_a_text_of_nothing_and_a_row_of_nothing_are_left_out() -> None:
    said = message("", "Here", buttons(), Line((" ",)), Line(("small\n\nprint",), quiet=True))
    texts = [{"type": 10, "content": "Here"}, {"type": 10, "content": "-# small\n\n-# print"}]
    assert payload(said, GUILD, {})["components"] == texts


def test_no_more_is_chosen_beforehand_than_may_be() -> None:
    both = (Option("a", "A"), Option("b", "B"))
    form = Form("One", act("x"), (ChoiceField("one", "One", both, values=("a", "b")),))
    chosen = [option.get("default", False) for option in modal(form, GUILD)["components"][0]["component"]["options"]]
    assert chosen == [True, False]


def test_a_form_is_as_discord_publishes_it_and_is_read_back() -> None:
    made = modal(FORM, GUILD)
    against("ModalInteractionCallbackRequestData").validate(made)
    against("ModalInteractionCallbackRequestData").validate(modal(LONGER, GUILD))
    back: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Ana"}},
        {"type": 18, "component": {"type": 4, "custom_id": "need", "value": ""}},
        {"type": 18, "component": {"type": 21, "custom_id": "zone", "value": "b"}},
        {"type": 18, "component": {"type": 21, "custom_id": "unticked", "value": None}},
        {"type": 18, "component": {"type": 22, "custom_id": "topics", "values": ["a", "b"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "many", "values": ["3"]}},
        {"type": 18, "component": {"type": 19, "custom_id": "sheet", "values": ["9"]}},
        {"type": 18, "component": {"type": 19, "custom_id": "other", "values": []}},
    ]
    assert filled(back) == {
        "name": ("Ana",),
        "need": (),
        "zone": ("b",),
        "unticked": (),
        "topics": ("a", "b"),
        "many": ("3",),
    }
    sheet = {"filename": "a.csv", "size": 3, "url": "https://cdn.discordapp.com/a.csv"}
    assert uploaded({"components": back, "resolved": {"attachments": {"9": sheet}}}) == {"sheet": sheet}
    assert token_of(made["custom_id"]) == (GUILD, "join.save:about")


def test_a_few_options_are_ticked_and_many_are_a_menu() -> None:
    shown = [label["component"] for label in modal(LONGER, GUILD)["components"]]
    assert [part["type"] for part in shown] == [3, 3, 21, 3, 22]
    assert [part["required"] for part in shown] == [True, True, False, True, True]
    assert [(part["min_values"], part["max_values"]) for part in shown if "min_values" in part] == [
        (1, 1),
        (1, 3),
        (1, 1),
        (1, 5),
    ]


def test_files_of_the_same_name_are_told_apart() -> None:
    same = [File("pairs.csv", "Pairs", bytes([number])) for number in range(3)]
    said = message("Three", *same)
    assert [(each.name, each.data) for each in attached(said)] == [
        ("pairs.csv", b"\0"),
        ("pairs-2.csv", b"\1"),
        ("pairs-3.csv", b"\2"),
    ]
    body = payload(said, GUILD, {})
    assert [part["file"]["url"] for part in body["components"][1:]] == [
        f"attachment://{each['filename']}" for each in body["attachments"]
    ]


def test_a_pair_is_suggested_while_its_name_is_typed() -> None:
    made = command(Command("write", "Write", (Param("to", "whom", Kind.PAIR), Param("words", "what"))))
    assert [option.get("autocomplete", False) for option in made["options"]] == [True, False]


@pytest.mark.parametrize("each", commands(), ids=lambda each: each.name)
def test_every_command_is_as_discord_publishes_it(each: Command) -> None:
    against("ApplicationCommandUpdateRequest").validate(command(each))


def test_a_wrong_payload_is_found() -> None:
    wrong = payload(EVERYTHING, GUILD, {})
    wrong["components"][0]["content"] = 7
    assert not against("MessageCreateRequest").is_valid(wrong)
    assert unlike_published("POST", "/channels/5/messages", wrong)
    assert unlike_published("POST", "/channels/5/letters", {})
    assert not unlike_published("POST", "/channels/5/messages", payload(EVERYTHING, GUILD, {}))


@pytest.mark.parametrize("where", ["slack:T1/u/U1", "discord:9", "discord:9/x/1", "discord:9/u/", ""])
def test_an_address_of_another_kind_is_none_of_ours(where: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        parsed(where)
