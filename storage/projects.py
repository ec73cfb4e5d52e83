"""Projects of pairs: what was committed to, version by version, what happened, and what the mentee told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, func, literal, select, update

from bot.model import (
    Commitment,
    PairState,
    Project,
    ProjectEvent,
    ProjectHappened,
    ProjectMilestone,
    ProjectState,
    ProjectUpdate,
    Side,
)
from storage.part import Part, checked, insert, made
from storage.tables import commitments, hours_to_give, milestones, pairs, project_events, project_updates, projects

OVER = [state for state in ProjectState if state.over]
RUNNING = [state for state in ProjectState if state.running]
WRITTEN = ("title", "scope", "part", "hours", "until", "updates", "slipping", "credit")
"""What a version says, besides its milestones."""


class SqlProjects(Part):
    async def get(self, project: int) -> Project | None:
        found = await self._all(projects.c.id == project)
        return found[0] if found else None

    async def open_of(self, pair: int) -> list[Project]:
        return await self._all(projects.c.pair == pair, projects.c.state.not_in(OVER))

    async def _all(self, *where: Any) -> list[Project]:  # noqa: ANN401
        rows = await self.rows(select(projects).where(self.mine(projects), *where).order_by(projects.c.id))
        if not rows:
            return []
        numbers = [row["id"] for row in rows]
        versions, happened = defaultdict(list), defaultdict(list)
        for each in await self._commitments(commitments.c.project.in_(numbers), commitments.c.proposed_at.is_not(None)):
            versions[each.project].append(each)
        oldest_first = select(project_events).where(self.mine(project_events), project_events.c.project.in_(numbers))
        for event in await self.rows(oldest_first.order_by(project_events.c.at, project_events.c.id)):
            happened[event["project"]].append(made(ProjectEvent, event))
        return [
            made(Project, row, commitments=tuple(versions[row["id"]]), events=tuple(happened[row["id"]]))
            for row in rows
        ]

    async def start(self, pair: int, by: Side) -> int:
        new = projects.insert().values(society=self.society.id, pair=pair, by=by, state=ProjectState.DRAFT)
        number: int = (await self.connection.execute(new.returning(projects.c.id))).scalar_one()
        return number

    async def move(self, project: int, state: ProjectState, now: datetime, note: str = "") -> bool:
        values: dict[str, Any] = {"state": state}
        if state is ProjectState.ACTIVE:
            values["began_at"] = func.coalesce(projects.c.began_at, literal(now, projects.c.began_at.type))
        if state.over:
            values |= {"closed_at": now, "note": note}
        statement = update(projects).where(
            self.mine(projects), projects.c.id == project, projects.c.state.not_in({state, *OVER})
        )
        pair = await self.one(statement.values(**values).returning(projects.c.pair))
        if pair is None:
            return False
        self.touched.add(pair["pair"])
        return True

    async def end_with(self, pair: int, now: datetime) -> None:
        statement = update(projects).where(self.mine(projects), projects.c.pair == pair, projects.c.state.not_in(OVER))
        await self.connection.execute(statement.values(state=ProjectState.ENDED, closed_at=now))
        self.touched.add(pair)

    # ── versions ────────────────────────────────────────────────────────────────────────────────────────────

    async def _commitments(self, *where: Any) -> list[Commitment]:  # noqa: ANN401
        """Oldest proposal first."""
        query = select(commitments).where(self.mine(commitments), *where)
        return await self._with_milestones(await self.rows(query.order_by(commitments.c.proposed_at, commitments.c.id)))

    async def _with_milestones(self, rows: Sequence[RowMapping]) -> list[Commitment]:
        numbers = [row["id"] for row in rows]
        of_these = select(milestones).where(self.mine(milestones), milestones.c.commitment.in_(numbers))
        dated = defaultdict(list)
        for row in await self.rows(of_these.order_by(milestones.c.commitment, milestones.c.place)) if rows else ():
            dated[row["commitment"]].append(made(ProjectMilestone, row))
        return [made(Commitment, row, milestones=tuple(dated[row["id"]])) for row in rows]

    async def commitment(self, commitment: int) -> Commitment | None:
        found = await self._commitments(commitments.c.id == commitment)
        return found[0] if found else None

    async def draft(self, project: int, by: Side) -> Commitment:
        drafts = commitments.c.project == project, commitments.c.by == by, commitments.c.proposed_at.is_(None)
        if found := await self._commitments(*drafts):
            return found[0]
        earlier = await self._commitments(commitments.c.project == project, commitments.c.proposed_at.is_not(None))
        newest = earlier[-1] if earlier else Commitment(0, project, by)
        new = commitments.insert().values(
            society=self.society.id, project=project, by=by, **{name: getattr(newest, name) for name in WRITTEN}
        )
        number = (await self.connection.execute(new.returning(commitments.c.id))).scalar_one()
        await self._set_milestones(number, newest.milestones)
        return (await self._commitments(commitments.c.id == number))[0]

    async def write(self, commitment: int, **fields: Any) -> None:  # noqa: ANN401
        checked(Commitment, fields, without=set(Commitment.__dataclass_fields__) - {*WRITTEN, "milestones"})
        dated = fields.pop("milestones", None)
        draft = update(commitments).where(
            self.mine(commitments), commitments.c.id == commitment, commitments.c.proposed_at.is_(None)
        )
        if not await self.changed(draft.values(id=commitment, **fields)):
            raise LookupError(f"no draft {commitment}")
        if dated is not None:
            await self._set_milestones(commitment, dated)

    async def _set_milestones(self, commitment: int, dated: Sequence[ProjectMilestone]) -> None:
        await self.connection.execute(
            milestones.delete().where(self.mine(milestones), milestones.c.commitment == commitment)
        )
        rows = [
            {"society": self.society.id, "commitment": commitment, "place": m.place, "what": m.what, "due": m.due}
            for m in dated
        ]
        if rows:
            await self.connection.execute(milestones.insert(), rows)

    async def discard(self, commitment: int) -> None:
        unseen = self.mine(commitments), commitments.c.id == commitment, commitments.c.proposed_at.is_(None)
        row = await self.one(select(commitments.c.project).where(*unseen))
        if row is None:
            return
        await self._set_milestones(commitment, ())
        await self.connection.execute(commitments.delete().where(*unseen))
        only_a_draft = projects.c.id == row["project"], projects.c.state == ProjectState.DRAFT
        await self.connection.execute(projects.delete().where(self.mine(projects), *only_a_draft))

    async def propose(self, commitment: int, now: datetime) -> bool:
        row = await self.one(
            update(commitments)
            .where(self.mine(commitments), commitments.c.id == commitment, commitments.c.proposed_at.is_(None))
            .values(proposed_at=now)
            .returning(commitments.c.project, commitments.c.by)
        )
        if row is None:
            return False
        await self.confirm(commitment, row["by"], now)
        still_unseen = projects.c.id == row["project"], projects.c.state == ProjectState.DRAFT
        await self.connection.execute(
            update(projects).where(self.mine(projects), *still_unseen).values(state=ProjectState.PROPOSED)
        )
        return True

    async def confirm(self, commitment: int, side: Side, now: datetime) -> Commitment | None:
        same = commitments.alias()
        project = select(same.c.project).where(same.c.id == commitment).scalar_subquery()
        newest = (
            select(commitments.c.id)
            .where(self.mine(commitments), commitments.c.project == project, commitments.c.proposed_at.is_not(None))
            .order_by(commitments.c.proposed_at.desc(), commitments.c.id.desc())
            .limit(1)
        )
        yes = commitments.c[f"{side.value}_confirmed_at"]
        row = await self.one(
            update(commitments)
            .where(self.mine(commitments), commitments.c.id == commitment, commitments.c.id == newest.scalar_subquery())
            # A second yes does not move the first.
            .values({yes: func.coalesce(yes, literal(now, yes.type))})
            .returning(commitments)
        )
        if row is None:
            return None
        await self._touch(row["project"])
        (confirmed,) = await self._with_milestones([row])
        if confirmed.in_force:
            # Whatever either began to write before is begun afresh from what holds now.
            drafts = commitments.c.project == confirmed.project, commitments.c.proposed_at.is_(None)
            for draft in await self._commitments(*drafts):
                await self.discard(draft.id)
        return confirmed

    # ── what happens ────────────────────────────────────────────────────────────────────────────────────────

    async def _touch(self, project: int) -> None:
        pair = await self.one(select(projects.c.pair).where(self.mine(projects), projects.c.id == project))
        if pair is not None:
            self.touched.add(pair["pair"])

    async def happened(
        self, project: int, what: ProjectHappened, now: datetime, place: int | None = None, due: date | None = None
    ) -> bool:
        await self._touch(project)
        row = insert(self.connection, project_events).values(
            society=self.society.id, project=project, at=now, what=what, place=place, due=due
        )
        return await self.changed(row.on_conflict_do_nothing()) == 1

    async def add_update(self, project: int, update: ProjectUpdate) -> None:
        values = {name: getattr(update, name) for name in ProjectUpdate.__dataclass_fields__}
        await self.connection.execute(
            project_updates.insert().values(society=self.society.id, project=project, **values)
        )

    async def updates(self, pair: int, most: int) -> list[ProjectUpdate]:
        newest_first = (
            select(project_updates)
            .join(projects, projects.c.id == project_updates.c.project)
            .where(self.mine(project_updates), self.mine(projects), projects.c.pair == pair)
            .order_by(project_updates.c.at.desc(), project_updates.c.id.desc())
        )
        return [made(ProjectUpdate, row) for row in await self.rows(newest_first.limit(most))]

    # ── hours ───────────────────────────────────────────────────────────────────────────────────────────────

    async def hours_of(self, person: int) -> int | None:
        row = await self.one(
            select(hours_to_give.c.hours).where(self.mine(hours_to_give), hours_to_give.c.person == person)
        )
        return None if row is None else row["hours"]

    async def say_hours(self, person: int, hours: int) -> None:
        row = insert(self.connection, hours_to_give).values(society=self.society.id, person=person, hours=hours)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["person"], set_={"hours": hours}, where=self.mine(hours_to_give))
        )

    async def hours_promised(self, mentee: int, besides: int) -> int:
        theirs = select(projects.c.id).join(pairs, pairs.c.id == projects.c.pair)
        theirs = theirs.where(self.mine(projects), projects.c.state.in_(RUNNING), projects.c.id != besides)
        theirs = theirs.where(self.mine(pairs), pairs.c.mentee == mentee, pairs.c.state != PairState.ENDED)
        found = await self._all(projects.c.id.in_(theirs))
        return sum(each.agreed.hours or 0 for each in found if each.agreed)
