"""What both sides expect, in full: a row for each question instead of a column; hours of shadowing"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

# What each earlier column of `answers` is a question of, by the side that answered.
ANSWERED = {
    ("in_person", "in_person"): ("mentee", "mentor"),
    ("shadowing", "shadowing"): ("mentee", "mentor"),
    ("online", "online"): ("mentee", "mentor"),
    ("rhythm", "rhythm"): ("mentee", "mentor"),
    ("booker", "booker"): ("mentee", "mentor"),
    ("reply_promise", "mentee_reply"): ("mentee",),
    ("reply_promise", "mentor_reply"): ("mentor",),
    ("reply_need", "mentor_reply"): ("mentee",),
    ("reply_need", "mentee_reply"): ("mentor",),
}
COLUMNS = tuple(dict.fromkeys(column for column, _ in ANSWERED))
AGREED = ("in_person", "shadowing", "online", "rhythm", "mentee_reply", "mentor_reply", "booker")


def upgrade() -> None:
    op.rename_table("answers", "earlier_answers")
    op.rename_table("agreements", "earlier_agreements")
    if op.get_bind().dialect.name == "postgresql":
        # There a key's name is one in the whole schema, and stays with the table it was given to.
        for table in ("answers", "agreements"):
            op.execute(f"ALTER TABLE earlier_{table} RENAME CONSTRAINT {table}_key TO earlier_{table}_key")
    op.create_table(
        "answers",
        *_of_a_pair("answers"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pair", "side", "term", name="answers_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "answered",
        *_of_a_pair("answered"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pair", "side", name="answered_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "agreements",
        *_of_a_pair("agreements"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mentee_confirmed_at", MOMENT),
        sa.Column("mentor_confirmed_at", MOMENT),
        sa.PrimaryKeyConstraint("pair", "version", name="agreements_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "terms",
        *_of_a_pair("terms"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair", "version"], ["agreements.pair", "agreements.version"], name="terms_pair_version"
        ),
        sa.PrimaryKeyConstraint("pair", "version", "term", name="terms_key"),
        sqlite_strict=True,
    )
    _carry_over()
    op.drop_table("earlier_answers")
    op.drop_table("earlier_agreements")
    op.create_table(
        "shadowed",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_a_pair("shadowed"),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["society", "confirmed_by"], ["people.society", "people.id"], name="shadowed_society_confirmed_by"
        ),
        sa.CheckConstraint("hours BETWEEN 1 AND 24", name=op.f("shadowed_hours_of_a_day")),
        sa.PrimaryKeyConstraint("id", name="shadowed_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("shadowed_by_pair", "shadowed", ["pair"])


def _of_a_pair(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["society", "pair"], ["pairs.society", "pairs.id"], name=f"{table}_society_pair"),
    )


def _carry_over() -> None:
    """What was answered and agreed. More has to be answered now, so nobody is through with it yet; agreements hold."""
    given = sa.table("earlier_answers", *(sa.column(name) for name in ("society", "pair", "side", "topics", *COLUMNS)))
    mine = given.c.society, given.c.pair, given.c.side
    answers = sa.table("answers", *(sa.column(name) for name in ("society", "pair", "side", "term", "chosen")))
    for (column, term), sides in ANSWERED.items():
        value = given.c[column]
        # A mentee can no longer answer "only through my institution": that was never theirs to say.
        read = sa.case((sa.and_(given.c.side == "mentee", value == "office"), "maybe"), else_=value)
        row = sa.select(*mine, sa.literal(term), _list_of(read)).where(value.is_not(None), given.c.side.in_(sides))
        op.execute(sa.insert(answers).from_select(list(answers.c.keys()), row))
    row = sa.select(*mine, sa.literal("topics"), given.c.topics).where(given.c.topics != "[]")
    op.execute(sa.insert(answers).from_select(list(answers.c.keys()), row))

    confirmed = ("society", "pair", "version", "mentee_confirmed_at", "mentor_confirmed_at")
    settled = sa.table("earlier_agreements", *(sa.column(name) for name in (*confirmed, "topics", *AGREED)))
    agreements = sa.table("agreements", *(sa.column(name) for name in confirmed))
    op.execute(sa.insert(agreements).from_select(confirmed, sa.select(*(settled.c[name] for name in confirmed))))
    terms = sa.table("terms", *(sa.column(name) for name in ("society", "pair", "version", "term", "chosen")))
    version = settled.c.society, settled.c.pair, settled.c.version
    for term in AGREED:
        row = sa.select(*version, sa.literal(term), _list_of(settled.c[term]))
        op.execute(sa.insert(terms).from_select(list(terms.c.keys()), row))
    row = sa.select(*version, sa.literal("topics"), settled.c.topics).where(settled.c.topics != "[]")
    op.execute(sa.insert(terms).from_select(list(terms.c.keys()), row))


def _list_of(slug: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A JSON list of one slug."""
    return sa.literal('["').concat(slug).concat('"]')
