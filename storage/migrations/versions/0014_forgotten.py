"""People who asked to be forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("forgotten_at", MOMENT))
    op.create_table(
        "forgotten",
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("society", "mark", name="forgotten_key"),
        sqlite_strict=True,
    )
