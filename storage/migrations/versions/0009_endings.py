"""How pairs part, and other roads to a mentor"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def _to(table: str, of: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["society", name], [f"{table}.society", f"{table}.id"], name=f"{of}_society_{name}")


def _society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def upgrade() -> None:
    op.add_column("people", sa.Column("associations", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    op.create_table(
        "farewells",
        _society(),
        sa.Column("pair", sa.Integer(), nullable=False),
        _to("pairs", "farewells", "pair"),
        sa.Column("mentee_stays", sa.Integer()),
        sa.Column("mentor_stays", sa.Integer()),
        sa.Column("thanked_at", MOMENT),
        sa.PrimaryKeyConstraint("pair", name="farewells_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "reasons",
        _society(),
        sa.Column("pair", sa.Integer(), nullable=False),
        _to("pairs", "reasons", "pair"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", "side", name="reasons_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "asked_to_mentor",
        _society(),
        sa.Column("person", sa.Integer(), nullable=False),
        _to("people", "asked_to_mentor", "person"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="asked_to_mentor_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "line",
        _society(),
        sa.Column("person", sa.Integer(), nullable=False),
        _to("people", "line", "person"),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="line_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "line_told",
        _society(),
        sa.Column("person", sa.Integer(), nullable=False),
        _to("people", "line_told", "person"),
        sa.Column("mentor", sa.Integer(), nullable=False),
        _to("people", "line_told", "mentor"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "mentor", name="line_told_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "invitations",
        _society(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("inviter", sa.Integer(), nullable=False),
        _to("people", "invitations", "inviter"),
        sa.Column("how_met", sa.Text(), nullable=False),
        sa.Column("vouched", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_by", sa.Integer()),
        _to("people", "invitations", "used_by"),
        sa.PrimaryKeyConstraint("society", "code", name="invitations_key"),
        sqlite_strict=True,
    )
    used = sa.text("used_by IS NOT NULL")
    op.create_index(
        "invitations_one_used", "invitations", ["used_by"], unique=True, sqlite_where=used, postgresql_where=used
    )
    op.create_table(
        "own_mentors",
        sa.Column("id", sa.Integer(), nullable=False),
        _society(),
        sa.Column("mentee", sa.Integer(), nullable=False),
        _to("people", "own_mentors", "mentee"),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("how_met", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="own_mentors_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("own_mentors_by_mentee", "own_mentors", ["mentee"])
    op.create_table(
        "associations",
        _society(),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Text()),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "published = 0 OR checked_on IS NOT NULL AND url <> ''", name=op.f("associations_published_when_checked")
        ),
        sa.PrimaryKeyConstraint("society", "short", name="associations_key"),
        sqlite_strict=True,
    )
