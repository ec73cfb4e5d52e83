"""The officers' page: one-time links and sessions"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "office_links",
        sa.Column("society", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["society", "person"], ["people.society", "people.id"], name="office_links_society_person"
        ),
        sa.ForeignKeyConstraint(["society"], ["societies.id"], name="office_links_society"),
        sa.PrimaryKeyConstraint("mark", name="office_links_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "office_sessions",
        sa.Column("society", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["society", "person"], ["people.society", "people.id"], name="office_sessions_society_person"
        ),
        sa.ForeignKeyConstraint(["society"], ["societies.id"], name="office_sessions_society"),
        sa.PrimaryKeyConstraint("mark", name="office_sessions_key"),
        sqlite_strict=True,
    )
