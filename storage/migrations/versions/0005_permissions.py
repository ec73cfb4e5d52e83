"""How a mentor may be reached, and what a mentee discloses"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def of_a_pair(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["society", "pair"], ["pairs.society", "pairs.id"], name=f"{table}_society_pair"),
    )


def upgrade() -> None:
    for name in ("opening", "effort", "links", "closing"):
        op.add_column("intros", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("intros", sa.Column("school", sa.Text()))
    op.create_table(
        "grants",
        *of_a_pair("grants"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary()),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", "side", "channel", name="grants_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "disclosures",
        *of_a_pair("disclosures"),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", name="disclosures_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        *of_a_pair("looks"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="looks_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("looks_by_pair", "looks", ["pair"])
