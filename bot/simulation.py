"""Moving the clock through everything that happens on the way, as the playground and the story do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier

FAR = timedelta(days=400)


@dataclass
class Simulation:
    app: App
    courier: Courier
    clock: MovableClock

    async def settle(self) -> None:
        """Do and say everything that is due at this moment."""
        while await self.app.keep_promises() + await self.courier.deliver():
            pass

    async def run_until(self, moment: datetime) -> None:
        """Let time pass, stopping at each moment at which something is due."""
        await self.settle()
        while (upcoming := await self.app.store.next_moment(self.clock.now())) and upcoming <= moment:
            self.clock.move_to(upcoming)
            await self.settle()
        self.clock.move_to(moment)
        await self.settle()

    async def run_to_next(self) -> None:
        """To the next thing that happens, if anything will."""
        upcoming = await self.app.store.next_moment(self.clock.now())
        if upcoming and upcoming - self.clock.now() < FAR:
            await self.run_until(upcoming)
