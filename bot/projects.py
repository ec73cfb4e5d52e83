"""What the writing of a project and its course have in common: whose it is, its versions, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.agreed import project_questions
from bot.feature import Stale, Turn
from bot.model import Commitment, Pair, PairState, Person, Project, ProjectMilestone, ProjectState, Side, Urgency
from bot.portrait import first_name
from bot.ui import (
    Bold,
    Bullets,
    Button,
    Buttons,
    Line,
    Message,
    Option,
    Quote,
    Style,
    Words,
    act,
    bullets,
    buttons,
    day_words,
    message,
    say,
)

MILESTONES = 5
HOURS = tuple(Option(str(n), "1 hour" if n == 1 else f"{n} hours") for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20))


def topic(project: int, kind: str) -> str:
    """Under which something of a project waits to be said: "ask", "proposal", or a `date_kind`."""
    return f"project:{project}:{kind}"


def date_kind(place: int) -> str:
    return f"date-{place}"


async def quieten(turn: Turn, project: int) -> None:
    """Unsay whatever was still to be said of a project."""
    for kind in ("ask", "proposal", *map(date_kind, range(MILESTONES + 1))):
        await turn.records.post.withdraw(topic(project, kind))


async def project_of_mine(turn: Turn, number: int) -> tuple[Project, Pair, Side]:
    """An open project of the one who asks, its pair, and their side. Raises Stale for any other."""
    project = await turn.records.projects.get(number)
    if project is None or project.state.over:
        raise Stale
    pair, side = await turn.pair_of_mine(project.pair)
    if project.state is ProjectState.DRAFT and project.by is not side:
        raise Stale
    return project, pair, side


async def running_of_mine(turn: Turn, number: int) -> tuple[Project, Pair, Side]:
    """The same, of a project that is under way in a pair that does not rest."""
    project, pair, side = await project_of_mine(turn, number)
    if not project.state.running or pair.state is not PairState.ACTIVE:
        raise Stale
    return project, pair, side


async def mine_as_mentee(turn: Turn, number: int) -> tuple[Project, Pair]:
    """The same, for what only its mentee can say."""
    project, pair, side = await running_of_mine(turn, number)
    if side is not Side.MENTEE:
        raise Stale
    return project, pair


async def other_of(turn: Turn, pair: Pair, side: Side) -> Person:
    found = await turn.records.people.get(pair.person(side.other))
    assert found is not None  # a pair's people are kept as long as the pair
    return found


async def put_forward(turn: Turn, pair: Pair, side: Side, draft: Commitment, said: Message) -> None:
    """Show a version to the other, with the yes of whoever wrote it. Raises Stale for one that was shown already."""
    if not await turn.records.projects.propose(draft.id, turn.now):
        raise Stale
    await turn.records.post.withdraw(topic(draft.project, "proposal"))
    # One of a pair says it to the other, who waits for it: it is no news of ours.
    to = pair.person(side.other)
    await turn.tell(to, said, topic(draft.project, "proposal"), Urgency.NOTE, by=turn.who.id)
    await turn.audit("project.proposed", f"project:{draft.project}", f"version {draft.id}")


def missing(draft: Commitment) -> str | None:
    """The screen on which something is still open."""
    if not all((draft.title, draft.scope, draft.part, draft.hours, draft.until)):
        return "what"
    return None if draft.credit else "how"


async def seen_by(turn: Turn, pair: Pair, side: Side) -> list[Project]:
    every = await turn.records.projects.open_of(pair.id)
    return [one for one in every if one.state is not ProjectState.DRAFT or one.by is side]


async def name_of_other(turn: Turn, pair: Pair, side: Side) -> str:
    return first_name((await other_of(turn, pair, side)).name)


def state_of(one: Project, side: Side, today: date) -> str:
    """How a project stands, in a few words."""
    newest = one.newest
    if newest is None:
        return "not sent yet"
    if not newest.in_force:
        return "waits for the other's yes" if newest.confirmed_by(side) else "waits for your yes"
    upcoming = next(iter(one.open_dates), None)
    if upcoming is None:
        return "every date reached"
    what = "finished" if upcoming.place == 0 else f"“{upcoming.what}”"
    late = upcoming.due < today
    return f"{what} {'was for' if late else 'by'} {day_words(upcoming.due)}"


async def shown(turn: Turn, one: Project, pair: Pair, side: Side) -> Message:
    other = await name_of_other(turn, pair, side)
    newest = one.newest
    if newest is None:
        draft = await turn.records.projects.draft(one.id, side)
        open_screen = missing(draft)
        return _unfinished(one, open_screen) if open_screen else preview(draft, other)
    if newest.in_force:
        return _under_way(one, newest, side)
    return _waiting(one, newest, side, other)


# ── how it reads ──────────────────────────────────────────────────────────────────────────────────────────────────


def name_of(project: Project) -> str:
    """What a project is called, in quotation marks."""
    commitment = project.agreed or project.newest
    return f"“{commitment.title}”" if commitment and commitment.title else "the project"


def written_out(commitment: Commitment) -> Iterator[Line | Quote | Bullets]:
    """All that a version says."""
    yield Line((Bold(commitment.title),))
    if commitment.scope:
        yield Quote(commitment.scope)
    points: list[Words] = []
    if commitment.hours and commitment.until:
        points.append(f"{hours_words(commitment.hours)} a week, until {day_words(commitment.until)}")
    if commitment.part:
        credit = f". Credit: {commitment.credit.label}" if commitment.credit else ""
        points.append(f"Part: {commitment.part.label}{credit}")
    points.append(f"Word: {commitment.updates.label.lower()}. If it slips: {commitment.slipping.label}")
    points += [say("{what}: {day}", what=each.what, day=day_words(each.due)) for each in commitment.milestones]
    yield bullets(*points)


def hours_words(hours: int) -> str:
    return "1 hour" if hours == 1 else f"{hours} hours"


def called(milestone: ProjectMilestone, project: Project) -> str:
    """A milestone within a sentence, with the project it belongs to."""
    return name_of(project) if milestone.place == 0 else f"“{milestone.what}” ({name_of(project)[1:-1]})"


def yes_or_talk(commitment: Commitment, yes: str) -> tuple[Button, Button]:
    return (
        Button(yes, act("project.agree", commitment.id), Style.PRIMARY),
        Button("Let's talk first", act("project.talk", commitment.id)),
    )


def preview(draft: Commitment, other: str) -> Message:
    return message(
        say("This is what {name} will read. Nothing is sent until you say so.", name=other),
        *written_out(draft),
        buttons(
            Button(f"Send to {other}", act("project.send", draft.id), Style.PRIMARY),
            Button(
                "Milestones" if not draft.milestones else "Change milestones",
                act("project.edit", draft.project, "dates"),
            ),
            Button("Change what", act("project.edit", draft.project, "what")),
            Button("Change how", act("project.edit", draft.project, "how")),
        ),
    )


def _unfinished(one: Project, missing: str) -> Message:
    return message(
        "You began to write a project down. Nobody has seen it yet.",
        buttons(
            Button("Go on", act("project.edit", one.id, missing), Style.PRIMARY),
            Button("Put it away", act("project.drop", one.id)),
        ),
    )


def _waiting(one: Project, newest: Commitment, side: Side, other: str) -> Message:
    earlier = [Line(("Until both say yes, what you agreed before holds.",), quiet=True)] if one.agreed else []
    if newest.confirmed_by(side):
        opening, row = say("This waits for {other}'s yes:", other=other), []
    else:
        opening, row = say("{other} proposes, and waits for your yes:", other=other), [*yes_or_talk(newest, "Yes")]
    row += [Button("Change it", act("project.change", one.id)), _let_go(one)]
    return message(opening, *written_out(newest), *earlier, buttons(*row), *_says(one, side))


def _says(one: Project, side: Side) -> list[Buttons]:
    """What the mentee of a project that is under way can say of it at any time."""
    if side is not Side.MENTEE or not one.state.running:
        return []
    return [
        buttons(
            Button("Say how it goes", act("project.tell", one.id), Style.PRIMARY),
            Button("I am slipping", act("project.slip", one.id, 0)),
            Button("I took on too much", act("project.less", one.id)),
        )
    ]


def _let_go(one: Project) -> Button:
    if one.state is ProjectState.PROPOSED:
        return Button("Not after all", act("project.drop", one.id))
    return Button("Finish or leave", act("project.end", one.id))


def _under_way(one: Project, agreed: Commitment, side: Side) -> Message:
    open_dates = {(each.place, each.due) for each in one.open_dates}
    reached = [each.what for each in agreed.milestones if (each.place, each.due) not in open_dates]
    done = [Line(("Reached: ", ", ".join(reached)), quiet=True)] if reached else []
    return message(
        *written_out(agreed),
        *done,
        *_says(one, side),
        buttons(
            Button("Change it", act("project.change", one.id)),
            project_questions(one.pair),
            _let_go(one),
            Button("Earlier updates", act("project.history", one.pair)),
            Button("Another project", act("project.new", one.pair)),
        ),
    )
