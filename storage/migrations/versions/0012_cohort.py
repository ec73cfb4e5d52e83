"""Matching a whole cohort"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def _to(table: str, of: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["society", name], [f"{table}.society", f"{table}.id"], name=f"{of}_society_{name}")


def _society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        _society(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="rounds_key"),
        sa.UniqueConstraint("society", "id", name="rounds_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "rounds_one_open", "rounds", ["society"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "round_pairs",
        _society(),
        sa.Column("round", sa.Integer(), nullable=False),
        _to("rounds", "round_pairs", "round"),
        sa.Column("mentee", sa.Integer(), nullable=False),
        _to("people", "round_pairs", "mentee"),
        sa.Column("mentor", sa.Integer(), nullable=False),
        _to("people", "round_pairs", "mentor"),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Integer(), nullable=False),
        sa.CheckConstraint("mentee <> mentor", name=op.f("round_pairs_of_two_people")),
        sa.PrimaryKeyConstraint("round", "mentee", name="round_pairs_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "round_apart",
        _society(),
        sa.Column("round", sa.Integer(), nullable=False),
        _to("rounds", "round_apart", "round"),
        sa.Column("mentee", sa.Integer(), nullable=False),
        _to("people", "round_apart", "mentee"),
        sa.Column("mentor", sa.Integer(), nullable=False),
        _to("people", "round_apart", "mentor"),
        sa.PrimaryKeyConstraint("round", "mentee", "mentor", name="round_apart_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "round_out",
        _society(),
        sa.Column("round", sa.Integer(), nullable=False),
        _to("rounds", "round_out", "round"),
        sa.Column("mentee", sa.Integer(), nullable=False),
        _to("people", "round_out", "mentee"),
        sa.PrimaryKeyConstraint("round", "mentee", name="round_out_key"),
        sqlite_strict=True,
    )
