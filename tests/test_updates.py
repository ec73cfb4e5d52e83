"""Update notes: three lines to one or all of one's mentors, each alone, no more often than each likes to hear."""

from datetime import datetime

import pytest

from bot.model import DAY
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import ChoiceField, Form, act
from bot.vocabulary import Milestone, Phase
from tests.society import Society, words

LINES = {"done": "I finished organic chemistry.", "now": "I'm writing my statement.", "question": ""}


async def couple(harbor: Society, *mentors: str, phase: Phase = Phase.SOPHOMORE) -> list[Actor]:
    """Ana with her mentors, in touch with each since today."""
    ana, ben = await harbor.mentee(phase=phase), await harbor.mentor("Ben Okafor")
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    others = [await harbor.mentor(name) for name in mentors]
    for other in others:
        await harbor.paired(ana, other)
        await harbor.later(DAY)
    for each in (ben, *others):
        await each.speaks()
        await ana.speaks()
    return [ana, ben, *others]


async def writes(actor: Actor, **lines: str | tuple[str, ...]) -> str:
    """An update, and the answer to it."""
    assert isinstance(await actor.calls("update"), Form)
    return words(await actor.fills(**{**LINES, **lines}))


def news(harbor: Society, actor: Actor) -> list[str]:
    return [said for said in harbor.heard(actor) if "News from Ana" in said]


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-46.a")
async def test_each_mentor_gets_their_own_and_sees_no_other(harbor: Society) -> None:
    ana, ben, cai = await couple(harbor, "Cai Lund")
    old = await ended_with(harbor, ana, ben)  # and a past one who likes to hear
    dee = await harbor.mentor("Dee Park")
    await harbor.paired(ana, dee)
    await harbor.later(DAY)
    assert "On its way to" in await writes(ana)
    await harbor.later(DAY)
    for mentor in (old, cai, dee):
        (said,) = news(harbor, mentor)
        assert "I finished organic chemistry." in said
        others = [each.name.split()[0] for each in (old, cai, dee) if each is not mentor]
        assert not any(other in said for other in others)
    rooms = [shown.to for shown in harbor.paper.shown if "News from Ana" in words(shown.message)]
    assert len(set(rooms)) == 3


async def ended_with(harbor: Society, ana: Actor, ben: Actor) -> Actor:
    """Ana's pair with Ben is over, and Ben says that he still likes to hear from her."""
    await writes(ana, to=(str((await harbor.pairs(ana))[0].id),))
    await harbor.later(DAY)
    await ana.asks(Pressed(act("ending.end", (await harbor.pairs(ben))[0].id)))
    await harbor.later(DAY)
    await ben.presses("How often I hear news")
    await ben.presses("As often as they like")
    harbor.paper.shown.clear()
    return ben


async def test_a_past_mentor_hears_nothing_unless_they_said_so_since(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    (pair,) = await harbor.pairs(ana)
    await ben.calls("my-pairs")
    await ben.presses("How often I hear news")
    await ben.presses("As often as they like")
    await ana.asks(Pressed(act("ending.end", pair.id)))
    assert "No mentor yet" in words(await ana.calls("update"))


@pytest.mark.sr("SR-46.a")
async def test_a_mentor_who_opted_out_gets_none(harbor: Society) -> None:
    ana, ben, cai = await couple(harbor, "Cai Lund")
    await ben.calls("my-pairs")
    await ben.presses("How often I hear news")
    assert "Noted: none" in words(await ben.presses("None, please"))
    form = await ana.calls("update")
    assert isinstance(form, Form)
    assert [option.label for option in to(form).options] == ["Cai Lund"]
    ben_pair, _ = await harbor.pairs(ana)
    assert "someone to read them" in words(await ana.fills(**LINES, to=(str(ben_pair.id),)))
    await harbor.later(40 * DAY)
    assert news(harbor, ben) == []
    assert "takes no updates" in words(await ana.asks(Pressed(act("update.open", ben_pair.id))))
    assert news(harbor, cai) == []


def to(form: Form) -> ChoiceField:
    field = form.fields[-1]
    assert isinstance(field, ChoiceField)
    return field


async def test_from_ones_pairs_it_goes_to_that_one(harbor: Society) -> None:
    ana, ben, cai = await couple(harbor, "Cai Lund")
    first, _ = await harbor.pairs(ana)
    form = await ana.asks(Pressed(act("update.open", first.id)))
    assert isinstance(form, Form)
    assert to(form).values == (str(first.id),)
    await ana.fills(**LINES)
    await harbor.later(DAY)
    assert len(news(harbor, ben)) == 1
    assert news(harbor, cai) == []


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_line_may_be_empty_and_is_not_shown(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await writes(ana)
    await harbor.later(DAY)
    (said,) = news(harbor, ben)
    assert "Done" in said
    assert "One question" not in said


async def test_what_is_not_enough_yet_is_kept_to_go_on_with(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    assert "Your words are kept" in await writes(ana, now="")
    form = await ana.presses("Go on writing")
    assert isinstance(form, Form)
    assert LINES["done"] in str(form)
    assert "On its way to Ben" in words(await ana.fills(question="Would you read one page?"))
    await harbor.later(DAY)
    assert "Would you read one page?" in news(harbor, ben)[0]


@pytest.mark.sr("SR-45.a")
@pytest.mark.parametrize("phase", Phase)
async def test_an_empty_page_comes_with_ways_to_begin(harbor: Society, phase: Phase) -> None:
    ana, _ = await couple(harbor, phase=phase)
    form = await ana.calls("update")
    assert isinstance(form, Form)
    assert all("…" in field.hint for field in form.fields[:3])


# ── how often ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_one_in_the_same_month_waits_and_its_writer_is_told_kindly(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await writes(ana)
    await harbor.later(10 * DAY)
    assert "Ben has had news from you lately, so this one follows on" in await writes(ana, now="Second thoughts.")
    await writes(ana, now="Third thoughts.")
    await harbor.later(19 * DAY)
    assert len(news(harbor, ben)) == 1
    await harbor.later(2 * DAY)
    assert ["Third thoughts." in said for said in news(harbor, ben)] == [False, True]


async def test_a_mentor_who_wants_more_gets_more(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await ben.calls("my-pairs")
    await ben.presses("How often I hear news")
    await ben.presses("As often as they like")
    for _ in range(3):
        await writes(ana)
        await harbor.later(2 * DAY)
    assert len(news(harbor, ben)) == 3


async def test_one_that_waits_for_a_mentor_who_wants_none_by_then_stays_away(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await writes(ana)
    await harbor.later(DAY)
    await writes(ana)
    await ben.presses("How often I hear news")
    await ben.presses("None, please")
    await harbor.later(32 * DAY)
    assert len(news(harbor, ben)) == 1
    assert any("stays with you" in said for said in harbor.heard(ana))


async def test_how_often_a_mentor_hears_is_not_for_the_mentee_to_say(harbor: Society) -> None:
    ana, _ = await couple(harbor)
    (pair,) = await harbor.pairs(ana)
    for press in (act("news.often", pair.id), act("news.set", pair.id, "none")):
        assert "Nothing was changed" in words(await ana.asks(Pressed(press)))


# ── milestones ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-46.a")
@pytest.mark.parametrize("what", Milestone)
async def test_a_milestone_is_told_without_its_outcome(harbor: Society, what: Milestone) -> None:
    ana, ben = await couple(harbor)
    await ben.calls("my-pairs")
    await ben.presses("How often I hear news")
    await ben.presses("Only milestones")
    assert "likes to hear at milestones" in words(await ana.asks(Pressed(act("update.open", 1))))
    assert "how it went is yours to say" in words(await ana.calls("milestone"))
    form = await ana.presses(what.label)
    assert isinstance(form, Form)
    assert not any(word in str(form).lower() for word in ("score", "result", "accepted?", "deadline"))
    await ana.fills(done="It happened.", now="I'm resting.", question="")
    await harbor.later(DAY)
    assert f"News from Ana: {what.label.lower()}" in news(harbor, ben)[0]


@pytest.mark.sr("SR-19.a")
async def test_after_a_milestone_the_next_check_in_asks_where_they_are(harbor: Society) -> None:
    ana, _ = await couple(harbor)
    await ana.calls("milestone", what="application")
    await ana.fills(**LINES)
    await harbor.later(14 * DAY)
    assert "you said “Second year”" in words(await ana.presses("Yes"))


# ── that it is contact ────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_update_with_a_question_waits_for_an_answer_and_one_without_does_not(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.later(2 * DAY)
    await writes(ana)
    await harbor.settle()
    assert "usually answers" not in words(await ana.calls("my-pairs"))
    await ben.presses("How often I hear news")
    await ben.presses("As often as they like")
    await harbor.later(2 * DAY)
    await writes(ana, question="Would you read one page?")
    assert "You wrote today; Ben usually answers within 3 days." in words(await ana.calls("my-pairs"))


@pytest.mark.sr("SR-45.a")
@pytest.mark.parametrize("writes_first", [False, True])
async def test_a_mentee_is_invited_to_write_when_the_agreed_time_is_up_unless_they_have(
    harbor: Society, *, writes_first: bool
) -> None:
    ana, ben = await couple(harbor)
    await harbor.later(16 * DAY)
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await harbor.later(10 * DAY)
    await ana.speaks()
    await ben.speaks()
    since = harbor.clock.now()
    await harbor.later(20 * DAY)
    for tap in ("Not lately", "All good"):  # a check-in comes in between, and asks something else
        await ana.presses(tap)
    if writes_first:
        await ana.speaks()
        await ben.speaks()
    await harbor.later(9 * DAY)
    assert invited(harbor, ana, since) == []
    await harbor.later(2 * DAY)
    told = invited(harbor, ana, since)
    assert len(told) == (0 if writes_first else 1)
    assert all("I'm deciding between …" in said and "[Write an update]" in said for said in told)
    assert invited(harbor, ben, since) == []


def invited(harbor: Society, actor: Actor, since: datetime) -> list[str]:
    return [said for said in harbor.heard(actor, since) if "about time for a word" in said]


async def test_a_mentor_who_reads_no_updates_is_to_be_greeted_instead(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    (pair,) = await harbor.pairs(ana)
    await ben.asks(Pressed(act("news.set", pair.id, "none")))
    await ana.asks(Pressed(act("quiet.plan", pair.id, 3)))
    since = harbor.clock.now()
    await harbor.later(4 * DAY)
    (said,) = invited(harbor, ana, since)
    assert "A hello in your room is enough" in said
    assert "Write an update" not in said


async def test_a_milestone_is_reachable_from_ones_pairs(harbor: Society) -> None:
    ana, _ = await couple(harbor)
    await ana.calls("my-pairs")
    assert "how it went is yours to say" in words(await ana.presses("Tell of a step on the road"))
    assert isinstance(await ana.presses("An interview"), Form)


async def test_those_who_stay_in_touch_after_a_good_end_may_go_on_with_news(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await ana.calls("my-pairs")
    await ana.presses("Plan our last meeting")
    await harbor.later(DAY)
    await ana.presses("It took place: finish")
    await ana.fills(words="Thank you.")
    await harbor.later(2 * DAY)
    await ana.presses("Yes, gladly")
    assert "No mentor yet" in words(await ana.calls("update"))
    await ben.presses("Yes, gladly")
    assert "On its way to Ben" in await writes(ana)
    await harbor.later(2 * DAY)
    assert len(news(harbor, ben)) == 1
