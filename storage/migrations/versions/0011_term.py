"""The term: settings, roles and announcements"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def _society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def _to_person(of: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["society", name], ["people.society", "people.id"], name=f"{of}_society_{name}")


def upgrade() -> None:
    op.add_column("roles", sa.Column("until", sa.Text()))
    op.add_column("roles", sa.Column("reminded", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "settings",
        _society(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("society", "name", name="settings_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "claim_codes",
        _society(),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("society", name="claim_codes_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        _society(),
        sa.Column("by", sa.Integer(), nullable=False),
        _to_person("offers", "by"),
        sa.Column("to", sa.Integer(), nullable=False),
        _to_person("offers", "to"),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="offers_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
