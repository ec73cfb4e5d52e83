"""Two officers do the same in the same moment: it is done once, and the second hears so kindly.

What they do is every command, press and form that takes an officer, with all the numbers that an officer is shown.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app import App
from bot.model import DAY, Need, Role
from bot.ports import Called, Pressed, Request
from bot.rehearsal import Actor
from bot.society import FEATURES
from bot.ui import Form, Reply
from storage.store import SqlStore
from tests import stores
from tests.society import Society, words
from tests.trial import SIGNED, Name, Trial, What, name_of, trial
from tests.undone import Row, Tables, rows, written_in

THEIR_OWN = {"announcements", "held_forms", "kept_sheets", "link_codes", "link_guesses", "office_links"}
"""What each officer begins for themselves: a draft, a sheet, a way in."""


async def officers_work(tried: Trial) -> AsyncIterator[tuple[What, Tables]]:
    """All that an officer can change, each in one way, and what there is once one of them has done it."""
    seen: set[Name] = set()
    tried.begin()
    for what in tried.found:  # which grows
        if tried.handled[name_of(what)].need is Need.MEMBER or name_of(what) in seen:
            continue
        await tried.tried(what, ["president"])
        if tried.undone.through and any(name not in ("requests", "audit") for name, *_ in tried.undone.changes()):
            seen.add(name_of(what))
            yield what, dict(tried.undone.after)


async def both(app: App, one: Actor, other: Actor, what: What) -> list[Reply]:
    """What each of the two is answered."""
    actors = [replace(actor, app=app, replies=[]) for actor in (one, other)]
    requests = [Request(f"at once {a.address}", a.place, a.address, a.name, what) for a in actors]
    await asyncio.gather(*(app.answer(request, actor) for request, actor in zip(requests, actors, strict=True)))
    return [actor.replies[0] for actor in actors]


def news(before: Tables, after: Tables) -> Counter[str]:
    """What is new, gone or otherwise than before in each table, whoever signed for it."""
    found: Counter[str] = Counter()
    for name, now in after.items():
        was = before[name]
        found[f"{name}: new"] = len(now.keys() - was.keys())
        for key, row in was.items():
            if _unsigned(row) != _unsigned(now.get(key)):
                found[f"{name}: {key} is {_unsigned(now.get(key))}"] += 1
    return found


def _unsigned(row: Row | None) -> Row | None:
    """A row without whose doing it was, and without what is sealed, which looks otherwise each time."""
    return row and {name: what for name, what in row.items() if name not in SIGNED and not isinstance(what, bytes)}


def text(reply: Reply) -> str:
    return "" if isinstance(reply, Form) else words(reply)


async def test_what_two_officers_do_in_the_same_moment_is_done_once_and_the_second_hears_so(store: SqlStore) -> None:
    wrong = []
    async with trial(store, FEATURES) as tried:
        cast = tried.evening.cast
        olu, pia = cast["officer"], cast["president"]
        async with store.records(tried.evening.harbor.id) as records:
            await records.power.name(tried.people[olu.address], Role.PRESIDENT, None)
        await tried.undone.look()
        tried.found.append(Called("pair", {"mentor": cast["mentor"].address, "mentee": cast["member"].address}))
        work = [each async for each in officers_work(tried)]
        for what, once in work:
            async with stores.copy_of(store) as copy:
                written = written_in(copy)
                said = await both(App(copy, tried.app.clock, tried.app.pace, FEATURES, patience=60), olu, pia, what)
                async with copy.engine.begin() as connection:
                    twice = await rows(connection, once.keys() | written)
            expected, found = news(tried.undone.before, once), news(tried.undone.before, twice)
            wrong += [
                f"{what}: {each}: {expected[each]} by one, {found[each]} by two"
                for each in (found - expected) + (expected - found)
                if each.partition(":")[0] not in ("requests", *THEIR_OWN)
            ]
            # The second sees what the first sees, or is told that it is done; each has their own of what is theirs.
            told = {text(each) for each in said}
            theirs = {each.partition(":")[0] for each in +expected} <= {"audit", "requests", *THEIR_OWN}
            if any(re.search("went wrong|had its day", each) for each in told):
                wrong.append(f"{what}: {told}")
            elif len(told) > 1 and not theirs and not any(re.search("already|meanwhile|faster", each) for each in told):
                wrong.append(f"{what}: nobody hears who was faster: {told}")
    assert wrong == []
    assert len(work) > 30


@pytest.mark.parametrize("first", ["I've written to them", "Pause 4 weeks", "End the pair"])
async def test_who_comes_second_hears_by_name_who_has_seen_to_it_in_whichever_way(harbor: Society, first: str) -> None:
    olu, pia = await harbor.officer("Olu Mensah"), await harbor.officer("Pia Lund")
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.later(11 * DAY)
    for officer in (olu, pia):
        await officer.calls("queue")
    later = Pressed(pia.button("End the pair"))
    assert "Nothing needs you" in words(await olu.presses(first))
    assert words(await pia.asks(later)) == "Olu has seen to it already."
    assert words(await olu.asks(later)) == "You have seen to it already."


async def test_who_of_two_has_ended_their_pair_is_not_told_to_an_officer(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await ana.calls("my-pairs")
    await ana.presses("Not a fit")
    await ana.presses("End it")
    assert words(await olu.presses("End it")) == "That has settled itself meanwhile."
