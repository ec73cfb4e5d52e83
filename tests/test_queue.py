"""The officers' queue: everything that needs a human, most urgent first, and each thing resolved in one tap."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, QueueItem, QueueReason
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.rules.urgent import page_of, urgency
from tests.society import MONDAY, Society, words


async def waits(harbor: Society, reason: QueueReason, actor: Actor, at: datetime | None = None) -> None:
    person = await harbor.person(actor)
    async with harbor.store.records(harbor.id) as records:
        await records.queue.open(reason, at or harbor.clock.now(), person=person.id)


async def test_whoever_asked_for_a_human_comes_before_what_may_mend_itself(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    cai, dev = await harbor.mentee("Cai Noor"), await harbor.mentor("Dev Shah")
    await harbor.paired(ana, ben)
    await harbor.paired(cai, dev)
    await harbor.later(11 * DAY)
    await cai.presses("I need a hand")
    said = words(await olu.calls("queue"))
    assert "Cai Noor and Dev Shah: the mentee asked for a hand." in said
    assert said.index("asked for a hand") < said.index("Ana Ruiz and Ben Okafor: paired a while ago")


async def test_a_long_queue_is_paged_and_a_tap_leaves_one_where_one_was(harbor: Society) -> None:
    """Every pair has its waiting told: as much as a page can hold."""
    olu = await harbor.officer()
    for name in ("Ana", "Bea", "Cia", "Dot", "Eve", "Fay", "Gil", "Hal", "Ian"):
        mentee, mentor = await harbor.mentee(f"{name} Ruiz"), await harbor.mentor(f"{name} Okafor", capacity=1)
        await olu.calls("pair", mentor=mentor.address, mentee=mentee.address)
        await harbor.settle()
        (pair,) = await harbor.pairs(mentee)
        await mentee.speaks()
        async with harbor.store.records(harbor.id) as records:
            await records.queue.open(QueueReason.MENTOR_QUIET, harbor.clock.now(), pair=pair.id)
    await harbor.later(4 * DAY)
    said = words(await olu.calls("queue"))
    assert "9 things need a human. The most urgent comes first." in said
    assert said.count("The mentee wrote 4 days ago; within 3 days is usual.") == 4
    assert "5 to 8 of 9" in words(await olu.presses("More"))
    assert "9 to 9 of 9" in words(await olu.presses("More"))
    # The only thing of the last page is done: the page before is the last one now.
    assert "5 to 8 of 8" in words(await olu.presses("I've written to them"))
    assert "1 to 4 of 8" in words(await olu.presses("Earlier"))


async def test_words_are_ready_for_whom_they_are_meant_and_the_bot_sends_none(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.later(11 * DAY)
    await olu.calls("queue")
    heard = len(harbor.heard(ana))
    said = words(await olu.presses("Words to send"))
    assert "For Ana Ruiz, to copy and send as your own:" in said
    assert "> Hi Ana, Olu here from Harborview. You and Ben are a pair, and nobody has written yet." in said
    assert "Nothing needs you" in words(await olu.presses("I've sent it"))
    await harbor.settle()
    assert len(harbor.heard(ana)) == heard


async def test_a_not_yet_can_be_decided_again_and_a_question_decides_nothing(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor(approved=False)
    await waits(harbor, QueueReason.APPROVE, ben)
    await olu.calls("queue")
    said = words(await olu.presses("Words to send"))
    assert "Hi Ben, Olu here from Harborview. Thank you for offering to mentor!" in said
    assert "It stays in the queue until you decide." in said
    await olu.calls("queue")
    assert "Nothing needs you" in words(await olu.presses("Not yet"))
    assert "not been approved yet; see /queue" in words(await olu.calls("pair", mentor=ben.address, mentee=ana.address))
    await olu.calls("queue")
    assert "Nothing needs you" in words(await olu.presses("Approve"))
    await harbor.settle()
    assert any("you're in" in said for said in harbor.heard(ben))


async def test_who_is_without_a_mentor_gets_the_best_one_in_one_tap(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    await ana.calls("find-mentor")
    await ana.presses("Ask an officer to look")
    assert "No mentor with a place free can be paired with them now." in words(await olu.calls("queue"))
    ben = await harbor.mentor()
    said = words(await olu.calls("queue"))
    assert "Ben Okafor (Medical student, year 2 · Pediatrics) fits best of those with a place free: 100 of 100." in said
    pair = Pressed(olu.button("Pair with Ben"))
    assert "Nothing needs you" in words(await olu.asks(pair))
    assert len(await harbor.pairs(ben)) == 1
    assert "You have seen to it already" in words(await olu.asks(pair))
    await harbor.settle()
    assert any("you are a pair" in said for said in harbor.heard(ana))


async def test_a_mentor_who_has_filled_up_since_is_not_given_to_a_second(harbor: Society) -> None:
    olu, ana, bea = await harbor.officer(), await harbor.mentee(), await harbor.mentee("Bea Lund")
    ben = await harbor.mentor(capacity=1)
    await waits(harbor, QueueReason.REMATCH, ana)
    await olu.calls("queue")
    pair = Pressed(olu.button("Pair with Ben"))
    await olu.calls("pair", mentor=ben.address, mentee=bea.address)
    assert "can't be paired any more" in words(await olu.asks(pair))
    assert await harbor.pairs(ana) == []
    assert "looks for someone new" in words(await olu.calls("queue"))


reasons, days = st.sampled_from(list(QueueReason)), st.integers(0, 60)


@given(st.lists(st.tuples(reasons, days), max_size=30), st.tuples(reasons, days))
def test_every_reason_has_its_place_and_the_page_after_a_tap_exists(
    waiting: list[tuple[QueueReason, int]], seen_to: tuple[QueueReason, int]
) -> None:
    items = [QueueItem(n, reason, MONDAY + day * DAY) for n, (reason, day) in enumerate(waiting)]
    begins = page_of(items, 4, QueueItem(99, seen_to[0], MONDAY + seen_to[1] * DAY))
    assert begins % 4 == 0
    assert begins < max(1, len(items))
    assert [urgency(each) for each in sorted(items, key=urgency)] == sorted(map(urgency, items))


async def test_for_a_mentee_under_age_an_officer_is_told_that_it_is_theirs_to_decide(harbor: Society) -> None:
    olu, ana, _ = await harbor.officer(), await harbor.mentee(adult=False), await harbor.mentor()
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        await records.queue.open(QueueReason.NEEDS_MENTOR, harbor.clock.now(), person=person.id)
    assert "They are under 18, so officers decide who suits them: /pair" in words(await olu.calls("queue"))
