"""A project under way: updates at its rhythm, its dates, saying that it slips, finishing it and leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.feature import Feature, Sorry, Stale, Turn, spoke
from bot.model import (
    Commitment,
    Open,
    Pair,
    PairFacts,
    Project,
    ProjectHappened,
    ProjectMilestone,
    ProjectState,
    ProjectUpdate,
    Side,
    Urgency,
)
from bot.pairs import carry, steps_done
from bot.portrait import first_name
from bot.projects import (
    HOURS,
    called,
    date_kind,
    hours_words,
    mine_as_mentee,
    name_of,
    other_of,
    put_forward,
    topic,
    yes_or_talk,
)
from bot.questions import Question, Screen
from bot.rules.dates import a_day
from bot.rules.projects import ProjectStep, next_step
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Line,
    Message,
    Private,
    Quote,
    Reply,
    Style,
    Update,
    When,
    act,
    bullets,
    buttons,
    clean,
    day_words,
    joined,
    message,
    say,
    shortened,
)

underway = Feature("underway")

TELL = Screen(
    "tell",
    "How it goes",
    (
        Question(
            "done", "Done", required=False, limit=300, hint="One line is enough; any of the three may stay empty."
        ),
        Question("next", "Next", required=False, limit=300),
        Question("blocked", "Blocked", required=False, limit=300, hint="What you wait for, or what is in the way."),
    ),
)
SLIP = Screen(
    "slip",
    "A new day",
    (
        Question("until", "I can have it by", draft=True, hint="A day like 2026-12-18 or Dec 18 that you can keep."),
        Question("words", "A line with it, if you like", required=False, limit=300),
    ),
)
LESS = Screen(
    "less",
    "What I can do",
    (
        Question("scope", "What I can surely finish", draft=True, limit=400),
        Question("hours", "Hours a week", options=HOURS),
        Question("words", "A line with it, if you like", required=False, limit=300),
    ),
)
PAST = 5
"""So many earlier updates are shown."""


# ── its clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


@underway.follows
async def plan(turn: Turn, facts: PairFacts) -> None:
    """A project follows its pair: a rest, an absence or a new date moves what comes next."""
    for project in await turn.records.projects.open_of(facts.pair.id):
        step = next_step(project, facts, turn.now, turn.pace)
        await turn.records.diary.set(Open.PROJECT, project.id, step.at if step else None)


@underway.promise(Open.PROJECT)
async def due(turn: Turn, number: int) -> None:
    project = await turn.records.projects.get(number)
    facts = await turn.facts(project.pair) if project else None
    step = next_step(project, facts, turn.now, turn.pace) if project and facts else None
    if project is None or facts is None or step is None:
        await turn.records.diary.set(Open.PROJECT, number, None)
        return
    turn.records.pairs.touched.add(project.pair)
    if step.at <= turn.now:
        await _do(turn, project, facts, step)


async def _do(turn: Turn, project: Project, facts: PairFacts, step: ProjectStep) -> None:
    about = (step.milestone.place, step.milestone.due) if step.milestone else (None, None)
    if not await turn.records.projects.happened(project.id, step.what, turn.now, *about):
        raise RuntimeError(f"{step.what} of project {project.id} was done before")
    mentee, mentor = first_name(facts.mentee.name), first_name(facts.mentor.name)
    if step.what is ProjectHappened.SHOWN and step.milestone:
        to, said = facts.mentor.id, _shown(step.milestone, project, mentee)
    elif step.milestone:
        to, said = facts.mentee.id, _date(step.milestone, project, turn.today(facts.mentee))
    else:
        asked = step.what is ProjectHappened.ASKED
        to, said = facts.mentee.id, _asked(project, mentor) if asked else _offered(project, mentor)
    under = topic(project.id, date_kind(step.milestone.place) if step.milestone else "ask")
    # An earlier question that was never sent is no longer worth its place.
    await turn.records.post.withdraw(under)
    await turn.tell(to, said, under, Urgency.PROMPT)


# ── updates ───────────────────────────────────────────────────────────────────────────────────────────────────────


@underway.press("project.tell")
async def tell(turn: Turn, number: int) -> Reply:
    project, _ = await mine_as_mentee(turn, number)
    return TELL.form(act("project.told", project.id), None, "Send")


@underway.form("project.told")
async def told(turn: Turn, number: int) -> Reply:
    project, pair = await mine_as_mentee(turn, number)
    given = TELL.read(turn.filled)
    if not any(given.values()):
        raise Sorry("There was nothing to hand on yet: one line in one of the three is enough.")
    update = ProjectUpdate(turn.now, name_of(project)[1:-1], **given)
    await turn.records.projects.add_update(project.id, update)
    await _has_told(turn, project, pair)
    said = _update(first_name(turn.who.name), project, update, await steps_done(turn, pair), pair)
    await carry(turn, pair, Side.MENTEE, said, topic(project.id, "update"))
    mentor = await other_of(turn, pair, Side.MENTEE)
    near = [each for each in project.open_dates if each.place and each.due <= turn.today(turn.who) + timedelta(days=7)]
    return Private(_handed_on(first_name(mentor.name), project, near))


async def _has_told(turn: Turn, project: Project, pair: Pair) -> None:
    """The mentee said how it goes: that is contact, and asks the mentor for no answer."""
    await turn.records.projects.happened(project.id, ProjectHappened.TOLD, turn.now)
    settled_by_it = [each.place for each in project.open_dates if each.due <= turn.today(turn.who)]
    for kind in ("ask", *map(date_kind, settled_by_it)):
        await turn.records.post.withdraw(topic(project.id, kind))
    await spoke(turn, pair, Side.MENTEE, asks=False)


@underway.press("project.history")
async def history(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    return Private(_history(await turn.records.projects.updates(pair.id, PAST)))


@underway.press("project.reached")
async def reached(turn: Turn, number: int, place: int) -> Reply:
    project, pair = await mine_as_mentee(turn, number)
    milestone = _milestone(project, place)
    await turn.records.projects.happened(project.id, ProjectHappened.REACHED, turn.now, place, milestone.due)
    await turn.records.post.withdraw(topic(project.id, date_kind(place)))
    mentor = await other_of(turn, pair, Side.MENTEE)
    return Update(_well_done(milestone, project, first_name(mentor.name)))


def _milestone(project: Project, place: int) -> ProjectMilestone:
    """A date still open. Raises Stale for one that was reached, or is no more."""
    found = next((each for each in project.open_dates if each.place == place), None)
    if found is None:
        raise Stale
    return found


# ── it slips, or is too much ──────────────────────────────────────────────────────────────────────────────────────


@underway.press("project.slip")
async def slip(turn: Turn, number: int, place: int) -> Reply:
    project, _ = await mine_as_mentee(turn, number)
    _milestone(project, place)
    return SLIP.form(act("project.slipped", project.id, place), None, "Send")


@underway.form("project.slipped")
async def slipped(turn: Turn, number: int, place: int) -> Reply:
    project, pair = await mine_as_mentee(turn, number)
    old, given = _milestone(project, place), SLIP.read(turn.filled)
    day = a_day(given["until"], turn.today(turn.who))
    if day is None:
        return Private(_no_day(project, place))
    before = project.promised
    assert before is not None  # it is under way
    assert before.until is not None
    moved = tuple(replace(each, due=day) if each.place == place else each for each in before.milestones)
    until = day if place == 0 else max(before.until, day)
    after = replace(before, until=until, milestones=moved)
    await turn.records.post.withdraw(topic(project.id, date_kind(place)))
    said = _slips(first_name(turn.who.name), project, old, day, given["words"])
    return await _says_so(turn, project, pair, after, said)


@underway.press("project.less")
async def less(turn: Turn, number: int) -> Reply:
    project, _ = await mine_as_mentee(turn, number)
    return LESS.form(act("project.lessened", project.id), project.promised, "Send")


@underway.form("project.lessened")
async def lessened(turn: Turn, number: int) -> Reply:
    project, pair = await mine_as_mentee(turn, number)
    before, given = project.promised, LESS.read(turn.filled)
    assert before is not None  # it is under way
    after = replace(before, scope=given["scope"] or before.scope, hours=int(given["hours"]))
    said = _does_less(first_name(turn.who.name), project, before, after, given["words"])
    return await _says_so(turn, project, pair, after, said)


async def _says_so(turn: Turn, project: Project, pair: Pair, after: Commitment, said: Message) -> Reply:
    """The mentee says in time what they can keep; the mentor reads it plainly and accepts in a tap."""
    records = turn.records.projects
    draft = await records.draft(project.id, Side.MENTEE)
    names = ("title", "scope", "part", "hours", "until", "updates", "slipping", "credit", "milestones")
    await records.write(draft.id, **{name: getattr(after, name) for name in names})
    await put_forward(turn, pair, Side.MENTEE, draft, message(*said.blocks, buttons(*yes_or_talk(draft, "Fine by me"))))
    await records.move(project.id, ProjectState.AT_RISK, turn.now)
    await _has_told(turn, project, pair)
    mentor = await other_of(turn, pair, Side.MENTEE)
    return Private(_said_in_time(first_name(mentor.name)))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _ways_out(project: Project) -> tuple[Button, Button]:
    return (
        Button("I am slipping", act("project.slip", project.id, 0)),
        Button("I took on too much", act("project.less", project.id)),
    )


def _asked(project: Project, mentor: str) -> Message:
    upcoming = next((each for each in project.open_dates if each.place), None)
    ahead = [Line((f"Next: {upcoming.what}, {day_words(upcoming.due)}.",), quiet=True)] if upcoming else []
    return message(
        say(
            "How is {project} going? Three short lines, which {mentor} gets as one.",
            project=name_of(project),
            mentor=mentor,
        ),
        *ahead,
        buttons(Button("Write them", act("project.tell", project.id), Style.PRIMARY), *_ways_out(project)),
    )


def _offered(project: Project, mentor: str) -> Message:
    return message(
        say("I won't ask about {project} again for now. Any of these is fine:", project=name_of(project)),
        buttons(
            Button(f"A line to {mentor}", act("project.tell", project.id), Style.PRIMARY),
            *_ways_out(project),
            Button("Change the plan", act("project.change", project.id)),
            Button("Finish or leave", act("project.end", project.id)),
        ),
    )


def _date(milestone: ProjectMilestone, project: Project, today: date) -> Message:
    """A milestone that is near, is today, or was."""
    what, day = called(milestone, project), day_words(milestone.due)
    if milestone.due > today:
        words = say("{what} is for {day}.", what=what, day=day)
    elif milestone.due == today:
        words = say("{what} is for today.", what=what)
    else:
        words = say("{what} was for {day}. How does it stand?", what=what, day=day)
    return message(words, _taps(milestone, project))


def _taps(milestone: ProjectMilestone, project: Project) -> Buttons:
    if milestone.place == 0:
        reached = Button("It is finished", act("project.finish", project.id), Style.PRIMARY)
    else:
        reached = Button("Done", act("project.reached", project.id, milestone.place), Style.PRIMARY)
    return buttons(
        reached,
        Button("A new day", act("project.slip", project.id, milestone.place)),
        Button("I took on too much", act("project.less", project.id)),
    )


def _shown(milestone: ProjectMilestone, project: Project, mentee: str) -> Message:
    words = "{what} was for {day}, with no word yet. {mentee} has been asked; nothing for you to do."
    return message(say(words, what=called(milestone, project), day=day_words(milestone.due), mentee=mentee))


def _update(mentee: str, project: Project, update: ProjectUpdate, steps: list[Line], pair: Pair) -> Message:
    points = [("Done", update.done), ("Next", update.next), ("Blocked", update.blocked)]
    return message(
        say("{mentee} on {project}:", mentee=mentee, project=name_of(project)),
        bullets(*(say("{head}: {words}", head=Bold(head), words=words) for head, words in points if words)),
        *steps,
        buttons(Button("Answer", act("write.open", pair.id))),
    )


def _handed_on(mentor: str, project: Project, near: Sequence[ProjectMilestone]) -> Message:
    sent = say("On its way to {mentor}, as one message.", mentor=mentor)
    if not near:
        return message(sent)
    taps = (Button(f"Done: {shortened(m.what, 60)}", act("project.reached", project.id, m.place)) for m in near)
    return message(sent, "Is one of these done?", buttons(*taps))


def _history(updates: Sequence[ProjectUpdate]) -> Message:
    if not updates:
        return message("No updates yet.")
    return message("What was said so far, the newest first:", *(_past(update) for update in updates))


def _past(update: ProjectUpdate) -> Line:
    said = (("Done", update.done), ("next", update.next), ("blocked", update.blocked))
    words = joined([f"{head}: {clean(each, 90)}" for head, each in said if each], ";").replace(" ; ", "; ")
    return Line(say("{day} · {title}. {words}", day=When(update.at, "day"), title=update.title, words=words))


def _well_done(milestone: ProjectMilestone, project: Project, mentor: str) -> Message:
    return message(
        say("{what}: done. {mentor} reads of it in your next update.", what=f"“{milestone.what}”", mentor=mentor),
        buttons(Button("Tell them now", act("project.tell", project.id))),
    )


def _slips(mentee: str, project: Project, old: ProjectMilestone, day: date, words: str) -> Message:
    later = "later" if day > old.due else "earlier"
    return message(
        say(
            "{mentee} says in time: {what} comes {later}, on {new} instead of {old}.",
            mentee=mentee,
            what=called(old, project),
            later=later,
            new=Bold(day_words(day)),
            old=day_words(old.due),
        ),
        *([Quote(words)] if words else []),
    )


def _does_less(mentee: str, project: Project, before: Commitment, after: Commitment, words: str) -> Message:
    hours = f"{hours_words(after.hours or 0)} a week"
    instead = f" instead of {before.hours}" if before.hours != after.hours else ""
    return message(
        say("{mentee} says in time what fits of {project}:", mentee=mentee, project=name_of(project)),
        Quote(after.scope),
        say("{hours}{instead}.", hours=hours, instead=instead),
        *([Quote(words)] if words else []),
    )


def _said_in_time(mentor: str) -> Message:
    return message(say("Sent. To say it in time is half of the work. {mentor} can answer with a tap.", mentor=mentor))


def _no_day(project: Project, place: int) -> Message:
    again = Button("Try again", act("project.slip", project.id, place), Style.PRIMARY)
    return message("I need a day to come, like 2026-12-18 or Dec 18.", buttons(again))
