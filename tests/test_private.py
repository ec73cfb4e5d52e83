"""What is private stays with those who may read it: a lively term in which every private word can be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import logs
from bot.model import DAY, Role
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form, Message, act, message_json
from bot.vocabulary import Channel
from tests.society import LETTER, Society, harborview, words
from tests.stores import open_sqlite

OFFICERS = "paper:officers"
YES_TO_ALL = ("Yes", "Very", "All good")
NUMBER = "212 555 0147"


@dataclass
class Term:
    """A term at Harborview: its cast, and each private word with all who may ever read it."""

    harbor: Society
    readers: dict[str, set[str]] = field(default_factory=dict)
    cast: list[Actor] = field(default_factory=list)

    def secret(self, name: str, *readers: Actor) -> str:
        """A word that stands nowhere else."""
        word = f"zq{name}{len(self.readers)}qz"
        self.readers[word] = {reader.address for reader in readers}
        return word

    async def lived(self) -> None:
        harbor = self.harbor
        olu, sal = await harbor.officer(), await harbor.officer("Sal Reyes")
        ana, cy = await harbor.mentee(), await harbor.mentee("Cy Lund")
        ben, dee, gil = (
            await harbor.mentor(channels=tuple(Channel)),
            await harbor.mentor("Dee Park"),
            await harbor.mentor("Gil Ames"),
        )
        self.cast = [olu, sal, ana, cy, ben, dee, gil]
        await self._known(sal)
        await harbor.paired(cy, gil)
        await self._refused(ana, dee)
        await self._paired(ana, ben)
        await self._noted_to_oneself(ana, ben)
        await self._met_and_told(ana, ben)
        await self._trusted(ana, sal)
        await self._ended(ana, ben, olu, sal)
        await harbor.later(20 * DAY)
        for actor in self.cast:
            for command in ("home", "my-pairs", "queue", "endings", "agreements", "to-thank", "find-mentor"):
                await actor.calls(command)

    async def _known(self, sal: Actor) -> None:
        async with self.harbor.store.records(self.harbor.id) as records:
            for actor in self.cast:
                person = await records.people.at(actor.address)
                assert person is not None
                await records.people.change(person.id, email=f"{self.secret('mail', actor)}@x.org")
                if actor is sal:
                    await records.people.give_role(person.id, Role.SAFEGUARDING)

    async def _letter(self, ana: Actor, mentor: Actor, *others: Actor) -> None:
        """The words of a letter are for whom it was written to; the next one is begun from them."""
        first = mentor.name.split()[0]
        await ana.calls("find-mentor")
        assert isinstance(await ana.presses(f"Ask {first}"), Form)
        own = {
            name: f"{LETTER[name]} {self.secret(f'{name}to{first}', ana, mentor)}"
            for name in ("need", "ask", "motivation", "why")
        }
        await ana.fills(**LETTER | own)
        await ana.presses(f"Send to {first}")
        await self.harbor.settle()

    async def _refused(self, ana: Actor, dee: Actor) -> None:
        await self._letter(ana, dee)
        await dee.presses("Not for me")
        await self.harbor.later(DAY)
        assert "about time, not about you" in self.harbor.heard(ana)[-1]

    async def _paired(self, ana: Actor, ben: Actor) -> None:
        await self._letter(ana, ben)
        await ben.presses("Accept")
        await self.harbor.settle()
        await self.harbor.agreed(ana, ben)
        await ana.speaks()
        await ben.speaks()
        await self._shown_to_one(ana, ben)
        await self.harbor.later(15 * DAY)

    async def _shown_to_one(self, ana: Actor, ben: Actor) -> None:
        """A number and grades, each for one other's eyes."""
        self.readers[NUMBER] = {ana.address, ben.address}
        await ben.calls("my-pairs")
        await ben.presses("Phone, text, e-mail…")
        await ben.presses("Let them reach me")
        await ben.fills(ways=("text",), number=f"+1 {NUMBER}")
        await ana.calls("my-pairs")
        await ana.presses("Phone, text, e-mail…")
        assert NUMBER in words(await ana.presses("Show me"))
        (pair,) = await self.harbor.pairs(ana)
        await ana.asks(Pressed(act("grades.write", pair.id)))
        await ana.fills(words=self.secret("grades", ana, ben))
        await ben.calls("my-pairs")
        await ben.presses("Grades and scores")
        for actor in self.cast:
            for press in ("grades.open", "grades.write", "reach.show", "reach.look", "reach.allow", "reach.looks"):
                await actor.asks(Pressed(act(press, pair.id)))

    async def _noted_to_oneself(self, ana: Actor, ben: Actor) -> None:
        """Check-ins are answered alone; a mentor of one's own, and steps before they are done, are nobody else's."""
        for tap in YES_TO_ALL:
            await ana.presses(tap)
        await ana.presses("Add a line")
        await ana.fills(line=self.secret("line", ana))
        await ana.calls("other-ways")
        await ana.presses("I have a mentor elsewhere")
        await ana.fills(name=f"Dr. {self.secret('own', ana)}", how_met="physician", rhythm="monthly")
        await ana.calls("steps")
        await ana.fills(goal=self.secret("goal", ana), step1=f"Ask {self.secret('step', ana)} by Dec 12", step2="")
        await self.harbor.later(DAY)

    async def _met_and_told(self, ana: Actor, ben: Actor) -> None:
        await ana.calls("update")
        await ana.fills(done=self.secret("done", ana, ben), now="Waiting.", question=self.secret("asked", ana, ben))
        await ana.calls("project")
        title, scope = self.secret("title", ana, ben), self.secret("scope", ana, ben)
        await ana.fills(title=title, scope=scope, part="data", hours="4", until="2026-12-18")
        await ana.presses("Go on")
        await ana.fills(all="6")
        await ana.presses("Send to Ben")
        await self.harbor.later(DAY)
        await ben.presses("Yes, let's do it")
        await ana.calls("meet")
        await ana.fills(times=(), day="2026-11-05", hour="18:00", note=self.secret("note", ana, ben))
        await self.harbor.later(DAY)

    async def _trusted(self, ana: Actor, sal: Actor) -> None:
        await ana.calls("concern")
        await ana.presses("Ben Okafor")
        await ana.fills(words=self.secret("concern", ana, sal), reachable="yes")
        await ana.presses("Sal Reyes")
        await self.harbor.later(DAY)
        assert "zqconcern" in words(await sal.presses("Read it"))

    async def _ended(self, ana: Actor, ben: Actor, olu: Actor, sal: Actor) -> None:
        await ana.calls("my-pairs")
        await ana.presses("Not a fit")
        await ana.presses("End it")
        await ana.presses("Tell an officer why")
        await ana.fills(why="fit", words=self.secret("reason", ana, olu, sal))
        await self.harbor.later(DAY)
        await olu.calls("home")
        read = Pressed(olu.button("Read it"))
        for actor in self.cast:
            await actor.asks(read)

    # ── who read what ─────────────────────────────────────────────────────────────────────────────────────────

    def read(self) -> Iterator[tuple[set[str], str]]:
        """Every message that was sent and every answer, with all who read it."""
        for shown in self.harbor.paper.shown:
            yield set(self.harbor.paper.rooms.get(shown.to, (shown.to,))), message_json(shown.message)
        for actor in self.cast:
            for reply in actor.replies:
                shown_: Message | Form = reply if isinstance(reply, Form) else reply.message
                yield {actor.address}, repr(shown_)


@pytest.mark.sr("SR-50.b")
async def test_in_a_lively_term_no_private_word_reaches_anyone_it_was_not_meant_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("DEBUG")
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store, channel=OFFICERS) as harbor:
        term = Term(harbor)
        await term.lived()
        read = list(term.read())
        for secret, readers in term.readers.items():
            for who, said in read:
                assert secret not in said or who <= readers, f"{secret} was read by {who - readers}: {said}"
        # What does not leak has to be something that could: each was written, and those for another were read.
        for name in ("needtoDee", "askto", "done", "scope", "concern", "reason", "note", "grades"):
            assert any(f"zq{name}" in said for _, said in read), name
        assert any(OFFICERS in who for who, _ in read), "the officers' channel heard something"
    out, err = capfd.readouterr()
    assert not [secret for secret in term.readers if secret in out + err]


@pytest.mark.sr("SR-50.b")
async def test_a_refusal_reads_like_silence(harbor: Society) -> None:
    """What the mentee reads is the same to the letter, whether the mentor said no, not now, or nothing."""
    said = []
    for number, answer in enumerate(("Not for me", "Not now", None)):
        ana, ben = await harbor.mentee(f"Ana{number} Ruiz"), await harbor.mentor(capacity=1)
        since = harbor.clock.now()
        await harbor.asked(ana, ben)
        if answer:
            await ben.presses(answer)
        await harbor.later(8 * DAY)
        said += [
            line for heard in harbor.heard(ana, since) for line in heard.split("\n") if "can't take this on" in line
        ]
        async with harbor.store.records(harbor.id) as records:
            person = await records.people.at(ben.address)
            assert person is not None
            await records.people.save_mentor(person.id, capacity=0)
    assert len(said) == 3
    assert len(set(said)) == 1
