"""The recurring jobs. APScheduler only wakes us: what is due, and for whom, stands in our own tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.courier import Courier

log = structlog.get_logger()

TICK = 30
"""Seconds."""
PATIENCE = 1.0
"""Seconds that a job in hand may take to its end once there are to be no more and nothing is being sent."""


@asynccontextmanager
async def scheduled(app: App, courier: Courier) -> AsyncIterator[None]:
    """The tick, the courier's round, the daily copy and tidying. At the end what is in hand is finished.

    A job that was missed runs once, late, rather than never: APScheduler's own default skips what is a second late.
    """
    jobs = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    in_hand: set[asyncio.Task[None]] = set()

    async def tick() -> None:
        await app.keep_promises()
        await courier.deliver()

    async def daily() -> None:
        try:
            await app.store.back_up(app.clock.now())
        except Exception:  # a full disk, an unplugged one: whatever it is, the rest of the day goes on
            log.exception("backup failed")
        await app.store.tidy(app.clock.now(), app.pace)
        await app.plan_everything()

    def kept(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The job as a task of our own: APScheduler cancels its own when it is shut down, and calls that an error."""

        async def run() -> None:
            task = asyncio.ensure_future(job())
            in_hand.add(task)
            task.add_done_callback(in_hand.discard)
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

        return run

    jobs.add_job(kept(tick), "interval", seconds=TICK, id="tick")
    jobs.add_job(kept(daily), "cron", hour=9, id="daily")
    # At the start as well, while members are served: settings and time-zone rules may be others, and a machine that is
    # switched off each morning would never tidy.
    jobs.add_job(kept(daily), id="first")
    jobs.start()
    try:
        yield
    finally:
        await courier.finish(PATIENCE)
        jobs.shutdown(wait=False)
        if in_hand:
            _, late = await asyncio.wait(in_hand, timeout=PATIENCE)
            for task in late:
                task.cancel()  # what it has not committed is undone, and done at the next start
            await asyncio.gather(*late, return_exceptions=True)
