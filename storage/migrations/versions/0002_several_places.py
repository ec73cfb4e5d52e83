"""A society may be in several places, each with channels and a role of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("rooms", sa.Text()),
        sa.Column("officers", sa.Text()),
        sa.Column("role", sa.Text()),
        sa.PrimaryKeyConstraint("address", name="places_key"),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO places (society, address, officers) SELECT id, place, officers_channel FROM societies")
    op.drop_column("societies", "officers_channel")
