"""Screens on Slack: what every part becomes, against Slack's published shapes, and members' words that stay words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, ValidationError

from adapters.slack_commands import arguments, asking, completed, missing
from adapters.slack_manifest import INSTALLED, SCOPES, manifest
from adapters.slack_render import Origin, blocks, filled, modal, notice, parse_address
from bot.society import FEATURES
from bot.ui import (
    Bold,
    Bullets,
    Button,
    Card,
    ChoiceField,
    Columns,
    Command,
    Divider,
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
from tests.slack.contracts import FOLDER, published, validator
from tests.slack.rules import Json, Wrong, check_blocks, check_modal

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)

EVERYTHING = message(
    Title("Your request"),
    say(
        "{who} answers by {when}: {next}", who=Mention(1, "Ben", "slack:T1/u/U2"), when=When(NOON), next=Slash("queue")
    ),
    say("Or look {here}.", here=Link("here", "https://example.org/")),
    Line(("small print",), quiet=True),
    Line(("small print of ", Bold("weight")), quiet=True),
    bullets("one", Bold("two")),
    Quote("my\nown *words*"),
    Card("Ben", (("Pediatrics",), (When(NOON, "day"),)), Button("Ask Ben", act("intro.ask", 1), Style.PRIMARY)),
    Card("Cy", ()),
    Columns("They", "You", "So", (Row("Rhythm", "monthly", "weekly", "monthly", "talk"),)),
    buttons(Button("Yes", act("yes")), Button("No", act("no"), Style.DANGER)),
    Divider(),
    Menu("Choose", act("menu"), (Option("a", "A", "the first"), Option("b", "B"))),
)
OPTIONS = tuple(Option(f"v{n}", f"Label {n}") for n in range(12))
FORM = Form(
    "About you",
    act("join.save", "you"),
    (
        TextField("name", "Name", "As people say it", "Ana", "Your name", limit=60),
        TextField("story", "Story", long=True, required=False),
        ChoiceField("one", "One of few", OPTIONS[:3], values=("v1",)),
        ChoiceField("any", "Any of few", OPTIONS[:3], values=("v0", "v2"), most=3, required=False),
        ChoiceField("two", "Two of many", OPTIONS, most=2),
    ),
)
PAIR = Command(
    "pair",
    "Pair two people",
    (
        Param("mentor", "the mentor", Kind.MEMBER),
        Param("mentee", "the mentee", Kind.MEMBER),
        Param("note", "a line to both", required=False),
    ),
)
FIND = Command(
    "find-mentor",
    "Who fits",
    (
        Param("field", "a field", Kind.CHOICE, required=False, options=(Option("pediatrics", "Pediatrics"),)),
        Param("help", "a help", Kind.CHOICE, required=False, options=(Option("essays", "Essays"),)),
    ),
)
SETUP = Command(
    "setup",
    "Choose",
    (
        Param("channel", "the channel", Kind.CHANNEL),
        Param("officers", "the officers", Kind.ROLE),
        Param("start", "the first day", Kind.DATE),
        Param("size", "how big", Kind.CHOICE, options=OPTIONS[:2]),
        Param("name", "a name"),
    ),
)


def test_every_part_of_a_message_becomes_what_slack_takes() -> None:
    made = blocks(EVERYTHING)
    check_blocks(made)
    kinds = [block["type"] for block in made]
    assert set(kinds) == {"header", "rich_text", "context", "actions", "divider"}


@published
def test_messages_and_modals_are_as_slack_publishes_them() -> None:
    block = validator("KnownBlock")
    for made in blocks(EVERYTHING):
        block.validate(made)
    validator("ModalView").validate(modal(FORM, Origin("C1")))
    for command in (PAIR, SETUP):
        validator("ModalView").validate(asking(command, {}, Origin("C1")))


@published
def test_a_wrong_block_fails() -> None:
    wrong = blocks(message("Hello"))[0] | {"colour": "red"}
    with pytest.raises(ValidationError):
        validator("KnownBlock").validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [{"type": "rich_text", "elements": []}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        blocks(message(buttons(Button("a", act("a"))))) * 2,
    ],
)
def test_what_slack_refuses_fails_here(wrong: list[Json]) -> None:
    with pytest.raises(Wrong):
        check_blocks(wrong)


def test_a_control_carries_its_action() -> None:
    made = blocks(EVERYTHING)
    ids = [element["action_id"] for block in made if block["type"] == "actions" for element in block["elements"]]
    assert ids == [action.token for action in EVERYTHING.actions()]


def test_a_notification_reads_like_the_message_and_means_nothing_to_slack() -> None:
    said = message("<!channel> & co", say("{who} {when}", who=Mention(1, "Ben"), when=When(NOON, "day")))
    assert notice(blocks(said)) == (
        "&lt;!channel&gt; &amp; co\nBen <!date^1791201600^{date_short_pretty}|Mon 5 Oct UTC>"
    )


NASTY = "<!channel>", "<@U1>", "*b* _i_ ~s~ `c`", ":smile:", "https://evil.example", "@here", "&lt;!here&gt;", "> q"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(NASTY)


@given(words, words)
def test_members_words_stay_words(one: str, other: str) -> None:
    said = Message(
        (
            Title(one),
            Line((one, Bold(other), Mention(1, one))),
            Line((one,), quiet=True),
            Bullets(((one,), (other,))),
            Quote(one),
            Card(one, ((other,),)),
            Columns(one, other, one, (Row(one, other, one, other, "open"),)),
        )
    )
    made = blocks(said)
    kinds = set(_kinds(made))
    rich = {"rich_text", "rich_text_section", "rich_text_list", "rich_text_quote"}
    assert kinds <= {"header", "context", "text", "plain_text"} | rich
    assert '"emoji": true' not in json.dumps(made)
    assert "<" not in notice(made)
    assert ">" not in notice(made)
    check_blocks(made)


def _kinds(part: Any) -> list[str]:  # noqa: ANN401
    if isinstance(part, list):
        return [kind for each in part for kind in _kinds(each)]
    if isinstance(part, dict):
        return [kind for kind in [part.get("type")] if kind] + [k for each in part.values() for k in _kinds(each)]
    return []


def test_a_mention_from_elsewhere_is_a_name() -> None:
    assert blocks(message(Mention(1, "Ben", "discord:9:8"))) == blocks(message("Ben"))


def test_a_form_becomes_a_modal_with_what_it_holds() -> None:
    made = modal(FORM, Origin("C1", "1.0", "https://x", pressed=True))
    check_modal(made)
    assert [block["element"]["type"] for block in made["blocks"]] == [
        "plain_text_input", "plain_text_input", "radio_buttons", "checkboxes", "multi_static_select",
    ]  # fmt: skip
    assert made["callback_id"] == "join.save:you"
    assert Origin.read(made["private_metadata"]) == (Origin("C1", "1.0", "https://x", pressed=True), {})
    assert made["blocks"][4]["element"]["max_selected_items"] == 2
    assert made["blocks"][3]["optional"]


def test_what_comes_back_from_a_modal_is_what_was_chosen() -> None:
    state = {
        "name": {"name": {"type": "plain_text_input", "value": "Ana"}},
        "story": {"story": {"type": "plain_text_input", "value": None}},
        "one": {"one": {"type": "radio_buttons", "selected_option": {"value": "v1"}}},
        "none": {"none": {"type": "static_select", "selected_option": None}},
        "any": {"any": {"type": "checkboxes", "selected_options": [{"value": "v0"}, {"value": "v2"}]}},
    }
    assert filled({"state": {"values": state}}) == {
        "name": ("Ana",), "story": (), "one": ("v1",), "none": (), "any": ("v0", "v2"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "text", "args"),
    [
        (PAIR, "<@U1|ada> <@U2|ben> be &lt;kind&gt; to <@U3|cy>",
         {"mentor": "slack:T1/u/U1", "mentee": "slack:T1/u/U2", "note": "be <kind> to @cy"}),
        (PAIR, "mentee:<@U2> <@U1> note:well met, you two",
         {"mentor": "slack:T1/u/U1", "mentee": "slack:T1/u/U2", "note": "well met, you two"}),
        (PAIR, "<@U1>", {"mentor": "slack:T1/u/U1"}),
        (PAIR, "", {}),
        (FIND, "essays", {"help": "essays"}),
        (FIND, "Essays Pediatrics", {"field": "pediatrics", "help": "essays"}),
        (FIND, "surgery", {"field": "surgery"}),
        (SETUP, "<#C1|mentors> <!subteam^S1|@officers> 2026-09-01 v1 Our society",
         {"channel": "slack:T1/c/C1", "officers": "slack:T1/g/S1", "start": "2026-09-01", "size": "v1",
          "name": "Our society"}),
    ],
)  # fmt: skip
def test_a_commands_text_is_understood(command: Command, text: str, args: dict[str, str]) -> None:
    assert arguments(command, text, "T1") == args


@given(words)
def test_any_text_after_a_command_is_read_somehow(text: str) -> None:
    for command in (PAIR, FIND, SETUP):
        assert arguments(command, text, "T1").keys() <= {param.name for param in command.params}


def test_a_modal_asks_for_what_is_missing_and_remembers_the_rest() -> None:
    given_ = {"mentor": "slack:T1/u/U1", "note": "x" * 3000}
    view = asking(PAIR, given_, Origin("C1", response_url="https://x"))
    assert view
    check_modal(view)
    assert [param.name for param in missing(PAIR, given_)] == [block["block_id"] for block in view["blocks"]]
    origin, kept = Origin.read(view["private_metadata"])
    assert origin == Origin("C1", response_url="https://x")
    answered = completed(PAIR, kept, {"mentee": ("U2",)}, "T1")
    assert (answered["mentor"], answered["mentee"]) == ("slack:T1/u/U1", "slack:T1/u/U2")
    check_modal(asking(SETUP, {}, Origin()) or {})
    assert asking(PAIR, {"mentor": "slack:T1/u/U1", "mentee": "slack:T1/u/U2"}, Origin()) is None


def test_addresses_are_read_as_they_were_made() -> None:
    assert parse_address("slack:T1/u/U2") == ("T1", "u", "U2")
    with pytest.raises(ValueError, match="no"):
        parse_address("slack:T1")


COMMANDS = [command for feature in FEATURES for command, _ in feature.commands.values()]


WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"rooms_activity": True, "user_groups": True},
    {"address": "https://mentors.example.org"},
    {"address": "https://mentors.example.org", "several": True},
)


@published
@pytest.mark.parametrize("way", WAYS)
def test_the_manifest_is_as_slack_publishes_it(way: dict[str, Any]) -> None:
    schema = json.loads((FOLDER / "raw" / "slack-manifest.schema.2.0.0.json").read_text())
    Draft7Validator(schema).validate(manifest(COMMANDS, **way))


def test_the_manifest_of_an_app_that_slack_calls_says_where() -> None:
    made: Json = manifest([PAIR], address="https://mentors.example.org", several=True)
    door = "https://mentors.example.org/slack/events"
    settings = made["settings"]
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == door
    assert [each["url"] for each in made["features"]["slash_commands"]] == [door]
    assert made["oauth_config"]["redirect_urls"] == [f"https://mentors.example.org{INSTALLED}"]
    assert (settings["socket_mode_enabled"], settings["token_rotation_enabled"]) == (False, True)


def test_the_app_may_do_no_more_than_it_must() -> None:
    made: Json = manifest([PAIR], rooms_activity=False)
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert made["features"]["slash_commands"] == [
        {
            "command": "/pair",
            "description": "Pair two people",
            "usage_hint": "@mentor @mentee [note]",
            "should_escape": True,
        }
    ]
    more: Json = manifest([PAIR], rooms_activity=True)
    assert "message.mpim" in more["settings"]["event_subscriptions"]["bot_events"]


@pytest.mark.parametrize("words", ["学" * 4000, '"' * 4000, "\n" * 1000 + "🎓" * 2000])
def test_a_modal_keeps_of_long_words_what_slack_lets_it_keep(words: str) -> None:
    view = asking(PAIR, {"note": words}, Origin("C1", response_url="https://hooks.slack.com/" + "x" * 100))
    assert view is not None
    check_modal(view)
    _, kept = Origin.read(view["private_metadata"])
    assert len(kept["note"]) > 900
