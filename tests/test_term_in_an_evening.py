"""A board, a spreadsheet and an evening: from the sign-up form's files to a term that is under way, all in the chat."""

from __future__ import annotations

from collections import Counter

from bot.intake.rows import AnyRow, read
from bot.model import DAY, Proposed, Round
from bot.rehearsal import Actor, controls
from bot.ui import Form
from tests.society import NEW_YORK, Society, words
from tests.test_cohort import the_round
from tests.test_importing import harborviews, sends

SHEETS = {"officers.csv": 4, "mentors.csv": 40, "mentees.csv": 120}


async def takes_in(olu: Actor, name: str, people: int) -> None:
    counts = f"{people} new, 0 changed, 0 unchanged"
    assert f"Nothing is taken in yet. It would be: {counts}" in await sends(olu, harborviews(name))
    if isinstance(await olu.presses("Take in"), Form):
        await olu.fills(approve=("yes",))
    assert f"Done: {counts}" in words(olu.replies[-1])


def forms() -> list[AnyRow]:
    """One for each of those on the sheets."""
    rows = [row for name in SHEETS for row in read(name, harborviews(name).data, NEW_YORK).rows]
    return list({row.email: row for row in rows}.values())


async def comes_by(harbor: Society, olu: Actor, form: AnyRow) -> Actor:
    """Someone finds what they filled in: by their handle, or by their address and an officer's word."""
    someone = await harbor.visitor(form.person.name)
    someone.handle = form.handle
    said = words(await someone.calls("sign-up"))
    if form.handle:
        assert f"Is this you? {form.person.name} filled in our form" in said
        await someone.presses("Yes, that's me")
    else:
        await someone.presses("I filled it in")
        await someone.fills(email=form.email)
        await olu.calls("queue")
        await olu.presses("Yes, that's them")
    return someone


def label(olu: Actor, begins: str) -> str:
    """The button of the latest answer that begins so."""
    return next(label for label, *_ in controls(next(olu.sees())) if label.startswith(begins))


def of(found: Round, mentee: int) -> Proposed:
    return next(pair for pair in found.pairs if pair.mentee == mentee)


async def test_a_board_brings_its_society_from_the_forms_to_a_term_in_one_evening(harbor: Society) -> None:
    olu = await harbor.officer()
    for name, people in SHEETS.items():
        await takes_in(olu, name, people)

    # Every third one has come by when the board sits down.
    came = [await comes_by(harbor, olu, form) for form in forms()[::3]]
    here = {(await harbor.person(someone)).id: someone for someone in came}

    said = words(await olu.calls("match-cohort"))
    proposed = await the_round(harbor)
    assert f"{len(proposed.pairs)} pairs proposed" in said
    assert len(proposed.pairs) > 20
    alone = words(await olu.presses(label(olu, "Who gets nobody")))
    assert "No Dermatology mentor with a place left" in alone

    # One swap: the pair that fits least is looked at, and somebody else is tried.
    await olu.presses("Back to the pairs")
    await olu.presses(label(olu, "Look at"))
    await olu.presses(next(text for text, action, chosen in controls(next(olu.sees())) if chosen))
    assert "All in all:" in words(olu.replies[-1])
    await olu.presses(label(olu, "Yes, and lock"))
    swapped = await the_round(harbor)
    (theirs,) = [pair for pair in swapped.pairs if pair.locked]
    assert theirs.mentor != of(proposed, theirs.mentee).mentor

    # One lock; and what is locked stays when the rest is worked out anew.
    await olu.presses("Back")
    await olu.presses(next(text for text, *_ in controls(next(olu.sees())) if text.startswith("Look at")))
    await olu.presses("Lock")
    locked = {(pair.mentee, pair.mentor) for pair in (await the_round(harbor)).pairs if pair.locked}
    assert len(locked) == 2
    await olu.calls("match-cohort")
    await olu.presses("Propose again")
    published = await the_round(harbor)
    assert {(pair.mentee, pair.mentor) for pair in published.pairs if pair.locked} == locked

    # A night goes by, and nobody has heard a word.
    await harbor.later(DAY)
    heard = [said for someone in came for said in harbor.heard(someone)]
    assert [said for said in heard if "an officer found your form" not in said] == []
    await olu.presses(label(olu, "Publish"))
    assert f"Published: {len(published.pairs)} pairs." in words(await olu.presses(label(olu, "Yes, publish")))

    # Everyone concerned hears of each of their pairs once, and nobody else of any.
    await harbor.later(7 * DAY)
    concerned = Counter(person for pair in published.pairs for person in (pair.mentee, pair.mentor))
    for person, someone in here.items():
        told = [said for said in harbor.heard(someone) if "you are a pair" in said]
        assert len(told) == len(set(told)) == concerned[person]

    said = words(await olu.calls("board"))
    assert said.startswith(f"{len(published.pairs)} pairs: ")
    assert ".png: " in said
