"""A project: what it is, who gives how much, by when; written on short screens, and begun when both say yes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feature import Feature, Stale, Turn
from bot.model import Commitment, Pair, PairState, Project, ProjectMilestone, ProjectState, Side, Urgency
from bot.portrait import first_name
from bot.projects import (
    HOURS,
    MILESTONES,
    hours_words,
    missing,
    name_of,
    name_of_other,
    other_of,
    preview,
    project_of_mine,
    put_forward,
    quieten,
    seen_by,
    shown,
    state_of,
    topic,
    written_out,
    yes_or_talk,
)
from bot.questions import Question, Screen
from bot.rules.dates import a_day, dated
from bot.rules.projects import over_promised
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Card,
    Command,
    Form,
    Kind,
    Message,
    Param,
    Private,
    Reply,
    Style,
    Text,
    TextField,
    Update,
    act,
    buttons,
    clean,
    day_words,
    message,
    say,
)
from bot.vocabulary import Credit, Part, Slipping, Term, Updates

projects = Feature("projects")
projects.offer("A project together", "project.open")

ALL_HOURS = Question(
    "all", "Hours a week you can surely give, in all", options=HOURS, hint="To all projects together, in a busy week."
)
WHAT = Screen(
    "what",
    "A project",
    (
        Question("title", "What is it?", draft=True, hint="A few words, as you two call it."),
        Question("scope", "What will be there when it is done?", draft=True, limit=400,
                 hint="So that both know when it is finished."),
        Question("part", "The mentee's part", Part),
        Question("hours", "Hours a week", options=HOURS, hint="What the mentee can surely give, not what they wish."),
        Question("until", "Finished by", draft=True, hint="A day like 2026-12-18 or Dec 18."),
    ),
)  # fmt: skip
HOW = Screen(
    "how",
    "How you work on it",
    (
        Question("updates", "Word of how it goes", Updates),
        Question("slipping", "If it slips, the mentor hears", Slipping),
        Question("credit", "Credit", Credit),
    ),
)
HOW_AND_HOURS = Screen("how", "How you work on it", (*HOW.questions, ALL_HOURS))
IN_ALL = Screen("all", "Your hours", (ALL_HOURS,))


@projects.command(
    Command(
        "project",
        "A project with your mentor or mentee: begin one, or see how it stands",
        (Param("pair", "with whom, if you have several pairs", Kind.PAIR, required=False),),
    )
)
async def project(turn: Turn, pair: str | None = None) -> Reply:
    return await _opened(turn, *await turn.my_pair(pair))


@projects.press("project.open")
async def open_projects(turn: Turn, pair_id: int) -> Reply:
    return await _opened(turn, *await turn.pair_of_mine(pair_id))


async def _opened(turn: Turn, pair: Pair, side: Side) -> Reply:
    match await seen_by(turn, pair, side):
        case []:
            return WHAT.form(act("project.begin", pair.id), None)
        case [one]:
            return Private(await shown(turn, one, pair, side))
        case several:
            other = await other_of(turn, pair, side)
            return Private(
                _listed([(one, state_of(one, side, turn.today(turn.who))) for one in several], pair, other.name)
            )


@projects.press("project.show")
async def show(turn: Turn, number: int) -> Reply:
    one, pair, side = await project_of_mine(turn, number)
    return Private(await shown(turn, one, pair, side))


@projects.press("project.new")
async def another(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    return WHAT.form(act("project.begin", pair.id), None)


# ── writing it ────────────────────────────────────────────────────────────────────────────────────────────────────


@projects.form("project.begin")
async def begin(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    number = await turn.records.projects.start(pair.id, side)
    await _as_expected(turn, number, pair, side)
    return await _saved(turn, number, pair, side, "what")


async def _as_expected(turn: Turn, number: int, pair: Pair, side: Side) -> None:
    """Begin with what the two have settled on about projects already, where they have."""
    facts = await turn.facts(pair.id)
    agreement = facts.agreement if facts else None
    if agreement is None:
        return
    settled = {
        "updates": agreement.chosen(Term.UPDATES, Updates),
        "slipping": agreement.chosen(Term.SLIPPING, Slipping),
        "credit": agreement.chosen(Term.CREDIT, Credit),
    }
    draft = await turn.records.projects.draft(number, side)
    await turn.records.projects.write(draft.id, **{name: each for name, each in settled.items() if each})


@projects.form("project.save")
async def save(turn: Turn, number: int, screen: str) -> Reply:
    _, pair, side = await project_of_mine(turn, number)
    return await _saved(turn, number, pair, side, screen)


@projects.press("project.edit")
async def edit(turn: Turn, number: int, screen: str) -> Reply:
    one, _, side = await project_of_mine(turn, number)
    return await _form(turn, one.id, side, screen)


@projects.press("project.change")
async def change(turn: Turn, number: int) -> Reply:
    one, _, _ = await project_of_mine(turn, number)
    return Private(message("What shall be different? The other sees it once you send it.", _edits(one.id)))


async def _form(turn: Turn, number: int, side: Side, name: str) -> Form:
    draft = await turn.records.projects.draft(number, side)
    if name == "dates":
        return _dates(draft)
    return (await _screen(turn, side, name)).form(act("project.save", number, name), draft)


async def _screen(turn: Turn, side: Side, name: str) -> Screen:
    if name not in ("what", "how"):
        raise Stale
    unasked = side is Side.MENTEE and await turn.records.projects.hours_of(turn.who.id) is None
    return WHAT if name == "what" else HOW_AND_HOURS if unasked else HOW


async def _saved(turn: Turn, number: int, pair: Pair, side: Side, name: str) -> Reply:
    """Keep what was filled in, and show what comes next. A day that cannot be read loses nothing of the rest."""
    draft = await turn.records.projects.draft(number, side)
    trouble = await (_keep_dates(turn, draft) if name == "dates" else _keep_screen(turn, draft, side, name))
    if trouble is not None:
        return Private(_once_more(trouble, number, name))
    draft = await turn.records.projects.draft(number, side)
    if (following := missing(draft)) is not None:
        return Private(_once_more("Saved. One more screen.", number, following))
    return Private(preview(draft, await name_of_other(turn, pair, side)))


async def _keep_screen(turn: Turn, draft: Commitment, side: Side, name: str) -> str | None:
    given = (await _screen(turn, side, name)).read(turn.filled)
    trouble = None
    if "all" in given:
        await turn.records.projects.say_hours(turn.who.id, int(given.pop("all")))
    if "hours" in given:
        given["hours"] = int(given["hours"])
    if "until" in given:
        given["until"] = a_day(given["until"], turn.today(turn.who))
        trouble = (
            None if given["until"] else "Saved, but for the day it is finished. One like 2026-12-18, still to come?"
        )
    await turn.records.projects.write(draft.id, **given)
    return trouble


async def _keep_dates(turn: Turn, draft: Commitment) -> str | None:
    found, unread = [], False
    for place in range(1, MILESTONES + 1):
        line = clean(" ".join(turn.filled.get(f"m{place}", ())), 120)
        # One that was left as it is may lie in the past.
        kept = next((each for each in draft.milestones if each.place == place and _as_line(each) == line), None)
        parts = dated(line, turn.today(turn.who))
        if kept:
            found.append(kept)
        elif parts:
            found.append(ProjectMilestone(place, clean(parts[0], 80), parts[1]))
        unread |= bool(line) and not kept and not parts
    await turn.records.projects.write(draft.id, milestones=tuple(found))
    return "Each milestone needs a line and a day to come, like “First draft by Nov 20”." if unread else None


# ── both say yes ──────────────────────────────────────────────────────────────────────────────────────────────────


@projects.press("project.send")
async def send(turn: Turn, number: int, sure: str = "") -> Reply:
    draft, one, pair, side = await _version(turn, number)
    if draft.by is not side or draft.proposed_at is not None or missing(draft):
        raise Stale
    if not sure and (warning := await _warning(turn, draft, side, act_name="project.send")):
        return Update(warning)
    other = await other_of(turn, pair, side)
    await put_forward(turn, pair, side, draft, _proposal(draft, turn.who.name, first=not one.commitments))
    return Update(message(say("Sent. It holds once {name} has said yes, too.", name=first_name(other.name))))


@projects.press("project.agree")
async def agree(turn: Turn, number: int, sure: str = "") -> Reply:
    commitment, one, pair, side = await _version(turn, number)
    if commitment.proposed_at is None:
        raise Stale
    if commitment.confirmed_by(side):
        return Update(await shown(turn, one, pair, side))
    if side is Side.MENTEE and await turn.records.projects.hours_of(turn.who.id) is None:
        return IN_ALL.form(act("project.hours", commitment.id), None)
    if not sure and (warning := await _warning(turn, commitment, side, act_name="project.agree")):
        return Update(warning)
    confirmed = await turn.records.projects.confirm(commitment.id, side, turn.now)
    if confirmed is None:
        return Update(await shown(turn, one, pair, side))
    await turn.records.projects.move(one.id, ProjectState.ACTIVE, turn.now)
    await turn.records.post.withdraw(topic(one.id, "proposal"))
    await turn.audit("project.agreed", f"project:{one.id}", f"version {confirmed.id}")
    other = await other_of(turn, pair, side)
    said = _both_agree(confirmed, turn.who.name, begins=one.began_at is None, mentee=side is Side.MENTOR)
    await turn.tell(other.id, said, topic(one.id, "proposal"), Urgency.NOTE, by=turn.who.id)
    return Update(_both_agree(confirmed, "", begins=one.began_at is None, mentee=side is Side.MENTEE))


@projects.form("project.hours")
async def hours(turn: Turn, number: int) -> Reply:
    await _version(turn, number)
    await turn.records.projects.say_hours(turn.who.id, int(IN_ALL.read(turn.filled)["all"]))
    reply = await agree(turn, number)
    return Private(reply.message) if isinstance(reply, Update) else reply


@projects.press("project.more-hours")
async def more_hours(turn: Turn, number: int) -> Reply:
    await _version(turn, number)
    return IN_ALL.form(act("project.say-hours", number), None)


@projects.form("project.say-hours")
async def say_hours(turn: Turn, number: int) -> Reply:
    commitment, one, pair, side = await _version(turn, number)
    await turn.records.projects.say_hours(turn.who.id, int(IN_ALL.read(turn.filled)["all"]))
    if commitment.proposed_at is None:
        return Private(preview(commitment, await name_of_other(turn, pair, side)))
    return Private(await shown(turn, one, pair, side))


@projects.press("project.talk")
async def talk(turn: Turn, number: int) -> Reply:
    commitment, one, pair, side = await _version(turn, number)
    if commitment.proposed_at is None or commitment.by is side or commitment.in_force:
        raise Stale
    other = await other_of(turn, pair, side)
    await turn.records.post.withdraw(topic(one.id, "proposal"))
    said = _would_talk(turn.who.name, one, pair)
    await turn.tell(other.id, said, topic(one.id, "proposal"), Urgency.NOTE, by=turn.who.id)
    return Update(message(say("{name} knows. Nothing is fixed until you both say yes.", name=first_name(other.name))))


@projects.press("project.drop")
async def drop(turn: Turn, number: int) -> Reply:
    """A project that has not begun is let go of; the other, if they knew of it, hears so without a reason."""
    one, pair, side = await project_of_mine(turn, number)
    if one.state is ProjectState.DRAFT:
        await turn.records.projects.discard((await turn.records.projects.draft(one.id, side)).id)
        return Update(message("Put away. Nobody has seen it."))
    if one.state is not ProjectState.PROPOSED:
        raise Stale
    await quieten(turn, one.id)
    await turn.records.projects.move(one.id, ProjectState.LEFT, turn.now)
    other = await other_of(turn, pair, side)
    await turn.tell(other.id, _not_now(turn.who.name, one), topic(one.id, "proposal"), Urgency.NOTE, by=turn.who.id)
    return Update(message("Let go of. No reason needed."))


async def _version(turn: Turn, number: int) -> tuple[Commitment, Project, Pair, Side]:
    """A version that the one who asks may see, with its project. Raises Stale for any other."""
    commitment = await turn.records.projects.commitment(number)
    if commitment is None:
        raise Stale
    one, pair, side = await project_of_mine(turn, commitment.project)
    if (commitment.proposed_at is None and commitment.by is not side) or pair.state is not PairState.ACTIVE:
        raise Stale
    return commitment, one, pair, side


async def _warning(turn: Turn, commitment: Commitment, side: Side, act_name: str) -> Message | None:
    """For a mentee about to promise more hours than they said they have; nobody else ever sees it."""
    if side is not Side.MENTEE or commitment.hours is None:
        return None
    has = await turn.records.projects.hours_of(turn.who.id)
    elsewhere = await turn.records.projects.hours_promised(turn.who.id, besides=commitment.project)
    if has is None or not over_promised(commitment.hours, elsewhere, has):
        return None
    return _too_much(commitment, elsewhere, has, act_name)


# ── where it stands ───────────────────────────────────────────────────────────────────────────────────────────────


@projects.standing
async def standing(turn: Turn, pair: Pair, side: Side) -> Text | None:
    seen = [one for one in await seen_by(turn, pair, side) if one.state is not ProjectState.DRAFT]
    if not seen:
        return None
    more = f" (and {len(seen) - 1} more)" if len(seen) > 1 else ""
    return say(
        "{name}: {state}{more}", name=name_of(seen[0]), state=state_of(seen[0], side, turn.today(turn.who)), more=more
    )


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _dates(draft: Commitment) -> Form:
    kept = {each.place: _as_line(each) for each in draft.milestones}
    fields = tuple(
        TextField(
            f"m{place}",
            f"Milestone {place}",
            "A line and a day." if place == 1 else "",
            kept.get(place, ""),
            "First draft by Nov 20" if place == 1 else "",
            required=False,
            limit=120,
        )
        for place in range(1, MILESTONES + 1)
    )
    return Form("Milestones", act("project.save", draft.project, "dates"), fields)


def _as_line(milestone: ProjectMilestone) -> str:
    return f"{milestone.what} by {milestone.due.isoformat()}"


def _proposal(commitment: Commitment, by: str, *, first: bool) -> Message:
    opening = "{name} proposes a project:" if first else "{name} would like to change the project. It would read:"
    return message(
        say(opening, name=first_name(by)),
        *written_out(commitment),
        buttons(
            *yes_or_talk(commitment, "Yes, let's do it"),
            Button("Change it", act("project.change", commitment.project)),
            *([Button("Not now", act("project.drop", commitment.project))] if first else []),
        ),
    )


def _edits(number: int) -> Buttons:
    return buttons(
        Button("What, and by when", act("project.edit", number, "what")),
        Button("How we work on it", act("project.edit", number, "how")),
        Button("Milestones", act("project.edit", number, "dates")),
    )


def _once_more(words: str, number: int, screen: str) -> Message:
    return message(words, buttons(Button("Go on", act("project.edit", number, screen), Style.PRIMARY)))


def _too_much(commitment: Commitment, elsewhere: int, has: int, act_name: str) -> Message:
    asked = commitment.hours or 0
    return message(
        say(
            "You said you can surely give {has} a week. With this one you would have promised {sum}.",
            has=Bold(hours_words(has)),
            sum=Bold(hours_words(asked + elsewhere)),
        ),
        "Fewer hours, a later date or a smaller piece is easier to say now than in three weeks.",
        buttons(
            Button("Change it", act("project.edit", commitment.project, "what"), Style.PRIMARY),
            Button("I have more hours", act("project.more-hours", commitment.id)),
            Button("I can do it all the same", act(act_name, commitment.id, "sure")),
        ),
    )


def _listed(several: Sequence[tuple[Project, str]], pair: Pair, other: str) -> Message:
    cards = [
        Card(name_of(one), (say("{state}", state=state),), Button("Open", act("project.show", one.id)))
        for one, state in several[:6]
    ]
    new = buttons(Button("Another project", act("project.new", pair.id)))
    return message(say("Your projects with {other}:", other=first_name(other)), *cards, new)


def _both_agree(commitment: Commitment, by: str, *, begins: bool, mentee: bool) -> Message:
    """Both have said yes: what the one who waited for it reads, or (no name) the one who said it last."""
    yes = f"{first_name(by)} said yes. " if by else ""
    name, until = commitment.title, day_words(commitment.until) if commitment.until else ""
    if not begins:
        return message(say("{yes}“{name}” now runs until {until}.", yes=yes, name=name, until=until))
    if not mentee:
        return message(say("{yes}“{name}” has begun. Word of it comes to you by itself.", yes=yes, name=name))
    rhythm = commitment.updates.label.lower()
    return message(
        say("{yes}“{name}” has begun. I'll ask you how it goes {rhythm}.", yes=yes, name=name, rhythm=rhythm)
    )


def _would_talk(by: str, one: Project, pair: Pair) -> Message:
    return message(
        say("{name} would like to talk about {project} before saying yes.", name=first_name(by), project=name_of(one)),
        buttons(
            Button("Write to them", act("write.open", pair.id), Style.PRIMARY),
            Button("Change it", act("project.change", one.id)),
        ),
    )


def _not_now(by: str, one: Project) -> Message:
    words = "{name} would rather not begin {project} now. That is about time, not about you."
    return message(say(words, name=first_name(by), project=name_of(one)))
