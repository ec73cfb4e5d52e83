"""Officers' spreadsheets: what their columns mean, sheets that wait for a word, and who says that a row is theirs"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def _society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def _person(table: str, name: str) -> sa.ForeignKeyConstraint:
    here = ["society", name]
    return sa.ForeignKeyConstraint(here, ["people.society", "people.id"], name=f"{table}_society_{name}")


def upgrade() -> None:
    op.add_column("people", sa.Column("handle", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "kept_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        _society(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("table_sealed", sa.LargeBinary()),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _person("kept_sheets", "person"),
        sa.PrimaryKeyConstraint("id", name="kept_sheets_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "sheet_columns",
        _society(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("head", "title", "meaning")),
        sa.PrimaryKeyConstraint("society", "head", "title", name="sheet_columns_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "claims",
        _society(),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("person", "claimed")),
        sa.Column("at", MOMENT, nullable=False),
        *(_person("claims", name) for name in ("person", "claimed")),
        sa.PrimaryKeyConstraint("society", "person", name="claims_key"),
        sqlite_strict=True,
    )
