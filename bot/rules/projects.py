"""What a project's next step is, and when: asking for an update, and holding each milestone's date.

As with a pair, one pure function from the facts to the next thing due. Whatever is late goes to the mentee first; the
mentor is shown an overdue milestone only when the mentee was asked and said nothing. What was missed is not made up
for: of a milestone's reminders only the latest is given, and an update is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import (
    DAY,
    Pace,
    PairFacts,
    PairState,
    Person,
    Project,
    ProjectEvent,
    ProjectHappened,
    ProjectMilestone,
)
from bot.rules.agenda import still
from bot.rules.timing import Spell, after, awake, first_moment, out_of_quiet

LADDER = (ProjectHappened.SOON, ProjectHappened.TODAY, ProjectHappened.LATE, ProjectHappened.SHOWN)
"""What is said of one milestone, in this order and each at most once; the last to the mentor."""


@dataclass(frozen=True)
class ProjectStep:
    at: datetime
    what: ProjectHappened
    """What will have happened once it is done."""
    milestone: ProjectMilestone | None = None


def next_step(project: Project, facts: PairFacts, now: datetime, pace: Pace) -> ProjectStep | None:
    """The next thing due for a project; its moment may lie in the past. None while it or its pair rests, or is over."""
    if facts.pair.state is not PairState.ACTIVE or not project.state.running:
        return None
    stopped = still(facts)
    steps = [*_updates(project, facts, stopped, pace)]
    for milestone in project.open_dates:
        steps += _milestone(project, milestone, facts, stopped, now, pace)
    return min(steps, key=lambda step: (step.at, list(ProjectHappened).index(step.what)), default=None)


def over_promised(asked: int, elsewhere: int, has: int | None) -> bool:
    """Whether these hours a week, with those promised elsewhere, are more than someone said they have."""
    return has is not None and asked + elsewhere > has


def last_told(project: Project) -> datetime | None:
    """When the mentee last said how it goes."""
    return max((e.at for e in project.events if e.what is ProjectHappened.TOLD), default=None)


def _updates(project: Project, facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[ProjectStep]:
    """At the agreed rhythm from the last word on; after a few silences ways out are offered, and then no more."""
    if project.agreed is None or project.began_at is None or project.agreed.updates.days is None:
        return
    word = last_told(project) or project.began_at
    since = [event for event in project.events if event.at >= word]
    if any(event.what is ProjectHappened.OFFERED for event in since):
        return
    asked = [event.at for event in since if event.what is ProjectHappened.ASKED]
    due = after(max([word, *asked]), project.agreed.updates.days * DAY, stopped)
    what = ProjectHappened.OFFERED if len(asked) >= pace.updates_unanswered else ProjectHappened.ASKED
    yield ProjectStep(_kindly(due, _zone(facts.mentee, facts), stopped, pace), what)


def _milestone(
    project: Project, milestone: ProjectMilestone, facts: PairFacts, stopped: list[Spell], now: datetime, pace: Pace
) -> list[ProjectStep]:
    zone = _zone(facts.mentee, facts)
    day = first_moment(milestone.due, zone)
    told = last_told(project)
    if told is not None and told >= day:
        return []  # the mentor knows how it stands
    said = [e for e in project.events if (e.place, e.due) == (milestone.place, milestone.due) and e.what in LADDER]
    given = max((LADDER.index(event.what) for event in said), default=-1)
    moments = _moments(project, milestone, facts, said, stopped, pace)
    ahead = [ProjectStep(at, what, milestone) for what, at in moments if LADDER.index(what) > given]
    return [step for step in ahead if step.at <= now][-1:] or ahead[:1]


def _moments(
    project: Project,
    milestone: ProjectMilestone,
    facts: PairFacts,
    said: list[ProjectEvent],
    stopped: list[Spell],
    pace: Pace,
) -> Iterator[tuple[ProjectHappened, datetime]]:
    """When each thing would be said of a milestone, in order."""
    zone = _zone(facts.mentee, facts)
    known = _known_since(project)
    day = first_moment(milestone.due, zone)
    soon = first_moment(milestone.due - pace.milestone_ahead, zone)
    for what, at in ((ProjectHappened.SOON, soon), (ProjectHappened.TODAY, day)):
        if at > known:  # who names a date that is near has no need to be told of it
            yield what, _kindly(at, zone, stopped, pace)
    asked = next((event.at for event in said if event.what is ProjectHappened.LATE), None)
    if asked is None:
        yield ProjectHappened.LATE, _kindly(after(day, timedelta(days=1), stopped), zone, stopped, pace)
    else:
        shown = after(asked, pace.milestone_shown, stopped)
        yield ProjectHappened.SHOWN, _kindly(shown, _zone(facts.mentor, facts), stopped, pace)


def _known_since(project: Project) -> datetime:
    """When the mentee said the dates that count; at the latest when the project began."""
    said = project.promised.mentee_confirmed_at if project.promised else None
    assert project.began_at is not None
    return max(project.began_at, said) if said else project.began_at


def _zone(person: Person, facts: PairFacts) -> ZoneInfo:
    return person.zone or facts.zone


def _kindly(moment: datetime, zone: ZoneInfo, stopped: list[Spell], pace: Pace) -> datetime:
    """The first moment from `moment` on at which neither the clock stands still nor someone sleeps."""
    for _ in range(2 * len(stopped) + 2):
        before = moment
        moment = out_of_quiet(awake(moment, stopped), zone, pace)
        if moment == before:
            break
    return moment
