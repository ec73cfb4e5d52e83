"""A project of two: written down, agreed to by both, told of at its rhythm, and said in time when it slips."""

import pytest

from bot.model import DAY, PairState, ProjectState
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form
from bot.vocabulary import Term
from tests.society import Society, words

ASKED = "How is “Chart review” going?"
WHAT = {
    "title": "Chart review",
    "scope": "A table of 200 charts, and a poster.",
    "part": "data",
    "hours": "4",
    "until": "2026-12-18",
}


async def written(who: Actor, **changes: str) -> str:
    """Someone fills in both screens; what they then see."""
    form = await who.calls("project")
    assert isinstance(form, Form)
    await who.fills(**WHAT | changes)
    assert isinstance(await who.presses("Go on"), Form)
    return words(await who.fills(updates=changes.get("updates", "weekly"), credit="co_author", all="6"))


async def begun(harbor: Society, mentor: str = "Ben Okafor", **changes: str) -> tuple[Actor, Actor]:
    """A mentee and a mentor with a project both have said yes to."""
    ana, ben = await harbor.mentee(), await harbor.mentor(mentor)
    await harbor.paired(ana, ben)
    await agreed(harbor, ana, ben, **changes)
    return ana, ben


async def agreed(harbor: Society, ana: Actor, ben: Actor, **changes: str) -> None:
    await written(ana, **changes)
    if "milestone" in changes:
        await ana.presses("Milestones")
        await ana.fills(m1=changes["milestone"])
    await ana.presses(f"Send to {ben.name.split()[0]}")
    await harbor.settle()
    await ben.presses("Yes, let's do it")
    await harbor.settle()


async def state(harbor: Society, ana: Actor) -> ProjectState:
    (pair,) = await harbor.pairs(ana)
    async with harbor.store.records(harbor.id) as records:
        (project,) = await records.projects.open_of(pair.id)
    return project.state


async def test_what_only_a_project_needs_is_asked_of_both_and_agreed_on_with_the_rest(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    await agreed(harbor, ana, ben)
    for actor in (ana, ben):
        await actor.calls("project")
        asked = await actor.presses("How we work together")
        assert isinstance(asked, Form)
        assert asked.title == "A project together"
        await actor.fills()
        assert isinstance(await actor.presses("Go on"), Form)
        await actor.fills()
    await harbor.later(DAY)
    assert "• Part in the project: Data" in harbor.heard(ana)[-1]
    for actor in (ben, ana):
        await actor.presses("Yes, let's do that")
    (pair,) = await harbor.pairs(ana)
    async with harbor.store.records(harbor.id) as records:
        in_force = await records.expectations.in_force(pair.id)
    assert in_force is not None
    assert {Term.ROLE, Term.SLIPPING, Term.CREDIT, Term.TERMS, Term.RHYTHM} <= in_force.terms.keys()


# ── both say yes ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-28.a")
async def test_a_project_begins_when_both_have_said_yes_to_hours_scope_and_finish(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    preview = await written(ana)
    assert "This is what Ben will read" in preview
    assert "A table of 200 charts, and a poster." in preview
    assert "4 hours a week, until Fri 18 Dec" in preview
    await ana.presses("Send to Ben")
    await harbor.settle()
    assert "Ana proposes a project" in harbor.heard(ben)[-1]
    await harbor.later(10 * DAY)
    assert await state(harbor, ana) is ProjectState.PROPOSED
    assert not any(ASKED in said for said in harbor.heard(ana))
    assert "has begun" in words(await ben.presses("Yes, let's do it"))
    await harbor.settle()
    assert "Ben said yes. “Chart review” has begun." in harbor.heard(ana)[-1]
    assert await state(harbor, ana) is ProjectState.ACTIVE


@pytest.mark.sr("SR-33.a")
async def test_all_that_makes_it_a_job_is_kept_and_shown_to_both(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Nov 20")
    for who in (ana, ben):
        shown = words(await who.calls("project"))
        for part in (
            "Chart review",
            "A table of 200 charts, and a poster.",
            "4 hours a week, until Fri 18 Dec",
            "Part: Data",
            "Co-author if the criteria are met",
            "Word: every week. If it slips: within 2 days",
            "First table: Fri 20 Nov",
        ):
            assert part in shown
        assert "“Chart review”: “First table” by Fri 20 Nov" in words(await who.calls("my-pairs"))


async def test_nobody_confirms_their_own_proposal_or_anothers_project(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await written(ana)
    draft = ana.button("Send to Ben")
    assert "Nothing was changed" in words(await ben.asks(Pressed(draft)))
    await ana.presses("Send to Ben")
    await harbor.settle()
    yes = ben.button("Yes, let's do it")
    cleo = await harbor.mentor("Cleo Tan")
    assert "Nothing was changed" in words(await cleo.asks(Pressed(yes)))
    assert "waits for Ben's yes" in words(await ana.asks(Pressed(yes)))
    assert await state(harbor, ana) is ProjectState.PROPOSED


async def test_a_change_by_one_side_is_only_a_proposal(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await ben.calls("project")
    await ben.presses("Change it")
    await ben.presses("How we work on it")
    await ben.fills(updates="twice_weekly")
    await ben.presses("Send to Ana")
    await harbor.later(6 * DAY)
    assert not any(ASKED in said for said in harbor.heard(ana))  # the weekly rhythm still holds
    assert "Ana proposes" not in words(await ana.calls("project"))
    assert "Ben proposes, and waits for your yes" in words(await ana.calls("project"))
    await ana.presses("Yes")
    await harbor.later(4 * DAY)
    assert any(ASKED in said for said in harbor.heard(ana))


async def test_an_earlier_version_can_no_longer_be_agreed_to(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await written(ana)
    await ana.presses("Send to Ben")
    await harbor.settle()
    first = ben.button("Yes, let's do it")
    await ana.calls("project")
    await ana.presses("Change it")
    await ana.presses("What, and by when")
    await ana.fills(hours="2")
    await ana.presses("Send to Ben")
    assert "2 hours a week" in words(await ben.asks(Pressed(first)))
    assert await state(harbor, ana) is ProjectState.PROPOSED


async def test_a_mentor_may_want_to_talk_first_or_say_not_now(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await written(ana)
    await ana.presses("Send to Ben")
    await harbor.settle()
    await ben.presses("Let's talk first")
    await harbor.settle()
    assert "Ben would like to talk about “Chart review” before saying yes" in harbor.heard(ana)[-1]
    await ben.presses("Not now")
    await harbor.settle()
    assert "would rather not begin “Chart review” now" in harbor.heard(ana)[-1]
    assert isinstance(await ana.calls("project"), Form)


async def test_a_mistyped_day_loses_nothing_that_was_written(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.calls("project")
    assert "but for the day" in words(await ana.fills(**WHAT | {"until": "soon"}))
    form = await ana.presses("Go on")
    assert isinstance(form, Form)
    assert {field.name: field.value for field in form.fields if hasattr(field, "value")}["title"] == "Chart review"
    assert "This is" not in words(await ana.fills(until="Dec 18"))


async def test_a_draft_is_its_writers_alone(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await written(ana)
    assert isinstance(await ben.calls("project"), Form)
    assert "This is what Ben will read" in words(await ana.calls("project"))


# ── hours ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-28.b")
async def test_who_has_six_hours_and_is_asked_for_four_and_four_is_warned_before_confirming(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    cleo = await harbor.mentor("Cleo Tan")
    await harbor.paired(ana, cleo)
    await cleo.calls("project")
    await cleo.fills(**WHAT | {"title": "Lab work"})
    await cleo.presses("Go on")
    await cleo.fills(credit="thanks")
    await cleo.presses("Send to Ana")
    await harbor.settle()
    warned = words(await ana.presses("Yes, let's do it"))
    assert "You said you can surely give 6 hours a week. With this one you would have promised 8 hours." in warned
    assert not any("said yes" in said for said in harbor.heard(cleo))
    assert not any("6 hours" in said for said in [*harbor.heard(cleo), *harbor.heard(ben)])
    assert "has begun" in words(await ana.presses("I can do it all the same"))


async def test_hours_in_all_are_asked_for_once(harbor: Society) -> None:
    ana, _ = await begun(harbor)
    await ana.calls("project")
    await ana.presses("Another project")
    await ana.fills(**WHAT | {"title": "A second one", "hours": "2"})
    form = await ana.presses("Go on")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["updates", "slipping", "credit"]
    await ana.fills()
    assert "Sent." in words(await ana.presses("Send to Ben"))


# ── word of it ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-29.a", "SR-30.a")
async def test_a_week_on_the_mentee_is_asked_and_the_mentor_reads_one_message(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await harbor.later(8 * DAY)
    assert [said for said in harbor.heard(ana) if ASKED in said]
    before = len(harbor.heard(ben))
    await ana.presses("Write them")
    await ana.fills(done="60 charts", next="The next 60", blocked="")
    await harbor.later(DAY)
    (told,) = harbor.heard(ben)[before:]
    assert "Ana on “Chart review”:" in told
    assert "Done: 60 charts" in told
    assert "Next: The next 60" in told
    assert "Blocked" not in told
    await ben.calls("project")
    assert "Done: 60 charts" in words(await ben.presses("Earlier updates"))


async def test_an_update_asks_nothing_of_the_mentor(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    for _ in range(3):
        await harbor.later(7 * DAY)
        await ana.calls("project")
        await ana.presses("Say how it goes")
        await ana.fills(done="More charts")
    await harbor.later(4 * DAY)
    assert not any("Is there still room" in said for said in harbor.heard(ben))
    assert not any("Has Ben answered" in said for said in harbor.heard(ana))


async def test_an_update_with_nothing_in_it_is_not_sent(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    before = len(harbor.heard(ben))
    await ana.calls("project")
    await ana.presses("Say how it goes")
    assert "There was nothing to hand on yet" in words(await ana.fills(done=" "))
    await harbor.settle()
    assert len(harbor.heard(ben)) == before


async def test_two_silences_bring_choices_and_then_peace(harbor: Society) -> None:
    ana, _ = await begun(harbor)
    await harbor.later(60 * DAY)
    asked = [said for said in harbor.heard(ana) if ASKED in said]
    offered = [said for said in harbor.heard(ana) if "I won't ask about “Chart review” again" in said]
    assert (len(asked), len(offered)) == (2, 1)
    assert "both are fine" in words(await ana.presses("Finish or leave"))


@pytest.mark.sr("SR-29.a")
async def test_nothing_is_asked_while_the_pair_rests_or_the_mentee_is_away(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Oct 20")
    await harbor.later(5 * DAY)
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    await ana.presses("4 weeks")
    since = harbor.clock.now()
    await harbor.later(20 * DAY)
    assert not any("Chart review" in said for who in (ana, ben) for said in harbor.heard(who, since))
    await ana.calls("my-pairs")
    await ana.presses("Go on now")
    await harbor.later(3 * DAY)
    assert any(ASKED in said for said in harbor.heard(ana, since))
    since = harbor.clock.now()
    await ana.calls("time-off", until="2026-12-10")
    await harbor.later(14 * DAY)
    assert not any("Chart review" in said for said in harbor.heard(ana, since))


# ── saying so in time ─────────────────────────────────────────────────────────────────────────────────────────────

PENALTY = ("late", "fail", "miss", "overdue", "warn", "should have", "broke")


@pytest.mark.sr("SR-31.a")
async def test_a_project_that_slips_gets_a_new_day_which_the_mentor_accepts_in_a_tap(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await harbor.later(8 * DAY)
    await ana.presses("I am slipping")
    await ana.fills(until="2027-01-15", words="Finals take more than I thought.")
    await harbor.settle()
    told = harbor.heard(ben)[-1]
    assert "Ana says in time: “Chart review” comes later, on Fri 15 Jan instead of Fri 18 Dec." in told
    assert "Finals take more than I thought." in told
    assert not any(word in told.lower().replace("later", "") for word in PENALTY)
    assert await state(harbor, ana) is ProjectState.AT_RISK
    assert "until Fri 15 Jan" in words(await ben.presses("Fine by me"))
    assert await state(harbor, ana) is ProjectState.ACTIVE
    await harbor.settle()
    assert "Ben said yes. “Chart review” now runs until Fri 15 Jan." in harbor.heard(ana)[-1]


@pytest.mark.sr("SR-31.a")
async def test_who_took_on_too_much_offers_a_smaller_piece(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await harbor.later(8 * DAY)
    await ana.presses("I took on too much")
    await ana.fills(scope="A table of 80 charts.", hours="2")
    await harbor.settle()
    told = harbor.heard(ben)[-1]
    assert "Ana says in time what fits of “Chart review”" in told
    assert "A table of 80 charts." in told
    assert "2 hours a week instead of 4." in told
    assert await state(harbor, ana) is ProjectState.AT_RISK
    await ben.presses("Fine by me")
    assert "A table of 80 charts." in words(await ana.calls("project"))


async def test_what_only_a_mentee_can_say_a_mentor_cannot(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await harbor.later(8 * DAY)
    for label in ("Write them", "I am slipping", "I took on too much"):
        assert "Nothing was changed" in words(await ben.asks(Pressed(ana.button(label))))


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-32.a")
async def test_a_milestone_is_the_mentees_first_and_the_mentor_sees_it_three_days_after(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Oct 20", updates="milestones")
    since = harbor.clock.now()
    about = "“First table” (Chart review)"
    await harbor.later(17 * DAY)
    heard = [said.split("\n")[0] for said in harbor.heard(ana, since) if about in said]
    assert heard == [
        f"{about} is for Tue 20 Oct.",
        f"{about} is for today.",
        f"{about} was for Tue 20 Oct. How does it stand?",
    ]
    assert not any(about in said for said in harbor.heard(ben, since))
    await harbor.later(3 * DAY)
    (shown,) = [said for said in harbor.heard(ben, since) if about in said]
    assert shown == f"{about} was for Tue 20 Oct, with no word yet. Ana has been asked; nothing for you to do."
    await harbor.later(20 * DAY)
    assert len([said for said in harbor.heard(ben, since) if about in said]) == 1


async def test_a_milestone_is_done_in_a_tap_and_the_mentor_is_spared(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Oct 20", updates="milestones")
    since = harbor.clock.now() + DAY
    await harbor.later(14 * DAY)
    done = ana.button("Done")
    assert "“First table”: done." in words(await ana.presses("Done"))
    assert "Nothing was changed" in words(await ana.asks(Pressed(done)))
    await harbor.later(20 * DAY)
    assert not any("First table" in said for said in harbor.heard(ben, since))


async def test_a_new_day_for_a_milestone_is_passed_on_and_held_afresh(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Oct 20", updates="milestones")
    await harbor.later(14 * DAY)
    await ana.presses("A new day")
    assert "I need a day to come" in words(await ana.fills(until="yesterday"))
    await ana.presses("Try again")
    await ana.fills(until="Nov 3")
    await harbor.settle()
    assert "“First table” (Chart review) comes later, on Tue 3 Nov instead of Tue 20 Oct." in harbor.heard(ben)[-1]
    since = harbor.clock.now()
    await harbor.later(9 * DAY)
    assert not any("First table" in said for said in harbor.heard(ana, since))
    await harbor.later(7 * DAY)
    assert any("“First table” (Chart review) is for today." in said for said in harbor.heard(ana, since))


# ── finishing, leaving, ending ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-33.a")
async def test_who_leaves_without_a_hand_over_is_asked_for_one_and_may_leave_all_the_same(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await ana.calls("project")
    await ana.presses("Finish or leave")
    await ana.presses("I am leaving it")
    assert "Two lines would help whoever goes on" in words(await ana.fills(words=""))
    assert await state(harbor, ana) is ProjectState.ACTIVE
    await ana.presses("Leave without")
    await harbor.settle()
    assert "Ana is leaving “Chart review”. Your mentoring goes on." in harbor.heard(ben)[-1]
    since = harbor.clock.now() + DAY
    await harbor.later(30 * DAY)
    assert not any("Chart review" in said for said in harbor.heard(ana, since))


@pytest.mark.sr("SR-33.a")
async def test_a_hand_over_reaches_the_mentor(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await ana.calls("project")
    await ana.presses("Finish or leave")
    await ana.presses("I am leaving it")
    await ana.fills(words="60 charts are done, the rest is in the shared folder.")
    await harbor.settle()
    assert "60 charts are done, the rest is in the shared folder." in harbor.heard(ben)[-1]


async def test_a_finished_project_carries_thanks(harbor: Society) -> None:
    ana, ben = await begun(harbor)
    await ana.calls("project")
    await ana.presses("Finish or leave")
    await ana.presses("It is finished")
    await ana.fills(words="Thank you for your patience with my tables.")
    await harbor.settle()
    assert "Ana says “Chart review” is finished." in harbor.heard(ben)[-1]
    assert "Thank you for your patience with my tables." in harbor.heard(ben)[-1]
    assert isinstance(await ana.calls("project"), Form)


async def test_a_project_ends_with_its_pair(harbor: Society) -> None:
    ana, ben = await begun(harbor, milestone="First table by Oct 20")
    (pair,) = await harbor.pairs(ana)
    await ana.calls("my-pairs")
    await ana.presses("Not a fit")
    await ana.presses("End it")
    await harbor.later(DAY)
    since = harbor.clock.now()
    await harbor.later(60 * DAY)
    assert not any("Chart review" in said for who in (ana, ben) for said in harbor.heard(who, since))
    async with harbor.store.records(harbor.id) as records:
        ended = await records.pairs.get(pair.id)
        assert ended is not None
        assert ended.state is PairState.ENDED
        assert await records.projects.open_of(pair.id) == []
