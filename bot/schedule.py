"""The recurring jobs. APScheduler only wakes us: what is due, and for whom, stands in our own tables."""

from __future__ import annotations

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.courier import Courier

TICK = 30
"""Seconds."""


def scheduler(app: App, courier: Courier) -> AsyncIOScheduler:
    """The tick, the courier's round and the daily tidying; nothing per member. Start it inside a running loop.

    A job that was missed runs once, late, rather than never: APScheduler's own default skips what is a second late.
    """
    jobs = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )

    async def tick() -> None:
        await app.keep_promises()
        await courier.deliver()

    async def daily() -> None:
        await app.store.tidy(app.clock.now())
        await app.plan_everything()

    jobs.add_job(tick, "interval", seconds=TICK, id="tick")
    jobs.add_job(daily, "cron", hour=9, id="daily")
    return jobs
