"""The officers' week in five lines and a picture, on Monday mornings in their channel."""

from __future__ import annotations

import asyncio

from bot.feature import Feature, Turn
from bot.model import Chronicle, Open, PairFacts, Urgency
from bot.pictures import Shown, pairs_picture
from bot.rules.board import Board, LastWeek, board, last_week
from bot.rules.digest import is_its_day, next_digest, worth_telling
from bot.ui import Button, File, Message, Slash, act, bullets, buttons, message, say

digest = Feature("digest")

TOPIC = "digest"


@digest.follows
async def from_the_first_pair_on(turn: Turn, _: PairFacts) -> None:
    await turn.records.diary.begin(Open.DIGEST, 0, next_digest(turn.now, turn.society.zone, turn.pace))


@digest.promise(Open.DIGEST)
async def tell_of_the_week(turn: Turn, subject: int) -> None:
    """Into the officers' channel alone: nobody gets it as a private message."""
    society, pace = turn.society, turn.pace
    await turn.records.diary.set(Open.DIGEST, subject, next_digest(turn.now, society.zone, pace))
    if not pace.digest or not society.officers_channel:
        return
    if not is_its_day(turn.now, society.zone, turn.breaks):
        return
    chronicle = await turn.records.board.chronicle()
    week, waiting = last_week(chronicle, turn.now), len(await turn.records.queue.items())
    told = await asyncio.to_thread(_told, turn, chronicle, week, waiting)
    if told is not None:
        await turn.records.post.withdraw(TOPIC)
        await turn.records.post.say(told, Urgency.PROMPT, turn.now, channel=society.officers_channel, topic=TOPIC)


def _told(turn: Turn, chronicle: Chronicle, week: LastWeek, waiting: int) -> Message | None:
    """The week, drawn; None when there is nothing in it."""
    now = board(chronicle, turn.society, turn.now, turn.pace)
    if not worth_telling(week, now, waiting):
        return None
    return _week(now, week, waiting, pairs_picture(Shown(now, turn.society.zone)))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _week(now: Board, week: LastWeek, waiting: int, picture: File) -> Message:
    return message(
        bullets(
            _standing(now),
            f"This week: {_count(week.begun, 'new pair')}, {_count(week.meetings, 'meeting')}, {week.ended} ended.",
            f"Reminded: {week.reminded}. Heard of again after a reminder: {week.back}.",
            _waits(now),
            say("Waiting for you: {things}. See {queue}.", things=str(waiting), queue=Slash("queue"))
            if waiting
            else "Nothing waits for you.",
        ),
        picture,
        buttons(Button("See the board", act("board.open"))),
    )


def _standing(now: Board) -> str:
    return f"{_count(now.now.total, 'pair')}: {now.now.in_words}." if now.now.total else "No pairs just now."


def _waits(now: Board) -> str:
    waits = now.waits
    if not waits.mentees and not waits.mentors:
        return "Nobody waits for an answer."
    long = f", {waits.mentees_long} longer than promised" if waits.mentees_long else ""
    mentees = f"{_count(waits.mentees, 'mentee')}{long}" if waits.mentees else ""
    mentors = _count(waits.mentors, "mentor") if waits.mentors else ""
    return f"Waiting for an answer: {'; '.join(part for part in (mentees, mentors) if part)}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
