"""Update notes: how often a mentor likes to hear, what went out when, and what waits for its day.

Words that wait are sealed, and gone once they are on their way.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select, text, update

from bot.model import News, Unsent, Wish
from bot.vocabulary import Milestone, Often
from storage.part import Part, insert, perhaps
from storage.tables import news, pairs, updates


class SqlUpdates(Part):
    async def wish(self, pair: int) -> Wish | None:
        return perhaps(Wish, await self.one(select(news).where(self.mine(news), news.c.pair == pair)))

    async def set_wish(self, pair: int, often: Often, now: datetime) -> None:
        row = insert(self.connection, news).values(society=self.society.id, pair=pair, often=often, said_at=now)
        kept = row.on_conflict_do_update(
            index_elements=["pair"], set_={"often": often, "said_at": now}, where=self.mine(news)
        )
        await self.connection.execute(kept)

    async def last_sent(self, pair: int) -> datetime | None:
        # PostgreSQL: the second of two turns waits here until the first is over. SQLite has only one at a time.
        locked = select(pairs.c.id).where(self.mine(pairs), pairs.c.id == pair).with_for_update()
        await self.connection.execute(locked)
        newest = select(func.max(updates.c.sent_at)).where(self.mine(updates), updates.c.pair == pair)
        found: datetime | None = (await self.connection.execute(newest)).scalar_one()
        return found

    async def sent(self, pair: int, milestone: Milestone | None, now: datetime) -> None:
        await self.connection.execute(
            updates.insert().values(
                society=self.society.id, pair=pair, milestone=milestone, written_at=now, sent_at=now
            )
        )

    async def wait(self, pair: int, milestone: Milestone | None, news: News, now: datetime) -> int:
        row = insert(self.connection, updates).values(
            society=self.society.id, pair=pair, milestone=milestone, written_at=now
        )
        kept = row.on_conflict_do_update(
            index_elements=["pair"],
            index_where=text("sent_at IS NULL"),
            set_={"milestone": milestone, "written_at": now},
            where=self.mine(updates),
        )
        number: int = (await self.connection.execute(kept.returning(updates.c.id))).scalar_one()
        # The seal is bound to the row's number, so the row has to exist before its words are sealed.
        sealed = self.seal.close(json.dumps(asdict(news)), "updates", number, "words")
        await self.connection.execute(
            update(updates).where(self.mine(updates), updates.c.id == number).values(words_sealed=sealed)
        )
        return number

    async def unsent(self, number: int) -> Unsent | None:
        waits = (self.mine(updates), updates.c.id == number, updates.c.sent_at.is_(None))
        row = await self.one(select(updates).where(*waits))
        if row is None:
            return None
        words = json.loads(self.seal.open(row["words_sealed"], "updates", number, "words"))
        return Unsent(row["pair"], row["milestone"], News(**words))

    async def drop(self, number: int) -> None:
        waits = (self.mine(updates), updates.c.id == number, updates.c.sent_at.is_(None))
        await self.connection.execute(delete(updates).where(*waits))

    async def send(self, number: int, now: datetime) -> bool:
        waits = (self.mine(updates), updates.c.id == number, updates.c.sent_at.is_(None))
        return await self.changed(update(updates).where(*waits).values(sent_at=now, words_sealed=None)) == 1
