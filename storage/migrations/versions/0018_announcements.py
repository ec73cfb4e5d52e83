"""What officers say to some of the society, and the season's days as they set them"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("whom", "phases", "fields", "words")),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["society", "author"], ["people.society", "people.id"], name="announcements_society_author"
        ),
        sa.PrimaryKeyConstraint("id", name="announcements_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    for name in ("recruitment_first", "recruitment_last", "kickoff"):
        op.add_column("societies", sa.Column(name, sa.Text()))
    op.add_column("breaks", sa.Column("what", sa.Text(), nullable=False, server_default=sa.text("'break'")))
    op.create_table(
        "season_lines",
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("words", "usually")),
        sa.Column("verified_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("society", "name", name="season_lines_key"),
        sqlite_strict=True,
    )
    op.add_column("told", sa.Column("announcement", sa.Integer(), nullable=False, server_default=sa.text("0")))
