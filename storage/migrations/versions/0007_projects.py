"""Projects"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def numbered() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("id", sa.Integer(), nullable=False), society()


def within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A reference to a row of the same society."""
    name = f"{table}_society_{column}"
    return sa.ForeignKeyConstraint(["society", column], [f"{other}.society", f"{other}.id"], name=name)


def only(name: str, table: str, columns: list[str], where: str) -> None:
    """At most one row with these columns among those that match."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "projects",
        *numbered(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("note", sa.Text(), nullable=False),
        within("projects", "pair", "pairs"),
        sa.PrimaryKeyConstraint("id", name="projects_key"),
        sa.UniqueConstraint("society", "id", name="projects_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("projects_by_pair", "projects", ["pair"])
    op.create_table(
        "commitments",
        *numbered(),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("part", sa.Text()),
        sa.Column("hours", sa.Integer()),
        sa.Column("until", sa.Text()),
        sa.Column("updates", sa.Text(), nullable=False),
        sa.Column("slipping", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text()),
        sa.Column("proposed_at", MOMENT),
        sa.Column("mentee_confirmed_at", MOMENT),
        sa.Column("mentor_confirmed_at", MOMENT),
        within("commitments", "project", "projects"),
        sa.CheckConstraint("hours > 0", name=op.f("commitments_some_hours")),
        sa.PrimaryKeyConstraint("id", name="commitments_key"),
        sa.UniqueConstraint("society", "id", name="commitments_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("commitments_by_project", "commitments", ["project"])
    only("commitments_one_draft", "commitments", ["project", "by"], "proposed_at IS NULL")
    op.create_table(
        "milestones",
        society(),
        sa.Column("commitment", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        within("milestones", "commitment", "commitments"),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("milestones_few")),
        sa.PrimaryKeyConstraint("commitment", "place", name="milestones_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "project_events",
        *numbered(),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("due", sa.Text()),
        within("project_events", "project", "projects"),
        sa.PrimaryKeyConstraint("id", name="project_events_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("project_events_by_project_at", "project_events", ["project", "at"])
    only("project_events_once", "project_events", ["project", "what", "place", "due"], "place IS NOT NULL")
    op.create_table(
        "project_updates",
        *numbered(),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Text(), nullable=False),
        within("project_updates", "project", "projects"),
        sa.PrimaryKeyConstraint("id", name="project_updates_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("project_updates_by_project_at", "project_updates", ["project", "at"])
    op.create_table(
        "hours_to_give",
        society(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        within("hours_to_give", "person", "people"),
        sa.CheckConstraint("hours > 0", name=op.f("hours_to_give_some")),
        sa.PrimaryKeyConstraint("person", name="hours_to_give_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "small_steps",
        *numbered(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("let_go_at", MOMENT),
        sa.Column("told_at", MOMENT),
        within("small_steps", "pair", "pairs"),
        sa.PrimaryKeyConstraint("id", name="small_steps_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("small_steps_by_pair", "small_steps", ["pair"])
