"""Asking how it goes: a few taps in private, at the pair's own rhythm, with a line if they like."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model import DAY, Happened, Pace, Side
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import act
from bot.vocabulary import MentorKind, Phase
from tests.society import MONDAY, Society, harborview, words
from tests.stores import open_sqlite

MENTEE, MENTOR = "Have you and Ben been in touch", "Have you heard from Ana"


async def in_touch(harbor: Society) -> tuple[Actor, Actor]:
    """A pair in touch from the first day, on the day before its first check-in."""
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    for wait in (timedelta(), 12 * DAY):
        await harbor.later(wait)
        await ana.speaks()
        await ben.speaks()
    return ana, ben


async def test_a_mentee_answers_in_three_taps(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert MENTEE in harbor.heard(ana)[-1]
    assert "Was it useful?" in words(await ana.presses("Yes"))
    assert "Anything to sort out?" in words(await ana.presses("Very"))
    assert "That's all" in words(await ana.presses("All good"))


async def test_a_mentor_answers_in_two(harbor: Society) -> None:
    _, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert MENTOR in harbor.heard(ben)[-1]
    assert "Room as agreed?" in words(await ben.presses("Yes"))
    assert "That's all" in words(await ben.presses("Same"))


async def test_a_mentor_who_has_heard_what_we_know_of_owes_no_new_answer(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ana.presses("Yes")
    await ben.presses("Yes")
    await harbor.later(6 * DAY)
    assert not [said for said in harbor.heard(ana) if "answered you" in said]


async def test_a_mentor_who_has_heard_what_nobody_told_us_is_the_mentees_word(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben, rhythm="bimonthly")
    await ana.speaks()
    await ben.speaks()
    await harbor.later(15 * DAY)
    await ben.presses("Yes")
    await ana.presses("Not lately")
    asked = harbor.clock.now()
    await harbor.later(62 * DAY)
    await ben.presses("Yes")
    (pair,) = await harbor.pairs(ana)
    async with harbor.store.records(harbor.id) as records:
        since = [(e.what, e.side) for e in await records.pairs.events(pair.id) if e.at > asked]
    assert (Happened.WROTE, Side.MENTEE) in since


async def test_what_does_not_apply_is_not_asked(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert "Anything to sort out?" in words(await ana.presses("Not lately"))
    assert "Are you having to chase?" in words(await ben.presses("Not lately"))


async def test_a_free_line_is_optional_and_private(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await ana.presses("Add a line")
    assert "for you alone" in words(await ana.fills(line="I passed orgo."))
    await harbor.later(30 * DAY)
    assert "orgo" not in "".join(harbor.heard(ben))


async def test_the_same_tap_twice_counts_once(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    yes, no = ana.button("Yes"), ana.button("Not lately")
    await ana.asks(Pressed(yes))
    assert "Was it useful?" in words(await ana.asks(Pressed(yes)))
    assert "Was it useful?" in words(await ana.asks(Pressed(no)))


async def test_nobody_answers_for_another(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert "Nothing was changed" in words(await ben.asks(Pressed(ana.button("Not lately"))))
    assert "Was it useful?" in words(await ana.presses("Yes"))


async def test_the_other_never_reads_an_answer(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    before = len(harbor.heard(ben))
    for tap in ("Yes", "Not really", "Topics"):
        await ana.presses(tap)
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == before


async def test_who_wants_an_officer_gets_one(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ana.presses("Not lately")
    assert "An officer will write to you" in words(await ana.presses("Talk to an officer"))
    assert "asked for a hand" in words(await olu.calls("queue"))


async def test_a_mentor_who_needs_a_pause_reaches_an_officer(harbor: Society) -> None:
    olu = await harbor.officer()
    _, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ben.presses("Yes")
    await ben.presses("I need a pause")
    assert "Ana Ruiz and Ben Okafor" in words(await olu.calls("queue"))


async def test_a_mentor_who_has_to_chase_is_relieved_and_the_mentee_is_asked(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ben.presses("Not lately")
    await ben.presses("Yes")
    assert "I'll ask them; there is nothing for you to do" in words(await ben.presses("Same"))
    quiet_since, before = harbor.clock.now(), len(harbor.heard(ben))
    await harbor.later(4 * DAY)
    assert any("Ben wrote on" in said and "[I need a hand]" in said for said in harbor.heard(ana, quiet_since))
    assert len(harbor.heard(ben)) == before


async def test_a_missed_check_in_counts_and_the_mentee_is_asked_after(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    asked = harbor.clock.now()
    await harbor.later(8 * DAY)
    assert any("It has been quiet with Ben" in said for said in harbor.heard(ana, asked))


async def test_an_answered_check_in_is_no_silence(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    asked = harbor.clock.now()
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await harbor.later(14 * DAY)
    assert not any("quiet with Ben" in said for said in harbor.heard(ana, asked))


async def test_a_mentor_is_asked_at_most_once_a_month(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben, rhythm="weekly")
    for _ in range(80):
        await ana.speaks()
        await ben.speaks()
        await harbor.later(DAY)
    said = zip(harbor.paper.seen_by(ben.address), harbor.heard(ben), strict=True)
    first, second, *more = [shown.at for shown, text in said if MENTOR in text]
    assert second - first >= 30 * DAY
    assert len(more) <= 1


async def test_a_tap_on_an_ended_pairs_question_says_so_kindly(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    tap = ana.button("Not lately")
    await ana.calls("my-pairs")
    await ana.presses("Not a fit")
    await ana.presses("End it")
    assert "Nothing was changed" in words(await ana.asks(Pressed(tap)))


# ── what comes next ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-44.a")
async def test_where_nothing_is_planned_the_check_in_asks_once_and_the_day_is_kept(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    for tap in ("Yes", "Very"):
        await ana.presses(tap)
    assert "When will you be in touch with Ben next?" in words(await ana.presses("All good"))
    assert "I'll remind you then, and not before" in words(await ana.presses("In a week"))
    assert "You mean to be in touch around" in words(await ana.calls("my-pairs"))
    assert "mean to be in touch" not in words(await ben.calls("my-pairs"))
    since, before = harbor.clock.now(), len(harbor.heard(ben))
    await harbor.later(6 * DAY)
    assert harbor.heard(ana, since) == []
    await harbor.later(2 * DAY)
    (said,) = harbor.heard(ana, since)
    assert "about time for a word to Ben" in said
    assert "[Write an update]" in said
    assert len(harbor.heard(ben)) == before


@pytest.mark.sr("SR-44.a")
async def test_who_waits_for_a_reply_or_named_a_day_is_not_asked_for_another(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    (pair,) = await harbor.pairs(ana)
    await ana.asks(Pressed(act("quiet.plan", pair.id, 14)))
    await harbor.later(3 * DAY)
    await ana.presses("Not lately")
    assert "When will you" not in words(await ana.presses("All good"))


async def test_the_word_that_ends_a_silence_is_followed_by_no_question(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    await harbor.later(12 * DAY)  # asked twice, and with an officer
    since = harbor.clock.now()
    await harbor.later(4 * DAY)
    for each in (ana, ben):
        await each.speaks()
    word = harbor.clock.now()
    await harbor.later(6 * DAY)
    for each in (ana, ben):
        assert harbor.heard(each, word) == []
    await harbor.later(2 * DAY)
    assert MENTEE in harbor.heard(ana, since)[-1]
    assert MENTOR in harbor.heard(ben, since)[-1]


# ── where on the road, and in the year ────────────────────────────────────────────────────────────────────────────


async def year_on(harbor: Society, phase: Phase, until: datetime) -> tuple[Actor, Actor]:
    """A pair that is in touch, on the eve of a check-in in a month of next year."""
    ana, ben = await harbor.mentee(phase=phase), await harbor.mentor(kind=MentorKind.ATTENDING)
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    while harbor.clock.now() < until:
        await go_on(harbor, ana, ben, times=1)
    return ana, ben


async def go_on(harbor: Society, ana: Actor, ben: Actor, times: int = 3) -> None:
    """They stay in touch, for ten days each time."""
    for _ in range(times):
        await ana.speaks()
        await ben.speaks()
        await harbor.later(10 * DAY)


def asked(harbor: Society, actor: Actor, since: datetime) -> list[str]:
    return [said for said in harbor.heard(actor, since) if MENTEE in said]


@pytest.mark.sr("SR-19.b", "SR-46.a")
@pytest.mark.parametrize("phase", [Phase.APPLYING, Phase.FRESHMAN])
async def test_in_july_an_applicant_thinks_of_essays_and_a_first_year_does_not(harbor: Society, phase: Phase) -> None:
    july = datetime(2027, 7, 1, 14, tzinfo=UTC)
    ana, ben = await year_on(harbor, phase, july)
    await go_on(harbor, ana, ben)
    (said,) = asked(harbor, ana, july)
    assert ("How many secondary essays are waiting" in said) == (phase is Phase.APPLYING)
    assert ("[Write about it]" in said) == (phase is Phase.APPLYING)
    assert not any("secondary" in said for said in harbor.heard(ben))


@pytest.mark.sr("SR-46.a")
async def test_who_asks_to_be_spared_reads_no_more_of_the_season(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        await records.people.save_mentee(person.id, phase=Phase.JUNIOR)
    await harbor.later(3 * DAY)
    assert "Which month would suit you for the MCAT" in harbor.heard(ana)[-1]
    assert "No more of those" in words(await ana.presses("Spare me these"))
    since = harbor.clock.now()
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await harbor.later(45 * DAY)
    assert asked(harbor, ana, since)
    assert not any("A thought for" in said for said in harbor.heard(ana, since))


@pytest.mark.sr("SR-46.a")
async def test_a_society_may_do_without_the_season(tmp_path: Path) -> None:
    async with (
        open_sqlite(tmp_path / "society.db") as store,
        harborview(store, Pace(seasonal=False)) as harbor,
    ):
        ana, ben = await harbor.mentee(phase=Phase.JUNIOR), await harbor.mentor(kind=MentorKind.ATTENDING)
        await harbor.paired(ana, ben)
        await ana.speaks()
        await ben.speaks()
        await harbor.later(16 * DAY)
        assert asked(harbor, ana, MONDAY)
        assert not any("A thought for" in said for said in harbor.heard(ana))


@pytest.mark.sr("SR-19.a")
async def test_a_new_term_asks_once_where_they_are_and_the_answer_is_their_profile(harbor: Society) -> None:
    january = datetime(2027, 1, 8, 14, tzinfo=UTC)
    ana, ben = await year_on(harbor, Phase.APPLYING, january)
    await go_on(harbor, ana, ben)
    assert not any("Where you are on the road" in said for said in harbor.heard(ana))  # no message of its own
    assert "you said “Applying this cycle”" in words(await ana.presses("Yes"))
    await ana.presses("I've moved on")
    assert "Anything to sort out?" in words(await ana.presses("Interviewing"))
    assert "That's all" in words(await ana.presses("All good"))
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        mentee = await records.people.mentee(person.id)
        (pair,) = await records.pairs.live_of(person.id)
        happened = [event.what for event in await records.pairs.events(pair.id)]
    assert mentee is not None
    assert mentee.profile.phase is Phase.INTERVIEWING
    assert happened.count(Happened.PHASE_CHANGED) == 1
    await go_on(harbor, ana, ben)
    assert "Was it useful?" in words(await ana.presses("Yes"))


async def test_a_phase_is_nobody_elses_to_say(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ana.presses("Yes")
    press = act("checkin.phase", 1)
    for actor, chosen in ((ben, "accepted"), (ana, "retired")):
        assert "Nothing was changed" in words(await actor.asks(Pressed(press, (chosen,))))
