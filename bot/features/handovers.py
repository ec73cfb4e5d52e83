"""Finishing a project, with thanks, and leaving one, with a hand-over that is asked for and never forced."""

from __future__ import annotations

from bot.feature import Feature, Stale, Turn
from bot.model import Happened, Pair, Project, ProjectState, Side, Urgency
from bot.portrait import first_name
from bot.projects import name_of, quieten, running_of_mine, topic
from bot.questions import Question, Screen
from bot.ui import Button, Message, Private, Quote, Reply, Style, Update, act, buttons, message, say

handovers = Feature("handovers")

THANKS = Screen("thanks", "Finished", (Question("words", "A thank-you, if you like", required=False, limit=300),))
HAND_OVER = Screen(
    "hand-over",
    "Handing over",
    (
        Question("words", "Where it stands", required=False, limit=600,
                 hint="What is done, what is open, where the files are."),
    ),
)  # fmt: skip


@handovers.press("project.end")
async def end(turn: Turn, number: int) -> Reply:
    project, _, _ = await running_of_mine(turn, number)
    return Private(_which_end(project))


@handovers.press("project.finish")
async def finish(turn: Turn, number: int) -> Reply:
    project, _, _ = await running_of_mine(turn, number)
    return THANKS.form(act("project.finished", project.id), None, "It is finished")


@handovers.form("project.finished")
async def finished(turn: Turn, number: int) -> Reply:
    project, pair, side = await running_of_mine(turn, number)
    words = THANKS.read(turn.filled)["words"]
    said = _finished(first_name(turn.who.name), project, words)
    await _closed(turn, project, pair, side, ProjectState.DONE, words, said)
    return Private(message(say("Well done. {project} is finished, and you two are not.", project=name_of(project))))


@handovers.press("project.leave")
async def leave(turn: Turn, number: int) -> Reply:
    project, _, _ = await running_of_mine(turn, number)
    return HAND_OVER.form(act("project.left", project.id), None, "Leave it")


@handovers.form("project.left")
async def left(turn: Turn, number: int) -> Reply:
    project, pair, side = await running_of_mine(turn, number)
    words = HAND_OVER.read(turn.filled)["words"]
    if not words:
        return Private(_two_lines(project))
    return Private(await _leaves(turn, project, pair, side, words))


@handovers.press("project.leave-so")
async def leave_without(turn: Turn, number: int) -> Reply:
    project, pair, side = await running_of_mine(turn, number)
    return Update(await _leaves(turn, project, pair, side, ""))


async def _leaves(turn: Turn, project: Project, pair: Pair, side: Side, note: str) -> Message:
    said = _leaves_it(first_name(turn.who.name), project, note, pair)
    await _closed(turn, project, pair, side, ProjectState.LEFT, note, said)
    return message("Done. You said so properly, and that is what counts.")


async def _closed(
    turn: Turn, project: Project, pair: Pair, side: Side, state: ProjectState, note: str, said: Message
) -> None:
    if not await turn.records.projects.move(project.id, state, turn.now, note):
        raise Stale
    await quieten(turn, project.id)
    await turn.happened(pair.id, Happened.UPDATED, side)
    await turn.tell(pair.person(side.other), said, topic(project.id, "end"), Urgency.NOTE, by=turn.who.id)
    await turn.audit(f"project.{state}", f"project:{project.id}")


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _which_end(project: Project) -> Message:
    return message(
        say("{project}: both are fine.", project=name_of(project)),
        buttons(
            Button("It is finished", act("project.finish", project.id), Style.PRIMARY),
            Button("I am leaving it", act("project.leave", project.id)),
        ),
    )


def _finished(by: str, project: Project, words: str) -> Message:
    return message(
        say("{by} says {project} is finished. Well done, both of you.", by=by, project=name_of(project)),
        *([Quote(words)] if words else []),
    )


def _two_lines(project: Project) -> Message:
    return message(
        "Two lines would help whoever goes on: what is done, what is open, where the files are.",
        buttons(
            Button("Write them", act("project.leave", project.id), Style.PRIMARY),
            Button("Leave without", act("project.leave-so", project.id)),
        ),
    )


def _leaves_it(by: str, project: Project, note: str, pair: Pair) -> Message:
    words = "{by} is leaving {project}. Your mentoring goes on."
    if note:
        words += " The hand-over:"
    return message(
        say(words, by=by, project=name_of(project)),
        *([Quote(note)] if note else []),
        buttons(Button("Write to them", act("write.open", pair.id))),
    )
