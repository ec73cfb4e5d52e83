"""A code that links a person's accounts, or a society's places; zone and term as officers chose them"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    for name in ("chosen_zone", "term_first", "term_last"):
        op.add_column("societies", sa.Column(name, sa.Text()))
    op.create_table(
        "breaks",
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("society", "first", name="breaks_key"),
        sa.CheckConstraint("first <= last", name=op.f("breaks_in_order")),
        sqlite_strict=True,
    )
    op.create_table(
        "link_codes",
        *_numbered("link_codes"),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        *_to_a_person("link_codes"),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("entered_by", sa.Integer()),
        sa.UniqueConstraint("mark", name="link_codes_one_mark"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    unused = sa.text("entered_by IS NULL")
    op.create_index(
        "link_codes_one_of_each",
        "link_codes",
        ["person", "purpose"],
        unique=True,
        sqlite_where=unused,
        postgresql_where=unused,
    )
    op.create_table(
        "link_guesses",
        *_numbered("link_guesses"),
        *_to_a_person("link_guesses"),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("link_guesses_by_person_at", "link_guesses", ["person", "at"])


def _numbered(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"{table}_key"),
    )


def _to_a_person(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    same_society = sa.ForeignKeyConstraint(
        ["society", "person"], ["people.society", "people.id"], name=f"{table}_society_person"
    )
    return sa.Column("person", sa.Integer(), nullable=False), same_society
