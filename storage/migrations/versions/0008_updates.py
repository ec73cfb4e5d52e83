"""Updates, plans for the next contact, and when to ask again where someone is on the road"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def of_a_pair(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["society", "pair"], ["pairs.society", "pairs.id"], name=f"{table}_society_pair"),
    )


def upgrade() -> None:
    for name in ("phase_holds_until", "season_told_at", "season_off_at"):
        op.add_column("mentee_profiles", sa.Column(name, MOMENT))
    op.create_table(
        "plans",
        *of_a_pair("plans"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", name="plans_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "news",
        *of_a_pair("news"),
        sa.Column("often", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", name="news_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        *of_a_pair("updates"),
        sa.Column("milestone", sa.Text()),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("words_sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="updates_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("updates_by_pair_sent_at", "updates", ["pair", "sent_at"])
    op.create_index(
        "updates_one_waiting",
        "updates",
        ["pair"],
        unique=True,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
