"""Slack workspaces by OAuth"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("place", name="installations_one_place"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "begun_installations",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("state", name="begun_installations_key"),
        sqlite_strict=True,
    )
