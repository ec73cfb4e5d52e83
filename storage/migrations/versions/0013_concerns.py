"""Private concerns, for one reader"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("writer", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer()),
        sa.Column("reader", sa.Integer()),
        sa.Column("words_sealed", sa.LargeBinary()),
        sa.Column("reachable", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT) for name in ("sent_at", "reminded_at", "delayed_at", "read_at", "closed_at")),
        *(
            sa.ForeignKeyConstraint(["society", who], ["people.society", "people.id"], name=f"concerns_society_{who}")
            for who in ("writer", "about", "reader")
        ),
        sa.CheckConstraint("reader <> about", name=op.f("concerns_not_read_by_the_one_concerned")),
        sa.CheckConstraint("reader <> writer", name=op.f("concerns_not_read_by_its_writer")),
        sa.PrimaryKeyConstraint("id", name="concerns_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("concerns_by_reader", "concerns", ["reader"])
