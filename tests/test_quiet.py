"""When a pair goes quiet: the mentee first and kindly, a mentor once and late, then an officer; and how to rest."""

from datetime import timedelta

import pytest

from bot.model import DAY, PairState
from bot.ports import Gone, Left, Pressed
from bot.rehearsal import Actor
from tests.society import Society, words

CHOICES = ("I wrote", "I need a hand", "Less often", "Pause", "Not a fit")
ROOM = "Is there still room for it?"
ANSWERED = "Has Ben answered you?"


async def couple(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    return ana, ben


async def mentee_quiet(harbor: Society) -> tuple[Actor, Actor]:
    """They wrote to each other; then Ana leaves her check-in unanswered and is nudged."""
    ana, ben = await couple(harbor)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(22 * DAY)
    assert "It has been quiet with Ben" in harbor.heard(ana)[-1]
    return ana, ben


async def mentor_quiet(harbor: Society) -> tuple[Actor, Actor]:
    """Ana wrote and has been asked whether Ben answered."""
    ana, ben = await couple(harbor)
    await ana.speaks()
    await harbor.later(4 * DAY)
    assert ANSWERED in harbor.heard(ana)[-1]
    return ana, ben


def nudged(harbor: Society, actor: Actor) -> int:
    return sum("[Less often]" in said for said in harbor.heard(actor))


# ── the mentee is quiet ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_quiet_mentee_is_asked_again_and_then_an_officer_sees_it(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await mentee_quiet(harbor)
    await harbor.later(5 * DAY)
    assert "Still quiet with Ben. Whatever the reason" in harbor.heard(ana)[-1]
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await harbor.later(5 * DAY)
    assert "has gone quiet and was asked twice" in words(await olu.calls("queue"))
    await harbor.later(30 * DAY)
    assert nudged(harbor, ana) == 2


async def test_a_mentor_hears_nothing_of_the_mentees_silence(harbor: Society) -> None:
    _, ben = await mentee_quiet(harbor)
    before = len(harbor.heard(ben))
    await harbor.later(9 * DAY)
    assert len(harbor.heard(ben)) == before


@pytest.mark.parametrize("choice", CHOICES)
async def test_every_nudge_offers_each_way_out(harbor: Society, choice: str) -> None:
    ana, _ = await mentee_quiet(harbor)
    assert f"[{choice}]" in harbor.heard(ana)[-1]
    assert "had its day" not in words(await ana.presses(choice))


async def test_i_wrote_ends_the_silence(harbor: Society) -> None:
    ana, _ = await mentee_quiet(harbor)
    assert "leave you two to it" in words(await ana.presses("I wrote"))
    await harbor.later(6 * DAY)
    assert nudged(harbor, ana) == 1


async def test_a_word_in_the_room_ends_the_silence_by_itself(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(10 * DAY)
    assert nudged(harbor, ana) == 1


async def test_i_need_a_hand_reaches_an_officer_and_stops_the_asking(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await mentee_quiet(harbor)
    assert "Asking was the right thing" in words(await ana.presses("I need a hand"))
    assert "asked for a hand" in words(await olu.calls("queue"))
    await harbor.later(20 * DAY)
    assert nudged(harbor, ana) == 1


async def test_a_call_for_a_hand_outlives_a_word_in_the_room(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await mentee_quiet(harbor)
    await ana.presses("I need a hand")
    for someone in (ana, ben):
        await someone.speaks()
    assert "asked for a hand" in words(await olu.calls("queue"))


@pytest.mark.sr("SR-5.a", "SR-26.b")
async def test_a_mentor_who_has_to_chase_is_spared_the_third_try(harbor: Society) -> None:
    """Two unanswered words are one nudge to the mentee and nothing to the mentor; the third reaches an officer."""
    olu = await harbor.officer()
    ana, ben = await couple(harbor)
    for someone in (ana, ben):
        await someone.speaks()
    before = harbor.clock.now() + DAY
    for _ in range(2):
        await harbor.later(2 * DAY)
        await ben.speaks()
    await harbor.later(DAY)
    assert nudged(harbor, ana) == 1
    assert harbor.heard(ben, before) == []
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await harbor.later(DAY)
    await ben.speaks()
    await harbor.settle()
    assert words(await olu.calls("queue")).count("the mentee was asked, and is quiet") == 1
    await harbor.later(10 * DAY)
    assert nudged(harbor, ana) == 1
    await ana.speaks()
    assert "Nothing needs you" in words(await olu.calls("queue"))


async def test_less_often_is_told_in_the_room(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    assert "From now on: every 2 months" in words(await ana.presses("Less often"))
    await harbor.later(DAY)
    assert "From now on: every 2 months" in harbor.heard(ben)[-1]


async def test_less_often_is_an_answer_and_ends_the_asking(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await mentee_quiet(harbor)
    await ana.presses("Less often")
    await harbor.later(10 * DAY)
    assert nudged(harbor, ana) == 1
    assert "Nothing needs you" in words(await olu.calls("queue"))


async def test_a_pause_is_four_weeks_of_peace_and_then_a_gentle_word(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    await ana.presses("Pause")
    assert "Resting until Wed 25 Nov" in words(await ana.presses("4 weeks"))
    await harbor.later(2 * DAY)
    assert "This pair rests until" in harbor.heard(ben)[-1]
    heard = [len(harbor.heard(each)) for each in (ana, ben)]
    await harbor.later(25 * DAY)
    assert [len(harbor.heard(each)) for each in (ana, ben)] == heard
    await harbor.later(3 * DAY)
    assert "Your rest is over" in harbor.heard(ana)[-1]
    assert len(harbor.heard(ben)) == heard[1]


async def test_a_resting_pair_goes_on_when_one_of_them_says_so(harbor: Society) -> None:
    ana, _ = await mentee_quiet(harbor)
    await ana.presses("Pause")
    await ana.presses("4 weeks")
    assert "(resting)" in words(await ana.calls("my-pairs"))
    assert "Good to have you back" in words(await ana.presses("Go on now"))
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.ACTIVE


async def test_not_a_fit_asks_once_more_and_ends_it_without_blame(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    assert "No reason needed" in words(await ana.presses("Not a fit"))
    assert len(await harbor.pairs(ana)) == 1
    assert "Done, without a fuss" in words(await ana.presses("End it"))
    await harbor.later(DAY)
    assert "nobody's fault" in harbor.heard(ben)[-1]
    assert await harbor.pairs(ben) == []


async def test_after_the_end_nobody_is_asked_anything(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    await ana.presses("Not a fit")
    await ana.presses("End it")
    await harbor.later(DAY)
    heard = [len(harbor.heard(each)) for each in (ana, ben)]
    await harbor.later(100 * DAY)
    assert [len(harbor.heard(each)) for each in (ana, ben)] == heard


@pytest.mark.sr("SR-5.b")
async def test_later_is_an_honest_answer_and_the_mentor_reads_when(harbor: Society) -> None:
    ana, ben = await mentee_quiet(harbor)
    for _ in range(2):
        assert "I'll remind you then, and not before" in words(await ana.presses("In a week"))
    await harbor.later(DAY)
    assert sum("Ana will be in touch around" in said for said in harbor.heard(ben)) == 1
    await harbor.later(8 * DAY)
    assert nudged(harbor, ana) == 1
    await harbor.later(2 * DAY)
    assert nudged(harbor, ana) == 2


@pytest.mark.sr("SR-5.b")
@pytest.mark.parametrize(
    "taps", [("In a week",), ("Less often",), ("Pause", "4 weeks"), ("Not a fit", "End it")], ids=lambda taps: taps[0]
)
async def test_whichever_way_out_the_mentor_reads_it_in_neutral_words(harbor: Society, taps: tuple[str, ...]) -> None:
    ana, ben = await mentee_quiet(harbor)
    before = harbor.clock.now()
    for tap in taps:
        await ana.presses(tap)
    await harbor.later(2 * DAY)
    (said,) = harbor.heard(ben, before)
    assert not any(word in said.lower() for word in ("quiet", "silent", "answer", "late", "asked", "busy"))


# ── who waits for whom ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-4.a")
async def test_each_reads_who_waits_from_their_own_side(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await ana.speaks()
    await harbor.later(2 * DAY)
    assert "You wrote 2 days ago; Ben usually answers within 3 days." in words(await ana.calls("my-pairs"))
    assert "Ana wrote 2 days ago; you answer within 3 days." in words(await ben.calls("my-pairs"))
    await ben.speaks()
    for each in (ana, ben):
        assert "wrote" not in words(await each.calls("my-pairs")).split("[", maxsplit=1)[0]


@pytest.mark.sr("SR-4.a")
async def test_officers_see_how_long_someone_waits_only_past_the_line(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await mentor_quiet(harbor)
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await ana.presses("Not yet")
    await harbor.later(7 * DAY)
    assert "The mentee wrote 11 days ago; within 3 days was agreed." in words(await olu.calls("queue"))


@pytest.mark.parametrize("who", ["mentee", "mentor"])
async def test_contact_made_elsewhere_counts_with_one_tap(harbor: Society, who: str) -> None:
    ana, ben = await couple(harbor)
    await ana.speaks()
    actor = ana if who == "mentee" else ben
    await actor.calls("my-pairs")
    assert "counts for both" in words(await actor.presses("We met"))
    await harbor.later(10 * DAY)
    assert not any(ANSWERED in said for said in harbor.heard(ana))
    assert nudged(harbor, ana) == 0


@pytest.mark.sr("SR-24.b")
async def test_a_mentee_sees_how_promptly_they_answer_and_nobody_else_does(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await couple(harbor)
    for wait in (1, 2, 5):
        await ben.speaks()
        await harbor.later(wait * DAY)
        await ana.speaks()
        await harbor.later(2 * DAY)
    assert "For your eyes only: you answered 2 of 3 times within 3 days." in words(await ana.calls("my-pairs"))
    for other, command in ((ben, "my-pairs"), (ben, "home"), (olu, "queue"), (olu, "home")):
        assert "of 3 times" not in words(await other.calls(command))


# ── the mentor is quiet ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_silent_mentor_is_asked_only_after_the_mentees_not_yet(harbor: Society) -> None:
    ana, ben = await mentor_quiet(harbor)
    assert not any(ROOM in said for said in harbor.heard(ben))
    assert "You did your part" in words(await ana.presses("Not yet"))
    await harbor.later(DAY)
    assert ROOM in harbor.heard(ben)[-1]
    assert "You wrote, and that was right" in harbor.heard(ana)[-1]


async def test_without_an_answer_from_them_either_an_officer_sees_it(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await mentor_quiet(harbor)
    await ana.presses("Not yet")
    await harbor.later(4 * DAY)
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await harbor.later(3 * DAY)
    assert "has not answered us either" in words(await olu.calls("queue"))
    await harbor.later(20 * DAY)
    assert sum(ROOM in said for said in harbor.heard(ben)) == 1


async def test_yes_it_was_answered_ends_it_and_the_mentor_never_knows(harbor: Society) -> None:
    ana, ben = await mentor_quiet(harbor)
    before = len(harbor.heard(ben))
    assert "Good to hear" in words(await ana.presses("Yes"))
    await harbor.later(5 * DAY)
    assert len(harbor.heard(ben)) == before


async def test_what_was_answered_overnight_is_not_asked_about_in_the_morning(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.later(timedelta(hours=12))
    await ana.speaks()  # at ten in the evening, so that three days later the question waits for the morning
    await harbor.later(3 * DAY + timedelta(minutes=30))
    await ben.speaks()
    await harbor.later(DAY)
    assert not any(ANSWERED in said for said in harbor.heard(ana))


async def test_a_mentor_who_stays_keeps_the_officers_out_of_it(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await mentor_quiet(harbor)
    await ana.presses("Not yet")
    await harbor.later(DAY)
    assert "glad of two lines" in words(await ben.presses("Yes, I'll write"))
    await ben.speaks()
    await harbor.later(6 * DAY)
    assert "Nothing needs you" in words(await olu.calls("queue"))


async def test_a_mentor_who_promised_and_stayed_silent_is_not_asked_twice(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await mentor_quiet(harbor)
    await ana.presses("Not yet")
    await harbor.later(DAY)
    await ben.presses("Yes, I'll write")
    await harbor.later(8 * DAY)
    assert sum(ANSWERED in said for said in harbor.heard(ana)) == 2
    await ana.presses("Not yet")
    await harbor.later(DAY)
    assert "has not answered us either" in words(await olu.calls("queue"))
    assert sum(ROOM in said for said in harbor.heard(ben)) == 1


async def test_a_mentor_without_room_is_thanked_and_an_officer_looks(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await mentor_quiet(harbor)
    await ana.presses("Not yet")
    await harbor.later(DAY)
    assert "you need do nothing" in words(await ben.presses("No room now"))
    assert "the mentor has no room now" in words(await olu.calls("queue"))


async def test_a_mentors_answer_is_not_for_the_mentee_to_press(harbor: Society) -> None:
    ana, ben = await mentor_quiet(harbor)
    await ana.presses("Not yet")
    await harbor.later(DAY)
    for answer in ("Yes, I'll write", "No room now"):
        assert "Nothing was changed" in words(await ana.asks(Pressed(ben.button(answer))))


async def test_a_thank_you_waits_for_nobody(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    for someone in (ana, ben, ana):
        await someone.speaks()
    await harbor.later(10 * DAY)
    assert not any(ANSWERED in said for said in harbor.heard(ana))


# ── being away ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["mentee", "mentor"])
async def test_while_either_is_away_their_pair_rests(harbor: Society, who: str) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await (ana if who == "mentee" else ben).calls("time-off", until="2026-11-05")
    heard = [len(harbor.heard(each)) for each in (ana, ben)]
    await harbor.later(30 * DAY)
    assert [len(harbor.heard(each)) for each in (ana, ben)] == heard


async def test_who_looks_at_their_pair_reads_that_the_other_is_away(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await ana.speaks()
    await ben.calls("time-off", until="2026-10-20")
    assert "Ben is away until Tue 20 Oct. Nothing is due meanwhile." in words(await ana.calls("my-pairs"))


async def test_the_time_away_does_not_count_as_silence(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.later(DAY)
    await ana.calls("time-off", until="2026-11-05")
    await harbor.later(30 * DAY)
    assert nudged(harbor, ana) == 0
    await harbor.later(3 * DAY)
    assert nudged(harbor, ana) == 1


# ── any time ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_ones_pairs_are_listed_with_what_can_be_done(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    assert "Ben Okafor, your mentor" in words(await ana.calls("my-pairs"))
    assert "Ana Ruiz, your mentee" in words(await ben.calls("my-pairs"))
    assert "No pair yet" in words(await (await harbor.mentee("Bea")).calls("my-pairs"))


async def test_a_strangers_pair_cannot_be_ended(harbor: Society) -> None:
    ana, _ = await couple(harbor)
    cai = await harbor.mentor("Cai")
    await ana.calls("my-pairs")
    await ana.presses("Not a fit")
    assert "Nothing was changed" in words(await cai.asks(Pressed(ana.button("End it"))))
    assert len(await harbor.pairs(ana)) == 1


# ── what the platform tells ───────────────────────────────────────────────────────────────────────────────────────


async def test_an_officer_hears_of_a_pair_one_of_whom_has_left(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await couple(harbor)
    for _ in range(2):
        await ben.asks(Left())
    assert words(await olu.calls("queue")).count("one of the two is no longer here") == 1
    assert len(await harbor.pairs(ana)) == 1


async def test_a_room_that_was_deleted_is_opened_anew_when_something_is_to_be_said(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    (room,) = harbor.paper.rooms
    await ana.asks(Gone(room))
    (pair,) = await harbor.pairs(ana)
    assert pair.room is None
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    await ana.presses("4 weeks")
    await harbor.later(DAY)
    assert "This pair rests until" in harbor.heard(ben)[-1]
