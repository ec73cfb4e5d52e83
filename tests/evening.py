"""One evening at Harborview with everything under way at once, and a private word in each thing that can hold one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.model import DAY, Pair, QueueReason, Role
from bot.ports import Pressed, Upload
from bot.rehearsal import Actor
from bot.ui import ChoiceField, Form, act
from bot.vocabulary import Channel
from tests.society import LETTER, Society

ELSEWHERE = "paper:elsewhere"
SHEET = Upload("mentors.csv", b"Email,Name,Role,# of mentees\nlee@x.example,Lee Grant,MS2,2\n")


@dataclass
class Evening:
    """Who is there, and each private word with all who may ever read it."""

    harbor: Society
    readers: dict[str, set[str]] = field(default_factory=dict)
    cast: dict[str, Actor] = field(default_factory=dict)
    """By what they are to the pair of Ana and Ben, or to the society."""
    pairs: list[Pair] = field(default_factory=list)

    def secret(self, name: str, *readers: Actor) -> str:
        """A word that stands nowhere else."""
        word = f"zq{name}{len(self.readers)}qz"
        self.readers[word] = {reader.address for reader in readers}
        return word

    async def begins(self) -> None:
        harbor = self.harbor
        ana, ben = await harbor.mentee(), await harbor.mentor(channels=tuple(Channel), capacity=4)
        dee, cy, gil = await harbor.mentee("Dee Park"), await harbor.mentee("Cy Lund"), await harbor.mentor("Gil Ames")
        olu, vic, pia, sal, tom = [
            await harbor.officer(name) for name in ("Olu Mensah", "Vic Hale", "Pia Lund", "Sal Reyes", "Tom Wren")
        ]
        self.cast = {
            "mentee": ana, "mentor": ben, "member": dee, "mentee of another pair": cy, "mentor of another pair": gil,
            "officer": olu, "advisor": vic, "president": pia, "safeguarding": sal, "officer whose term is over": tom,
            "stranger": await harbor.visitor("Kim Stray"), "officer of another society": await self._elsewhere(),
        }  # fmt: skip
        await self._roles(pia, sal, vic)
        await self._ended(cy, ben, olu, pia, sal, vic, tom)
        for mentee, mentor in ((ana, ben), (cy, gil)):
            self.pairs.append(await self._couple(mentee, mentor))
        await self._met(cy, gil)
        await harbor.later(15 * DAY)
        await self._asked(dee, gil)
        for mentee, mentor in ((ana, ben), (cy, gil)):
            await self._between(mentee, mentor)
        await self._met(ana, ben)
        await self._trusted(cy, sal)
        await harbor.settle()
        await sal.presses("Read it")
        await self._trusted(ana, sal)
        await self._officers(olu, pia, ana, dee, cy, gil)
        await harbor.settle()
        await self._terms(tom)

    async def _elsewhere(self) -> Actor:
        harbor, eve = self.harbor, replace(await self.harbor.visitor("Eve Moss"), place=ELSEWHERE)
        found = await harbor.store.found("Elsewhere", "America/New_York", ELSEWHERE, None)
        async with harbor.store.records(found.id) as records:
            person = await records.people.meet(eve.address, eve.name)
            await records.people.give_role(person.id, Role.OFFICER)
        return eve

    async def _roles(self, pia: Actor, sal: Actor, vic: Actor) -> None:
        people = {name: await self.harbor.person(actor) for name, actor in self.cast.items() if actor.place != ELSEWHERE
                  and name != "stranger"}  # fmt: skip
        async with self.harbor.store.records(self.harbor.id) as records:
            for name, role in (("president", Role.PRESIDENT), ("safeguarding", Role.SAFEGUARDING),
                               ("advisor", Role.ADVISOR)):  # fmt: skip
                await records.people.take_role(people[name].id, Role.OFFICER)
                await records.people.give_role(people[name].id, role)
            for name, person in people.items():
                mail = f"{self.secret('mail', self.cast[name])}@x.org"
                await records.people.change(person.id, email=mail, handle=f"handle{person.id}")

    async def _letter(self, mentee: Actor, mentor: Actor) -> None:
        first = mentor.name.split()[0]
        await mentee.calls("find-mentor")
        await mentee.presses(f"Ask {first}")
        own = {
            name: f"{LETTER[name]} {self.secret(name, mentee, mentor)}" for name in ("need", "ask", "motivation", "why")
        }
        await mentee.fills(**LETTER | own)

    async def _asked(self, mentee: Actor, mentor: Actor) -> None:
        """A request that waits for its answer."""
        await self._letter(mentee, mentor)
        await mentee.presses(f"Send to {mentor.name.split()[0]}")
        await self.harbor.later(DAY)

    async def _couple(self, mentee: Actor, mentor: Actor) -> Pair:
        await self._asked(mentee, mentor)
        await mentor.presses("Accept")
        await self.harbor.later(DAY)
        await self.harbor.agreed(mentee, mentor)
        await mentee.speaks()
        return (await self.harbor.pairs(mentee))[-1]

    async def _ended(self, cy: Actor, ben: Actor, *officers: Actor) -> None:
        """Two who came to their planned end; one of them told officers why."""
        pair = await self.harbor.paired(cy, ben)
        await cy.asks(Pressed(act("farewell.close", pair.id)))
        await cy.fills(words=self.secret("thanks", cy, ben))
        await cy.asks(Pressed(act("farewell.stay", pair.id, "yes")))
        await cy.asks(Pressed(act("ending.why", pair.id)))
        told = [each for each in officers if each.name in ("Olu Mensah", "Pia Lund")]
        await cy.fills(why="fit", words=self.secret("reason", cy, *told))
        self.pairs.append(pair)
        await self.harbor.later(DAY)

    async def _between(self, mentee: Actor, mentor: Actor) -> None:
        """All that two can have with one another, in the middle of it."""
        harbor, both = self.harbor, (mentee, mentor)
        pair = (await harbor.pairs(mentee))[-1]
        for one in both:
            await one.asks(Pressed(act("reach.allow", pair.id)))
            await one.fills(ways=("text", "email"), number=f"+1 212 555 01{len(self.readers)}",
                            email=f"{self.secret('reach', *both)}@x.org")  # fmt: skip
            self.readers[f"555 01{len(self.readers) - 1}"] = {each.address for each in both}
        await mentee.asks(Pressed(act("grades.write", pair.id)))
        await mentee.fills(words=f"3.9 and {self.secret('scores', *both)}")
        await mentee.calls("project")
        await mentee.fills(title=self.secret("title", *both), scope=self.secret("scope", *both), part="data", hours="4",
                           until=(harbor.clock.now() + 60 * DAY).date().isoformat())  # fmt: skip
        await mentee.presses("Go on")
        await mentee.fills(all="6")
        await mentee.presses(f"Send to {mentor.name.split()[0]}")
        await harbor.settle()
        if mentee is self.cast["mentee"]:
            await mentor.presses("Yes, let's do it")
        await mentee.calls("steps")
        await mentee.fills(
            goal=self.secret("goal", mentee), step1=f"Ask {self.secret('step', mentee)} by Dec 12", step2=""
        )
        for one in both:
            await one.asks(Pressed(act("shadow.understood", pair.id)))
        await mentee.asks(Pressed(act("shadow.log", pair.id)))
        await mentee.fills(day=harbor.clock.now().date().isoformat(), hours="4")
        await mentee.calls("other-ways")
        await mentee.presses("I have a mentor elsewhere")
        await mentee.fills(name=f"Dr. {self.secret('own', mentee)}", how_met="physician", rhythm="monthly")
        async with harbor.store.records(harbor.id) as records:
            number = await records.pairs.start_checkin(pair.id, pair.side(pair.mentee), harbor.clock.now())  # type: ignore[arg-type]
            await records.pairs.answer_checkin(number, harbor.clock.now(), line=self.secret("line", mentee))
            await records.queue.open(QueueReason.NEEDS_HAND, harbor.clock.now(), pair=pair.id)

    async def _met(self, mentee: Actor, mentor: Actor) -> None:
        """A meeting that is booked."""
        form = await mentee.calls("meet", note=self.secret("note", mentee, mentor))
        assert isinstance(form, Form)
        times = next(each for each in form.fields if isinstance(each, ChoiceField) and each.name == "times")
        await mentee.fills(times=(times.options[0].value,), day=(), hour=())
        await self.harbor.later(DAY)
        await mentor.presses(times.options[0].label)

    async def _trusted(self, writer: Actor, sal: Actor) -> None:
        """A private concern with its reader, and another whose reader is not chosen yet."""
        for readers in ((writer, sal), (writer,)):
            await writer.calls("concern")
            await writer.presses("Ben Okafor")
            await writer.fills(words=self.secret("concern", *readers), reachable="yes")
            if sal in readers:
                await writer.presses("Sal Reyes")

    async def _officers(self, olu: Actor, pia: Actor, ana: Actor, dee: Actor, cy: Actor, gil: Actor) -> None:
        """What officers have begun, and what waits for them."""
        harbor = self.harbor
        await olu.calls("conflict", one=ana.address, other=gil.address)
        await olu.fills(reason=self.secret("conflict", olu, pia))
        await dee.calls("never-with", member=cy.address)
        ned, hal = await harbor.mentor("Ned Vance", approved=False), await harbor.mentee("Hal Kerr")
        await harbor.mentor("Una Fell")
        new, here = await harbor.person(ned), await harbor.person(hal)
        async with harbor.store.records(harbor.id) as records:
            now = harbor.clock.now()
            await records.queue.open(QueueReason.APPROVE, now, person=new.id)
            await records.queue.open(QueueReason.NEEDS_MENTOR, now, person=here.id)
            await records.roads.join_line(here.id, now)
            lee = await records.people.add("Lee Gray", email=f"{self.secret('claimed')}@x.org", handle="lee.gray")
            await records.links.claim(here.id, lee.id, now)
            await records.queue.open(QueueReason.CLAIM, now, person=here.id)
        await olu.calls("match-cohort")
        await olu.calls("import")
        await olu.fills(sheet=SHEET)
        await olu.calls("announce")
        await olu.presses("Write one")
        await olu.fills(words="The kickoff is on Monday.")
        await pia.calls("handover", to=hal.address)
        await pia.presses("Hand over to Hal")

    async def _terms(self, tom: Actor) -> None:
        """That everyone is here today is noted already; and a term has ended that nothing has noticed yet."""
        now = self.harbor.clock.now()
        over = await self.harbor.person(tom)
        async with self.harbor.store.records(self.harbor.id) as records:
            for person in await records.people.all():
                await records.people.change(person.id, seen_at=now)
            await records.power.name(over.id, Role.OFFICER, (now - timedelta(days=2)).date())
