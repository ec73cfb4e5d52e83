"""The society's year: shown with what the bot does on each date, changed by officers, and kept to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model import DAY, Break, Urgency
from bot.ports import Pressed, Sent
from bot.ui import Form, act, message
from bot.vocabulary import Rest
from tests.society import Society, words

NINE = datetime(2026, 10, 12, 13, tzinfo=UTC)
"""A Monday, 9:00 in New York, a week after the society begins."""


async def test_each_date_is_shown_with_what_happens_on_it_and_can_be_set_changed_and_removed(harbor: Society) -> None:
    olu = await harbor.officer()
    said = words(await olu.calls("calendar"))
    assert said.count("Not set.") == 3
    assert "15 April, every year." in said
    assert "On these days I nudge nobody and ask nobody how it goes, and no clock runs." in said
    for label, typed, read in (
        ("calendar.change:recruitment", {"first": "Oct 12", "last": "10/30"}, "Mon 12 Oct to Fri 30 Oct 2026."),
        ("calendar.change:kickoff", {"first": "November 6"}, "Fri 6 Nov 2026."),
        ("calendar.change:term", {"first": "Aug 31", "last": "2026-12-18"}, "Mon 31 Aug to Fri 18 Dec 2026."),
        ("calendar.change:term", {"first": "8/24/2026"}, "Mon 24 Aug to Fri 18 Dec 2026."),
        ("calendar.change:kickoff", {"first": ""}, "Not set."),
    ):
        name, _, what = label.partition(":")
        assert isinstance(await olu.asks(Pressed(act(name, what))), Form)
        assert read in words(await olu.fills(**typed))
    async with harbor.store.records(harbor.id) as records:
        society = records.society
    assert (society.recruitment, society.kickoff) == (Break(date(2026, 10, 12), date(2026, 10, 30)), None)
    assert society.term == Break(date(2026, 8, 24), date(2026, 12, 18))
    assert words(await olu.calls("audit")).count("changed the calendar") == 5


async def test_quiet_days_are_added_changed_and_removed_and_no_silence_counts_in_them(harbor: Society) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    await harbor.paired(ana, ben)
    await harbor.later(2 * DAY)
    await olu.calls("calendar")
    await olu.presses("Add some")
    said = words(await olu.fills(what="midterms", first="Oct 7", last="Oct 20"))
    assert "Midterms: Wed 7 Oct to Tue 20 Oct 2026" in said
    assert isinstance(await olu.presses("Midterms: Wed 7 Oct to Tue 20 Oct 2026"), Form)
    assert "Finals: Wed 7 Oct to Sun 1 Nov 2026" in words(await olu.fills(what="finals", last="Nov 1"))
    before = harbor.heard(ana)
    await harbor.later(20 * DAY)
    assert harbor.heard(ana) == before
    await olu.presses("Finals: Wed 7 Oct to Sun 1 Nov 2026")
    assert "None ahead." in words(await olu.fills(first="", last=""))
    await harbor.later(DAY)
    assert "waiting for your first hello" in harbor.heard(ana)[-1]


async def test_what_was_to_be_asked_in_the_night_before_a_break_is_asked_after_it(harbor: Society) -> None:
    ana, olu = await harbor.mentee(), await harbor.officer()
    person = await harbor.person(ana)
    await olu.asks(Sent(act("calendar.keep-rest", "new"), {"first": ("Oct 6",), "last": ("Oct 25",)}))
    await harbor.later(timedelta(hours=12))  # 22:00 in New York
    async with harbor.store.records(harbor.id) as records:
        for urgency in (Urgency.PROMPT, Urgency.NUDGE, Urgency.NEWS):
            await records.post.say(message(urgency.value), urgency, harbor.clock.now(), to=person.id)
    await harbor.later(19 * DAY)
    assert harbor.heard(ana) == ["news"]
    await harbor.later(2 * DAY)
    assert harbor.heard(ana) == ["news", "prompt\n—\nnudge"]


async def test_a_request_to_a_mentor_rests_in_a_break_and_neither_reminds_nor_lapses(harbor: Society) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    await olu.asks(Sent(act("calendar.keep-rest", "new"), {"first": ("Oct 6",), "last": ("Oct 25",)}))
    await harbor.asked(ana, ben)
    assert len(harbor.heard(ben)) == 1
    await harbor.later(20 * DAY)  # 26 October: of three days to the reminder hardly one has passed
    assert (len(harbor.heard(ben)), harbor.heard(ana)) == (1, [])
    await harbor.later(3 * DAY)
    assert len(harbor.heard(ben)) == 2
    await harbor.later(4 * DAY)
    assert len(harbor.heard(ana)) == 1


async def test_a_break_of_a_mistyped_year_holds_nothing_back_once_it_is_removed(harbor: Society) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    person = await harbor.person(ana)
    await olu.asks(Sent(act("calendar.keep-rest", "new"), {"first": ("Oct 5",), "last": ("2027-10-04",)}))
    await harbor.asked(ana, ben)
    async with harbor.store.records(harbor.id) as records:
        await records.post.say(message("Well?"), Urgency.PROMPT, harbor.clock.now(), to=person.id)
    await harbor.later(2 * DAY)
    await olu.asks(Sent(act("calendar.keep-rest", "2026-10-05"), {"first": ("",), "last": ("",)}))
    await harbor.later(DAY)
    assert harbor.heard(ana) == ["Well?"]
    await harbor.later(4 * DAY)
    assert (len(harbor.heard(ben)), len(harbor.heard(ana))) == (2, 2)  # reminded, and lapsed


async def test_officers_hear_of_each_date_on_its_morning_and_nobody_else_does(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    for what, first, last in (
        ("recruitment", "Oct 6", "Oct 11"), ("kickoff", "Oct 19", ""), ("term", "Aug 31", "Oct 18"),
    ):  # fmt: skip
        await olu.asks(Sent(act("calendar.keep", what), {"first": (first,), "last": (last,)}))
    await harbor.later(15 * DAY)
    told = [(shown.at, words(shown.message)) for shown in harbor.paper.seen_by(olu.address)]
    assert [at for at, _ in told] == [NINE - 6 * DAY, NINE, NINE + 7 * DAY]
    assert told[0][1].startswith("Recruitment begins today, until Sun 11 Oct 2026. What newcomers type: /sign-up.")
    assert told[1][1] == (
        "Recruitment is over: 1 mentee without a mentor, 2 free places. Pairs for all: /match-cohort\n"
        "Kickoff: Mon 19 Oct 2026. Until then: 1 mentee without a mentor, 2 free places. Pairs for all: /match-cohort"
    )
    assert "Kickoff is today: 0 pairs; 1 mentee without a mentor" in told[2][1]
    assert "The term is over. Its report: /report." in told[2][1]
    assert harbor.heard(ana) == harbor.heard(ben) == []


async def test_a_usual_year_is_taken_with_one_tap_and_leaves_what_is_set(harbor: Society) -> None:
    olu = await harbor.officer()
    await olu.asks(Sent(act("calendar.keep", "kickoff"), {"first": ("Oct 20",)}))
    said = words(await olu.presses("Take a usual year for the rest"))
    assert "Not set." not in said
    assert "Tue 20 Oct 2026." in said
    assert "Thu 20 Aug to Fri 18 Dec 2026." in said
    assert "Finals: Mon 7 Dec to Fri 18 Dec 2026" in said
    assert "[Take a usual year" not in said
    async with harbor.store.records(harbor.id) as records:
        assert Rest.FINALS in {each.what for each in records.society.breaks}


@pytest.mark.parametrize(
    ("first", "last"), [("soon", "later"), ("2026-12-18", "2026-08-31"), ("2026-08-31", "2028-01-01"), ("", "in May")]
)
async def test_days_that_are_none_change_nothing(harbor: Society, first: str, last: str) -> None:
    olu = await harbor.officer()
    for form in (act("calendar.keep", "term"), act("calendar.keep-rest", "new")):
        said = words(await olu.asks(Sent(form, {"first": (first,), "last": (last,)})))
        assert "Nothing was changed." in said
    async with harbor.store.records(harbor.id) as records:
        assert (records.society.term, records.society.breaks) == (None, ())


async def test_members_see_and_change_nothing_of_it(harbor: Society) -> None:
    ana = await harbor.mentee()
    assert "for the society's officers" in words(await ana.calls("calendar"))
    for press in ("calendar.open", "calendar.add", "calendar.usual", "calendar.rest", "season.lines", "season.show"):
        assert "for the society's officers" in words(await ana.asks(Pressed(act(press))))
    for form in (act("calendar.keep", "term"), act("calendar.keep-rest", "new"), act("season.keep", "plan")):
        assert "for the society's officers" in words(await ana.asks(Sent(form, {})))


async def test_a_line_for_a_month_is_changed_left_out_and_as_it_came_again(harbor: Society) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    await olu.calls("calendar")
    await olu.presses("See the lines")
    said = words(await olu.asks(Pressed(act("season.show"), ("new-term",))))
    assert said.startswith("September · everyone\n> A new term")
    await olu.presses("Change it")
    said = words(await olu.fills(month="10", words="Which club *meets* this week?", usually="Clubs usually meet now."))
    assert "October · everyone\n> Which club *meets* this week?" in said
    assert "Clubs usually meet now. (as of Oct 2026)" in said
    await harbor.paired(ana, ben)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(16 * DAY)
    (season,) = [said for said in harbor.heard(ana) if "A thought for this month" in said]
    assert "Which club *meets* this week? Clubs usually meet now. (as of Oct 2026)" in season
    assert "Never said." in words(await olu.presses("Never say it"))
    assert "September · everyone\n> A new term" in words(await olu.presses("As it came"))
    async with harbor.store.records(harbor.id) as records:
        assert await records.seasons.lines() == []
