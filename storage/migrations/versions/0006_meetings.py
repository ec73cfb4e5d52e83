"""Meetings, and messages that are not worth sending late"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("until", MOMENT))
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT),
        sa.Column("ends", MOMENT),
        sa.Column("booked_at", MOMENT),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("mentee_comes", sa.Integer(), nullable=False),
        sa.Column("mentor_comes", sa.Integer(), nullable=False),
        sa.Column("mentee_report", sa.Text()),
        sa.Column("mentor_report", sa.Text()),
        sa.Column("after_at", MOMENT),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["society", "pair"], ["pairs.society", "pairs.id"], name="meetings_society_pair"),
        sa.PrimaryKeyConstraint("id", name="meetings_key"),
        sa.UniqueConstraint("society", "id", name="meetings_one_society_id"),
        sa.CheckConstraint("state <> 'booked' OR at IS NOT NULL", name=op.f("meetings_booked_has_a_time")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    still_open = sa.text("state IN ('proposed', 'booked')")
    op.create_index(
        "meetings_one_open", "meetings", ["pair"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index("meetings_by_pair", "meetings", ["pair"])
    op.create_index("meetings_by_at", "meetings", ["at"])
    op.create_table(
        "meeting_times",
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["society", "meeting"], ["meetings.society", "meetings.id"], name="meeting_times_society_meeting"
        ),
        sa.PrimaryKeyConstraint("meeting", "at", name="meeting_times_key"),
        sqlite_strict=True,
    )
