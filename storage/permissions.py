"""What two of a pair let each other see: ways to reach them, and what a mentee shows of their grades.

Each value lies sealed in the permission itself: where there is no permission, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from bot.model import Disclosed, PairState, Shared, Side
from bot.vocabulary import Channel
from storage.part import Part, insert
from storage.tables import disclosures, grants, looks, pairs


class SqlPermissions(Part):
    async def ways(self, pair: int, side: Side) -> list[Channel]:
        theirs = select(grants.c.channel).where(self.mine(grants), grants.c.pair == pair, grants.c.side == side)
        given = {row["channel"] for row in await self.rows(theirs)}
        return [channel for channel in Channel if channel in given]

    async def contact(self, pair: int, side: Side) -> dict[Channel, str]:
        theirs = select(grants).where(self.mine(grants), grants.c.pair == pair, grants.c.side == side)
        found = {row["channel"]: row["value_sealed"] for row in await self.rows(theirs)}

        def opened(channel: Channel) -> str:
            return self.seal.open(found[channel], "grants", pair, f"{side}.{channel}") if found[channel] else ""

        return {channel: opened(channel) for channel in Channel if channel in found}

    async def grant(self, pair: int, side: Side, channel: Channel, value: str, wording: str, now: datetime) -> bool:
        if not await self._held(pair):
            return False
        sealed = self.seal.close(value, "grants", pair, f"{side}.{channel}") if value else None
        given = {"value_sealed": sealed, "wording": wording, "at": now}
        row = insert(self.connection, grants).values(
            society=self.society.id, pair=pair, side=side, channel=channel, **given
        )
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["pair", "side", "channel"], set_=given, where=self.mine(grants))
        )
        return True

    async def revoke(self, pair: int, side: Side, channels: Collection[Channel]) -> list[Channel]:
        theirs = (self.mine(grants), grants.c.pair == pair, grants.c.side == side, grants.c.channel.in_(channels))
        taken = set(
            (await self.connection.execute(delete(grants).where(*theirs).returning(grants.c.channel))).scalars()
        )
        return [channel for channel in Channel if channel in taken]

    async def share(self, pair: int, words: str, now: datetime) -> bool:
        if not await self._held(pair):
            return False
        given = {"words_sealed": self.seal.close(words, "disclosures", pair, "words"), "at": now}
        row = insert(self.connection, disclosures).values(society=self.society.id, pair=pair, **given)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["pair"], set_=given, where=self.mine(disclosures))
        )
        return True

    async def shared(self, pair: int) -> Shared | None:
        row = await self.one(select(disclosures).where(self.mine(disclosures), disclosures.c.pair == pair))
        if row is None:
            return None
        return Shared(self.seal.open(row["words_sealed"], "disclosures", pair, "words"), row["at"])

    async def withdraw(self, pair: int) -> bool:
        return await self.changed(delete(disclosures).where(self.mine(disclosures), disclosures.c.pair == pair)) == 1

    async def looked(self, pair: int, side: Side, what: Disclosed, now: datetime) -> None:
        await self.connection.execute(
            looks.insert().values(society=self.society.id, pair=pair, side=side, what=what, at=now)
        )

    async def looks(self, pair: int, side: Side, what: Disclosed) -> list[datetime]:
        of_it = (self.mine(looks), looks.c.pair == pair, looks.c.side == side, looks.c.what == what)
        newest_first = select(looks.c.at).where(*of_it).order_by(looks.c.id.desc())
        return list((await self.connection.execute(newest_first)).scalars())

    async def forget(self, pair: int) -> bool:
        given = await self.changed(delete(grants).where(self.mine(grants), grants.c.pair == pair))
        return await self.withdraw(pair) or given > 0

    async def _held(self, pair: int) -> bool:
        """Whether the pair is live, and stays so to the end of this transaction: nothing is left behind by its end."""
        live = (self.mine(pairs), pairs.c.id == pair, pairs.c.state != PairState.ENDED)
        return await self.one(select(pairs.c.id).where(*live).with_for_update()) is not None
