"""A society in which anything may happen, in any order, in any zone: what must hold, holds for what people were shown.

Hypothesis lets members join, ask, accept, write, pause, end and tap whatever they see, officers pair and unpair, and
time pass. After every step everything the platform showed since is judged by each reader's own clock.
"""

import asyncio
import itertools
import tempfile
from collections import Counter, defaultdict
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.courier import PRESENT
from bot.model import DAY, Pace, Pair
from bot.ports import Called, Pressed, Spoke
from bot.rehearsal import Actor, Shown, controls
from bot.rules.timing import is_quiet
from bot.ui import Action, Form, Reply
from bot.vocabulary import MentorKind
from tests.society import LETTER, Society, harborview, words
from tests.stores import open_sqlite

T = TypeVar("T")

PACE = Pace()
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Phoenix",
        "Europe/London",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
]
OFFERED = ("America/New_York", "America/Phoenix", "Europe/London", "Asia/Kolkata")
"""Those that /sign-up offers; of the others the platform or a spreadsheet tells."""
STARTS = [
    datetime(2026, 10, 2, 14, 0, tzinfo=UTC),  # before Lord Howe's clocks change
    datetime(2026, 10, 23, 3, 0, tzinfo=UTC),  # before London's and New York's
    datetime(2027, 3, 5, 20, 0, tzinfo=UTC),  # before New York's go forward again
]
NAMES = ("Ana", "Ben", "Cleo", "Dev", "Eva", "Finn", "Gita", "Hal", "Ines", "Jude")
NUDGES = {"quiet.hand", "quiet.answered", "quiet.stays"}
"""What only a message about a silence offers; the list of one's pairs is an answer, and never shown by itself."""

some = st.integers(0, 999)


class SocietyMachine(RuleBasedStateMachine):
    @initialize(start=st.sampled_from(STARTS), zones=st.lists(st.sampled_from(ZONES), min_size=5, max_size=5))
    def opens(self, start: datetime, zones: list[ZoneInfo]) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.resources = AsyncExitStack()
        self.harbor: Society = self.run(self._opened(start))
        self.zone: dict[str, ZoneInfo] = {}
        self.members: list[Actor] = []
        self.capacity: dict[str, int] = {}
        self.mentors: set[str] = set()
        """The addresses of those whose budget is a mentor's."""
        self.acted: dict[str, list[datetime]] = defaultdict(list)
        self.heard: dict[str, list[datetime]] = defaultdict(list)
        self.nudged: dict[str, datetime] = {}
        self.unanswered: set[str] = set()
        """The pairs, by number, whose mentee has said that no answer came."""
        self.address: dict[int, str] = {}
        self.judged = 0
        self.names = itertools.cycle(NAMES)
        self.officer = self._known(self.harbor.officer(f"{next(self.names)} Olu"), zones[0])
        for zone in zones[1:3]:
            self.mentee_is_known(zone)
        for zone in zones[3:]:
            self.mentor_is_known(zone, capacity=1, kind=MentorKind.MS2)

    async def _opened(self, start: datetime) -> Society:
        store = await self.resources.enter_async_context(open_sqlite(Path(self.folder.name) / "society.db"))
        return await self.resources.enter_async_context(harborview(store, PACE, start))

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.run(self.resources.aclose())
            self.runner.close()
            self.folder.cleanup()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def _known(self, making: Coroutine[Any, Any, Actor], zone: ZoneInfo) -> Actor:
        actor = self.run(making)
        self.run(self._lives_in(actor, zone))
        self.zone[actor.address] = zone
        self.members.append(actor)
        return actor

    async def _lives_in(self, actor: Actor, zone: ZoneInfo) -> None:
        person = await self.harbor.person(actor)
        async with self.harbor.store.records(self.harbor.id) as records:
            await records.people.change(person.id, zone=zone)

    def _one(self, number: int) -> Actor:
        return self.members[number % len(self.members)]

    def does(self, actor: Actor, what: Called | Pressed | Spoke) -> Reply | None:
        """One request of a member's, the form it opens filled in, and whatever follows at once."""
        self.acted[actor.address].append(self.harbor.clock.now())
        reply = self.run(actor.asks(what))
        if isinstance(reply, Form):
            reply = self.run(actor.fills(**LETTER))
        if reply is not None:
            assert "went wrong on our side" not in words(reply), what
        if isinstance(what, Pressed):
            self._remembers(actor, what.action, reply)
        self.run(self.harbor.settle())
        return reply

    def _remembers(self, actor: Actor, action: Action, reply: Reply | None) -> None:
        if action.name == "quiet.unanswered" and "You did your part" in words(reply):
            self.unanswered.add(action.args[0])
        if action.name == "queue.approve":
            approved = [m for m in self.members if m.address in self.capacity and m.address not in self.mentors]
            for each in approved:
                if self.run(self._is_approved(each)):
                    self.mentors.add(each.address)

    async def _is_approved(self, actor: Actor) -> bool:
        person = await self.harbor.person(actor)
        async with self.harbor.store.records(self.harbor.id) as records:
            mentor = await records.people.mentor(person.id)
        return mentor is not None and mentor.profile.approved_at is not None

    # ── joining ───────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: len(self.members) < 9)
    @rule(zone=st.sampled_from(ZONES))
    def mentee_is_known(self, zone: ZoneInfo) -> None:
        self._known(self.harbor.mentee(f"{next(self.names)} Ruiz"), zone)

    @precondition(lambda self: len(self.members) < 9)
    @rule(zone=st.sampled_from(ZONES), capacity=st.integers(1, 3), kind=st.sampled_from(MentorKind))
    def mentor_is_known(self, zone: ZoneInfo, capacity: int, kind: MentorKind) -> None:
        making = self.harbor.mentor(f"{next(self.names)} Okafor", capacity=capacity, kind=kind)
        actor = self._known(making, zone)
        self.capacity[actor.address] = capacity
        self.mentors.add(actor.address)

    @precondition(lambda self: len(self.members) < 9)
    @rule(
        role=st.sampled_from(("mentee", "mentor", "both")),
        zone=st.sampled_from(OFFERED),
        capacity=st.integers(1, 3),
        kind=st.sampled_from(MentorKind),
        approved=st.booleans(),
    )
    def joins(self, role: str, zone: str, capacity: int, kind: MentorKind, approved: bool) -> None:
        actor = self.run(self.harbor.visitor(f"{next(self.names)} Lind"))
        self.members.append(actor)
        self.zone[actor.address] = self.zone[self.officer.address]  # whatever it is: nothing is said before they join
        self.run(actor.calls("sign-up", **{"as": role}))
        for _ in range(5):
            if not isinstance(actor.replies[-1], Form):
                break
            said = self.run(
                actor.fills(
                    name=actor.name, zone=zone, adult="yes", phase="junior", kind=kind.value, capacity=str(capacity)
                )
            )
            assert "went wrong" not in words(said)
            if any(
                label == "Go on" for message in itertools.islice(actor.sees(), 1) for label, *_ in controls(message)
            ):
                self.run(actor.presses("Go on"))
        self.acted[actor.address].append(self.harbor.clock.now())
        self.zone[actor.address] = ZoneInfo(zone)
        if role != "mentee":
            self.capacity[actor.address] = capacity
        self.run(self.harbor.settle())
        if approved and role != "mentee":
            self.does(self.officer, Called("queue", {}))
            for press in self._offered(self.officer, "Approve"):
                self.does(self.officer, press)

    # ── asking, answering, pairing ────────────────────────────────────────────────────────────────────────────

    def _offered(self, actor: Actor, label: str) -> list[Pressed]:
        """What the latest answer offers under this label."""
        latest = itertools.islice(actor.sees(), 1)
        return [
            Pressed(do, what) for message in latest for text, do, what in controls(message) if text.startswith(label)
        ]

    @rule(who=some, which=some)
    def asks(self, who: int, which: int) -> None:
        actor = self._one(who)
        self.does(actor, Called("find-mentor", {}))
        if mentors := self._offered(actor, "Ask "):
            self.does(actor, mentors[which % len(mentors)])
            for press in self._offered(actor, "Send to ")[:1]:
                self.does(actor, press)

    @rule(who=some)
    def accepts(self, who: int) -> None:
        """Everyone who has an open request in front of them may say yes; one of them does."""
        ready = [
            (actor, action)
            for actor in self.members
            for shown in self.harbor.paper.seen_by(actor.address)
            for _, action, _ in controls(shown.message)
            if action.name == "intro.accept"
        ]
        if ready:
            actor, action = ready[-1 - who % min(3, len(ready))]
            self.does(actor, Pressed(action))

    @rule(one=some, other=some, anyway=st.booleans(), note=st.sampled_from(("", "You both like @everyone <b>")))
    def officer_pairs(self, one: int, other: int, anyway: bool, note: str) -> None:
        mentor, mentee = self._one(one).address, self._one(other).address
        self.does(self.officer, Called("pair", {"mentor": mentor, "mentee": mentee, "note": note}))
        for press in self._offered(self.officer, "Pair them anyway") if anyway else []:
            self.does(self.officer, press)

    @rule(which=some)
    def officer_unpairs(self, which: int) -> None:
        if rooms := list(self.harbor.paper.rooms.values()):
            mentee, mentor = rooms[which % len(rooms)]
            self.does(self.officer, Called("unpair", {"mentor": mentor, "mentee": mentee}))
            for press in self._offered(self.officer, "End it"):
                self.does(self.officer, press)

    # ── a pair's life ─────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.harbor.paper.rooms)
    @rule(which=some, side=st.integers(0, 1))
    def writes(self, which: int, side: int) -> None:
        rooms = list(self.harbor.paper.rooms.items())
        room, people = rooms[which % len(rooms)]
        actor = next(a for a in self.members if a.address == people[side])
        self.does(actor, Spoke(room))

    @rule(who=some, which=some, command=st.sampled_from(("my-pairs", "my-pairs", "home", "queue", "profile", "back")))
    def looks_and_taps(self, who: int, which: int, command: str) -> None:
        actor = self.officer if command == "queue" else self._one(who)
        self.does(actor, Called(command, {}))
        if (presses := self._offered(actor, "")) and command != "profile":
            self.does(actor, presses[which % len(presses)])

    @rule(who=some, which=some)
    def taps_what_they_see(self, who: int, which: int) -> None:
        """Anything before their eyes, however old: a stale button changes nothing."""
        actor = self._one(who)
        presses = [Pressed(action, chosen) for message in actor.sees() for _, action, chosen in controls(message)]
        presses = [press for press in dict.fromkeys(presses) if press.action.name != "join.edit"]
        if presses:
            self.does(actor, presses[which % min(12, len(presses))])

    @rule(who=some, days=st.integers(1, 40))
    def goes_away(self, who: int, days: int) -> None:
        until = (self.harbor.clock.now() + days * DAY).date().isoformat()
        self.does(self._one(who), Called("time-off", {"until": until}))

    # ── time ──────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(minutes=st.sampled_from((5, 20, 90, 6 * 60, 11 * 60)))
    def hours_pass(self, minutes: int) -> None:
        self.run(self.harbor.later(timedelta(minutes=minutes)))

    @rule(days=st.sampled_from((1, 2, 4, 8, 17)))
    def days_pass(self, days: int) -> None:
        self.run(self.harbor.later(days * DAY))

    @rule(days=st.sampled_from((3, 21)), minutes=st.integers(0, 24 * 60))
    def is_switched_off(self, days: int, minutes: int) -> None:
        clock, paper = self.harbor.clock, self.harbor.paper
        before = len(paper.shown)
        clock.move_to(clock.now() + days * DAY + timedelta(minutes=minutes))
        self.run(self.harbor.settle())
        often = Counter(reader for shown in paper.shown[before:] for reader in self._readers(shown))
        assert all(times == 1 for times in often.values()), often

    # ── what must hold ────────────────────────────────────────────────────────────────────────────────────────

    def _readers(self, shown: Shown) -> tuple[str, ...]:
        return self.harbor.paper.rooms.get(shown.to, (shown.to,))

    @invariant()
    def nobody_is_told_at_the_wrong_time(self) -> None:
        shown = self.harbor.paper.shown[self.judged :]
        self.judged += len(shown)
        live = {str(pair.id) for pair in self.run(self._pairs())} if shown else set()
        for each in shown:
            for reader in self._readers(each):
                self._judge_time(each, reader)
            self._judge_nudge(each, live)

    def _judge_time(self, shown: Shown, reader: str) -> None:
        zone, heard = self.zone[reader], self.heard[reader]
        limit = PACE.mentor_daily if reader in self.mentors else PACE.mentee_daily
        if not any(shown.at - PRESENT <= at <= shown.at for at in self.acted[reader]):
            assert not is_quiet(shown.at, zone, PACE), f"{reader} was woken at {shown.at.astimezone(zone)}"
            today = [at for at in heard if at.astimezone(zone).date() == shown.at.astimezone(zone).date()]
            assert len(today) < limit, f"{reader} had heard enough that day: {today}, {shown.at}"
            assert all(shown.at - at >= PACE.apart for at in heard), f"{reader} heard two things at once, {shown.at}"
        heard.append(shown.at)

    def _judge_nudge(self, shown: Shown, live: set[str]) -> None:
        nudges = {action.name: action.args[0] for action in shown.message.actions() if action.name in NUDGES}
        if not nudges:
            return
        assert shown.to not in self.harbor.paper.rooms, "a silence is nobody else's business"
        last = self.nudged.get(shown.to)
        assert last is None or shown.at - last >= PACE.nudge_apart, (shown.to, last, shown.at)
        self.nudged[shown.to] = shown.at
        for name, pair in nudges.items():
            mentee, mentor = self.harbor.paper.rooms[f"paper:room/room-{self.harbor.id}-{pair}"]
            assert shown.to == (mentor if name == "quiet.stays" else mentee), f"{name} went to the wrong side"
            assert name != "quiet.stays" or pair in self.unanswered, "a mentor was chased before the mentee said so"
            assert pair in live, "a pair that has ended is left in peace"

    async def _pairs(self) -> list[Pair]:
        async with self.harbor.store.records(self.harbor.id) as records:
            return await records.pairs.all_live()

    @invariant()
    def nobody_has_more_than_their_places(self) -> None:
        live = self.run(self._pairs())
        for person in {pair.mentor for pair in live} - self.address.keys():
            self.address[person] = self.run(self.harbor.store.reach(self.harbor.id, person))[0]
        load = Counter(self.address[pair.mentor] for pair in live)
        assert all(load[mentor] <= self.capacity[mentor] for mentor in load), (load, self.capacity)
        twos = [frozenset((pair.mentee, pair.mentor)) for pair in live]
        assert len(twos) == len(set(twos)), "two people are a pair at most once"
        assert all(len(two) == 2 for two in twos), "nobody mentors themselves"


TestSociety = SocietyMachine.TestCase
TestSociety.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
