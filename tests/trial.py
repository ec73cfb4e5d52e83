"""Every command, press and form there is, tried by everyone, with numbers that are theirs and not; and what is judged
wrong in what comes of it.

Nothing here knows a feature. What is tried is the registry's, with every number that anybody was ever shown: what one
is offered, all others press as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from structlog.testing import capture_logs

from bot.app import App
from bot.feature import Feature, Handled
from bot.model import Need, Open, Role, Side
from bot.ports import Called, Pressed, Request, Sent
from bot.rehearsal import Actor, controls
from bot.rules.power import may
from bot.ui import (
    Action,
    ChoiceField,
    Command,
    File,
    FileField,
    Form,
    Kind,
    Message,
    Reply,
    message_from_json,
)
from storage.store import SqlStore
from tests.evening import ELSEWHERE, SHEET, Evening
from tests.society import harborview, words
from tests.undone import Key, Row, Undone, owned

What: TypeAlias = Called | Pressed | Sent
Name: TypeAlias = tuple[type, str]

WAYS = 2
"""So many ways of one press are tried, each with another number."""
NOWHERE = "987654321"
"""A number of nothing."""
NOTED_ANYHOW = {"requests", "deliveries"}
"""Where it is noted that something was asked, and where what is to be said waits: that is read instead."""
SIGNED = {"actor", "author", "by_person", "changed_by", "confirmed_by", "resolved_by"}
"""The columns that say who did something: nobody signs for another."""
SUBJECTS = {
    Open.INTRO: "intros", Open.MEETING: "meetings", Open.UPDATE: "updates", Open.CONCERN: "concerns",
    Open.OWN_MENTOR: "own_mentors", Open.PROJECT: "projects", Open.PAIR: "pairs", Open.IN_TOUCH: "pairs",
    Open.DISCLOSURE: "pairs", Open.AWAY: "people", Open.MENTOR_TOO: "people", Open.PERSON: "people",
}  # fmt: skip
"""A promise is whose its subject is. Those that are one for the whole society have no subject."""
FITS = {
    "day": "", "hour": "", "url": "https://hosa.example.org/", "checked_on": "2026-10-05", "email": "a@x.example",
    "number": "+1 212 555 0199", "video": "https://meet.example.org/a",
}  # fmt: skip
"""What is filled into a field that takes not just any words."""


@dataclass
class Trial:
    evening: Evening
    undone: Undone
    features: tuple[Feature, ...]
    owned: dict[int, set[tuple[str, Key]]]
    """What is whose, before anything is tried."""
    ways: dict[Name, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    found: list[What] = field(default_factory=list)
    """What there is to try, in the order in which it was come by."""
    done: set[Name] = field(default_factory=set)
    """What was not declined to everybody."""
    drawn: set[Name] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    requests: int = 0

    def __post_init__(self) -> None:
        before, harbor = self.undone.before, self.evening.harbor
        self.app = App(self.undone, harbor.clock, harbor.app.pace, self.features, patience=60)
        self.handled: dict[Name, Handled] = {}
        for feature in self.features:
            self.handled |= {(Called, name): handled for name, (_, handled) in feature.commands.items()}
            self.handled |= {(Pressed, name): handled for name, handled in feature.presses.items()}
            self.handled |= {(Sent, name): handled for name, handled in feature.forms.items()}
        self.people = {row["address"]: row["person"] for row in before["addresses"].values()}
        self.pairs = {row["id"]: row for row in before["pairs"].values()}
        self.roles: dict[int, set[Role]] = defaultdict(set)
        for row in before["roles"].values():
            if row["until"] is None:  # the one term with an end is over
                self.roles[row["person"]].add(row["role"])

    # ── what there is to try ──────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Every command, and all that was ever shown to anyone, the newest first."""
        for feature in self.features:
            for command, _ in feature.commands.values():
                self.found += self._calls(command)
        for row in reversed(self.undone.before["deliveries"].values()):
            self._look_at(message_from_json(row["message"]))
        for actor in self.evening.cast.values():
            for reply in reversed(actor.replies):
                self._look_at(reply)

    def never_shown(self) -> list[What]:
        """What is registered and nobody was ever shown, with the numbers of its like."""
        like: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for (_, name), ways in self.ways.items():
            like[name.partition(".")[0]] += ways
        unseen = [(kind, name) for kind, name in self.handled if kind is not Called and not self.ways[kind, name]]
        return [
            _again(kind, name, way)
            for kind, name in unseen
            for way in list(dict.fromkeys(like[name.partition(".")[0]] or [("1", "1")]))[:WAYS]
        ]

    def nowhere(self) -> list[What]:
        """Everything, with numbers of nothing."""
        return [
            _again(kind, name, tuple(NOWHERE if each.isdigit() else each for each in ways[0]) if ways else (NOWHERE,))
            for kind, name in self.handled
            if kind is not Called and ((ways := self.ways[kind, name]) or True)
        ]

    def _calls(self, command: Command) -> Iterator[Called]:
        """With nothing but what it needs, and with all it takes."""
        cast, given = self.evening.cast, dict[str, str]()
        others = [cast[who].address for who in ("member", "mentor", "mentee")]
        for param in command.params:
            match param.kind:
                case Kind.MEMBER:
                    given[param.name] = cast["mentor"].address if "mentor" in param.name else others.pop()
                case Kind.PAIR:
                    given[param.name] = str(max(self.pairs))
                case Kind.DATE:
                    given[param.name] = "2026-12-01"
                case _:
                    given[param.name] = param.options[-1].value if param.options else "A few words"
        yield Called(command.name, {param.name: given[param.name] for param in command.params if param.required})
        yield Called(command.name, given)

    def _look_at(self, shown: Reply | Message) -> None:
        """Remember all that can be done with something that was shown."""
        if isinstance(shown, Form):
            self._add(_filled(shown))
            return
        offered = list(controls(shown if isinstance(shown, Message) else shown.message))
        menus = {action for _, action, values in offered if values}
        for _, action, values in offered:
            if action.name == "go":
                if values:
                    self._add(Pressed(Action.parse(values[0])))
            elif action.name != "form.open" and (values or action not in menus):
                self._add(Pressed(action, values))

    def _add(self, what: Pressed | Sent) -> None:
        ways, way = self.ways[name_of(what)], what.action.args
        if len(ways) < WAYS and all(each[:1] != way[:1] for each in ways):
            ways.append(way)
            self.found.append(what)

    # ── trying it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def everything(self, cast: Sequence[str]) -> None:
        for what in self.found:  # which grows
            await self.tried(what, cast)
        for what in self.never_shown():
            await self.tried(what, cast)
        for what in self.nowhere():
            await self.tried(what, [role for role in cast if role in ("mentee", "member", "president")])

    async def tried(self, what: What, cast: Sequence[str]) -> None:
        for role in cast:
            actor, need = self.evening.cast[role], self.handled[name_of(what)].need
            if name_of(what) in self.drawn and need is not Need.MEMBER and self._granted(actor, need):
                continue  # a picture is the same whoever may see it, and takes long to draw
            self.requests += 1
            actor.replies.clear()
            self.undone.ask(actor.address, owns=need is Need.MEMBER or actor.place == ELSEWHERE)
            request = Request(f"try {self.requests}", actor.place, actor.address, actor.name, what)
            await self.app.answer(request, actor)
            (reply,) = actor.replies
            self.wrong += [f"{role}: {what} {wrong}" for wrong in self._wrong(actor, what, reply)]
            self._look_at(reply)
            if not isinstance(reply, Form) and any(isinstance(block, File) for block in reply.message.blocks):
                self.drawn.add(name_of(what))
            for row in self._said():
                self._look_at(message_from_json(row["message"]))

    def _said(self) -> list[Row]:
        """What would be said to others because of it."""
        known = self.undone.before["deliveries"]
        return [row for key, row in self.undone.after.get("deliveries", {}).items() if key not in known]

    # ── judging it ────────────────────────────────────────────────────────────────────────────────────────────

    def _wrong(self, actor: Actor, what: What, reply: Reply) -> Iterator[str]:
        said = "" if isinstance(reply, Form) else words(reply)
        if "went wrong" in said:
            yield "breaks"
        need = self.handled[name_of(what)].need
        if not self._granted(actor, need):
            if self.undone.through or "That one is for the society's" not in said:
                yield f"is not theirs, and was answered: {said[:80]}"
        elif self.undone.through:
            self.done.add(name_of(what))
            if need is Need.MEMBER or actor.place == ELSEWHERE:
                yield from self._not_theirs(actor)
        yield from self._read(actor, reply)

    def _granted(self, actor: Actor, need: Need) -> bool:
        led = actor.place != ELSEWHERE
        return may(need, self.roles[self.people.get(actor.address, 0)], manager=False, led=led)

    def _not_theirs(self, actor: Actor) -> Iterator[str]:
        """What was changed that is not one's own; of another society, anything at all."""
        me = self.people.get(actor.address) or self.undone.person
        changes = list(self.undone.changes())
        if any(name == "people" and now and now["forgotten_at"] for name, _, _, now in changes):
            return  # what becomes of all that was theirs was decided elsewhere
        for name, key, was, now in changes:
            row = now or was or {}
            if name in NOTED_ANYHOW or (actor.place == ELSEWHERE and row.get("society", row.get("id")) != 1):
                continue
            if (name == "roles" and now) or (now or {}).get("approved_at") != (was or {}).get("approved_at"):
                yield f"gave themselves power: {name} {key}: {was} → {now}"
            if not self._own(name, key, row, now, me):
                yield f"changed {name} {key}: {was} → {now}"
            for column in SIGNED.intersection(now or ()):
                if now and now[column] not in (me, None, (was or {}).get(column)):
                    yield f"signed {name}.{column} for {now[column]}"
            if was and now and (side := self._side(row, me)) and was.get("state") == now.get("state"):
                others = [each for each in now if each.startswith(f"{side.other}_") and now[each] != was[each]]
                if others:
                    yield f"said for the other: {name} {key} {others}"

    def _own(self, name: str, key: Key, row: Row, now: Row | None, me: int) -> bool:
        if key in self.undone.owns.get(name, ()) or (name, key) in self.owned[me]:
            return True
        match name:
            case "promises":
                of = SUBJECTS.get(row["what"])
                return not row["subject"] or (of is not None and self._own(of, (row["subject"],), {}, None, me))
            case "audit":
                return bool(row["subject"] == f"person:{me}")
            case "queue_items" | "looks":
                return self._side(row, me) is not None
            case "grants" | "disclosures" if now is None:  # what was for a pair is gone with it
                pair = self.undone.after.get("pairs", {}).get((row["pair"],), {})
                return pair.get("ended_at") is not None and self._side(row, me) is not None
            case "commitments" | "milestones":
                projects = {**self.undone.before["projects"], **self.undone.after.get("projects", {})}
                version = row if name == "commitments" else self.undone.before["commitments"][row["commitment"],]
                return self._side(projects[version["project"],], me) is not None
        return False

    def _side(self, row: Row, me: int) -> Side | None:
        pair = self.pairs.get(row.get("pair", 0), {})
        return {pair.get("mentee"): Side.MENTEE, pair.get("mentor"): Side.MENTOR}.get(me)

    def _read(self, actor: Actor, reply: Reply) -> Iterator[str]:
        """Private words that someone would read who should not."""
        heard = [({actor.address}, repr(reply))]
        for row in self._said():
            pair = self.pairs.get(row["pair"] or 0)
            to = {pair["mentee"], pair["mentor"]} if pair else {row["to_person"]}
            heard.append(({address for address, person in self.people.items() if person in to}, row["message"]))
        heard += [({"the log"}, row["detail"]) for row in self.undone.after.get("audit", {}).values()]
        for who, text in heard:
            for word, readers in self.evening.readers.items():
                if word in text and not who <= readers:
                    yield f"shows {word} to {who - readers}"


def name_of(what: What) -> Name:
    return type(what), what.name if isinstance(what, Called) else what.action.name


def _again(kind: type, name: str, args: tuple[str, ...]) -> Pressed | Sent:
    return Sent(Action(name, args), {}) if kind is Sent else Pressed(Action(name, args), args[:1])


def _filled(form: Form) -> Sent:
    """A form as someone sends it who changes nothing, and leaves nothing out; with nobody's private words."""
    given: dict[str, tuple[str, ...]] = {}
    for each in form.fields:
        match each:
            case ChoiceField():
                given[each.name] = each.values or (each.options[0].value,)
            case FileField():
                pass
            case _:
                day = re.search(r"\d{4}-\d\d-\d\d", each.hint)
                usual = day[0] if day else "A few words"
                given[each.name] = (FITS.get(each.name, usual if not each.value or "zq" in each.value else each.value),)
    return Sent(form.action, given, {each.name: SHEET for each in form.fields if isinstance(each, FileField)})


@asynccontextmanager
async def trial(store: SqlStore, features: tuple[Feature, ...]) -> AsyncIterator[Trial]:
    """On an empty store, which gets full."""
    async with harborview(store) as harbor:
        evening, undone = Evening(harbor), Undone(store)
        await evening.begins()
        await undone.look()
        whose: dict[int, set[tuple[str, Key]]] = defaultdict(set)
        async with store.engine.begin() as connection:
            for person in undone.before["people"].values():
                of_theirs = await owned(connection, undone.before, person["id"])
                whose[person["id"]] = {(name, key) for name, keys in of_theirs.items() for key in keys}
        with capture_logs():
            yield Trial(evening, undone, features, whose)
