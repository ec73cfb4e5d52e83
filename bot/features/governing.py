"""Who holds which role, and until when: president, officer, reader of private concerns, advisor."""

from __future__ import annotations

from datetime import date

from bot.faster import done_by
from bot.feature import Feature, Sorry, Turn
from bot.model import Held, Need, Open, Person, Role
from bot.portrait import first_name
from bot.questions import day_ahead
from bot.roles import YEAR, end_terms, give, plan, take
from bot.rules.power import ends_at, ends_soon, may_name
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Button,
    Command,
    Kind,
    Line,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    act,
    bullets,
    buttons,
    day_words,
    message,
    say,
    shortened,
)

governing = Feature("governing")


@governing.command(
    Command(
        "officers",
        "Who holds which role, and until when",
        (
            Param("member", "someone to give a role", Kind.MEMBER, required=False),
            Param("role", "which one", Kind.CHOICE, False, tuple(Option(role, role.value) for role in Role)),
            Param("until", "its last day; else a year from now", Kind.DATE, required=False),
        ),
        need=Need.READ,
    )
)
async def officers(turn: Turn, member: str | None = None, role: str | None = None, until: str | None = None) -> Reply:
    """Called with nothing it shows who holds what."""
    if member is not None:
        chosen = Role(role) if role else Role.OFFICER
        await _name(turn, int(member), chosen, day_ahead(until, turn.today()) if until else None)
    return Private(await _everyone(turn))


@governing.command(
    Command(
        "claim",
        "Become the first president of a society that has none",
        (Param("code", "the code that `preceptor claim` has printed", required=False),),
    )
)
async def claim(turn: Turn, code: str | None = None) -> Reply:
    """With a code from whoever runs the bot, at any time; else for who administers the place, while it has none."""
    if code is None and (turn.society.led or not turn.manager):
        raise Sorry(_NOT_YOURS)
    if code is not None and not await turn.records.power.use_claim(code.strip(), turn.now):
        raise Sorry("That code is not good, or not any more. Whoever runs me can print a new one.")
    await give(turn, turn.who.id, Role.PRESIDENT, None)
    return Private(_president(first_name(turn.who.name)))


@governing.press("role.show", need=Need.READ)
async def show(turn: Turn, person: int, role: str) -> Reply:
    held = await _held(turn, person, role)
    return Private(_one(held, (await _named(turn, held.person)).name))


@governing.press("role.extend", need=Need.GOVERN)
async def extend(turn: Turn, person: int, role: str, until: str) -> Reply:
    """A year longer than `until`. Of two who do so at once, one does: the other sees the new day."""
    held = await _held(turn, person, role)
    if str(held.until) != until:
        return Update(await _everyone(turn))
    await _name(turn, held.person, held.role, max(held.until or turn.today(), turn.today()) + YEAR)
    return Update(await _everyone(turn))


@governing.press("role.sure", need=Need.GOVERN)
async def sure(turn: Turn, person: int, role: str) -> Reply:
    held = await _held(turn, person, role)
    _must_name(turn, held.role)
    return Update(_sure(held, (await _named(turn, held.person)).name, own=held.person == turn.who.id))


@governing.press("role.end", need=Need.GOVERN)
async def end(turn: Turn, person: int, role: str) -> Reply:
    held = await _held(turn, person, role)
    _must_name(turn, held.role)
    if not await take(turn, held.person, held.role):
        raise Sorry(say("A society keeps its last president. Hand over first: {handover}", handover=Slash("handover")))
    return Update(await _everyone(turn))


@governing.promise(Open.ROLES)
async def terms(turn: Turn, subject: int) -> None:
    """End what is over, and say two weeks ahead what will be; both in one message to the officers."""
    over = await end_terms(turn.records, turn.now)
    said = [_over(held.role, (await _named(turn, held.person)).name) for held in over]
    for held in await turn.records.power.held():
        ends = ends_at(held, turn.society.zone)
        name = (await _named(turn, held.person)).name
        if ends is not None and ends <= turn.now:
            # The only president: nobody is there to follow.
            await turn.records.power.name(held.person, held.role, None)
            said.append(_stays(name))
        elif held.until is not None and ends_soon(held, turn.society.zone, turn.now):
            await turn.records.power.reminded(held.person, held.role)
            said.append(_soon(held.role, held.until, name))
    if said:
        await turn.tell_officers(message(*said[:8]), "roles")
    await plan(turn)


async def _name(turn: Turn, person: int, role: Role, until: date | None) -> None:
    _must_name(turn, role)
    if role is Role.OFFICER and turn.society.place(turn.place).role is not None:
        raise Sorry("Officers here are those who hold the role you chose in /setup. Give them that role.")
    await give(turn, person, role, until or turn.today() + YEAR)


def _must_name(turn: Turn, role: Role) -> None:
    turn.must(Need.GOVERN)
    if not may_name(role, turn.who.roles, manager=turn.manager, led=turn.society.led):
        raise Sorry(_NOT_YOURS)


async def _held(turn: Turn, person: int, role: str) -> Held:
    found = next((h for h in await turn.records.power.held() if (h.person, h.role) == (person, role)), None)
    if found is None:
        raise await done_by(turn, f"person:{person}", f"{role}.unmade", f"{role}.ended")
    return found


async def _named(turn: Turn, person: int) -> Person:
    found = await turn.records.people.get(person)
    assert found is not None  # a role is somebody's
    return found


async def _everyone(turn: Turn) -> Message:
    held = await turn.records.power.held()
    return _listed([(each, (await _named(turn, each.person)).name) for each in held], led=turn.society.led)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_NOT_YOURS = (
    "The first president is named by whoever administers this place, or by a code from whoever runs me; "
    "later ones by the president."
)
ROLES = {
    Role.PRESIDENT: "president",
    Role.OFFICER: "officer",
    Role.SAFEGUARDING: "reads private concerns",
    Role.ADVISOR: "advisor: sees all that officers see, and changes nothing",
}


def _until(held: Held) -> str:
    return f"until {day_words(held.until)} {held.until.year}" if held.until else "no last day"


def _listed(everyone: list[tuple[Held, str]], *, led: bool) -> Message:
    if not everyone:
        return message("Nobody holds a role yet.")
    lines: list[Text] = [
        say("{name}, {role}, {until}", name=name[:60], role=ROLES[held.role], until=_until(held))
        for held, name in everyone[:20]
    ]
    options = tuple(
        Option(act("role.show", held.person, held.role).token, shortened(f"{name}, {held.role}", OPTION_LABEL))
        for held, name in everyone[:OPTIONS]
    )
    unled = () if led else (Line(("Until there is a president, the officers govern together.",), quiet=True),)
    return message(bullets(*lines), *unled, Menu("Extend or end…", act("go", "roles"), options))


def _one(held: Held, name: str) -> Message:
    return message(
        say("{name}, {role}, {until}.", name=name[:60], role=ROLES[held.role], until=_until(held)),
        buttons(
            Button("A year longer", act("role.extend", held.person, held.role, str(held.until)), Style.PRIMARY),
            Button("End it now…", act("role.sure", held.person, held.role)),
        ),
    )


def _sure(held: Held, name: str, *, own: bool) -> Message:
    ends = "What it lets you do ends with it, this page of roles too." if own else "What it lets them do ends with it."
    return message(
        say("End it now for {name}: {role}? {ends}", name=name[:60], role=ROLES[held.role], ends=ends),
        buttons(
            Button("End it", act("role.end", held.person, held.role), Style.DANGER),
            Button("Leave it", act("role.show", held.person, held.role)),
        ),
    )


def _president(name: str) -> Message:
    return message(
        say("{name}, you are president. Who helps you: {officers}", name=name, officers=Slash("officers")),
        say("How the bot behaves here: {settings}", settings=Slash("settings")),
    )


def _over(role: Role, name: str) -> Text:
    return say("{name}'s time as {role} is over, and with it their access.", name=name[:60], role=role.value)


def _stays(name: str) -> Text:
    return say(
        "{name}'s time as president is over, and nobody follows yet, so it goes on. To hand over: {handover}",
        name=name[:60],
        handover=Slash("handover"),
    )


def _soon(role: Role, until: date, name: str) -> Text:
    return say(
        "{name} is {role} until {day}. Longer, or someone new? {officers}",
        name=name[:60],
        role=role.value,
        day=day_words(until),
        officers=Slash("officers"),
    )
