"""The first shape"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def society() -> sa.Column[int]:
    return sa.Column("society", sa.Integer(), sa.ForeignKey("societies.id"), nullable=False)


def numbered() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("id", sa.Integer(), nullable=False), society()


def within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A reference to a row of the same society."""
    name = f"{table}_society_{column}"
    return sa.ForeignKeyConstraint(["society", column], [f"{other}.society", f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "sealed_with",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("sealed_with_row_is_the_only_one")),
        sa.PrimaryKeyConstraint("one", name="sealed_with_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "societies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("officers_channel", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="societies_key"),
        sa.UniqueConstraint("place", name="societies_one_place"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        *numbered(),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Integer()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "people",
        *numbered(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("adult", sa.Integer()),
        sa.Column("away_until", sa.Text()),
        sa.Column("away_since", MOMENT),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("email_mark", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="people_key"),
        sa.UniqueConstraint("society", "email_mark", name="people_one_society_email_mark"),
        sa.UniqueConstraint("society", "id", name="people_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "promises",
        society(),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("society", "what", "subject", name="promises_key"),
        sqlite_strict=True,
    )
    op.create_index("promises_by_at", "promises", ["at"])
    op.create_table(
        "requests",
        society(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("society", "key", name="requests_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "addresses",
        society(),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        within("addresses", "person", "people"),
        sa.PrimaryKeyConstraint("society", "address", name="addresses_key"),
        sqlite_strict=True,
    )
    op.create_index("addresses_by_person", "addresses", ["person"])
    op.create_table(
        "conflicts",
        society(),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.CheckConstraint("low < high", name=op.f("conflicts_in_order")),
        within("conflicts", "high", "people"),
        within("conflicts", "low", "people"),
        sa.PrimaryKeyConstraint("low", "high", name="conflicts_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "held_forms",
        *numbered(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        within("held_forms", "person", "people"),
        sa.PrimaryKeyConstraint("id", name="held_forms_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "intros",
        *numbered(),
        sa.Column("mentee", sa.Integer(), nullable=False),
        sa.Column("mentor", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("academics", sa.Text()),
        sa.Column("sent_at", MOMENT),
        sa.Column("reminded_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.CheckConstraint("mentee <> mentor", name=op.f("intros_of_two_people")),
        within("intros", "mentee", "people"),
        within("intros", "mentor", "people"),
        sa.PrimaryKeyConstraint("id", name="intros_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("intros_by_mentee", "intros", ["mentee"])
    op.create_index("intros_by_mentor", "intros", ["mentor"])
    op.create_index(
        "intros_one_draft",
        "intros",
        ["mentee", "mentor"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "intros_one_waiting",
        "intros",
        ["mentee"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "mentee_profiles",
        society(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text()),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("formats", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text()),
        sa.Column("rhythm", sa.Text()),
        sa.Column("reply", sa.Text()),
        within("mentee_profiles", "person", "people"),
        sa.PrimaryKeyConstraint("person", name="mentee_profiles_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "mentor_profiles",
        society(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("phase", sa.Text()),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("wont", sa.Text(), nullable=False),
        sa.Column("formats", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("hours", sa.Text()),
        sa.Column("reply", sa.Text()),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("approved_at", MOMENT),
        sa.CheckConstraint("capacity >= 0", name=op.f("mentor_profiles_capacity_not_negative")),
        within("mentor_profiles", "person", "people"),
        sa.PrimaryKeyConstraint("person", name="mentor_profiles_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "pairs",
        *numbered(),
        sa.Column("mentee", sa.Integer(), nullable=False),
        sa.Column("mentor", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("changed_by", sa.Integer()),
        sa.Column("room", sa.Text()),
        sa.CheckConstraint(
            "(low = mentee AND high = mentor OR low = mentor AND high = mentee) AND low < high",
            name=op.f("pairs_in_order"),
        ),
        sa.CheckConstraint("mentee <> mentor", name=op.f("pairs_of_two_people")),
        within("pairs", "mentee", "people"),
        within("pairs", "mentor", "people"),
        sa.PrimaryKeyConstraint("id", name="pairs_key"),
        sa.UniqueConstraint("society", "id", name="pairs_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("pairs_by_mentee", "pairs", ["mentee"])
    op.create_index("pairs_by_mentor", "pairs", ["mentor"])
    op.create_index("pairs_by_society_room", "pairs", ["society", "room"])
    op.create_index(
        "pairs_one_live",
        "pairs",
        ["low", "high"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "roles",
        society(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        within("roles", "person", "people"),
        sa.PrimaryKeyConstraint("person", "role", name="roles_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "told",
        *numbered(),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("nudge", sa.Integer(), nullable=False),
        within("told", "person", "people"),
        sa.PrimaryKeyConstraint("id", name="told_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("told_by_person_at", "told", ["person", "at"])
    op.create_table(
        "agreements",
        society(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("mentee_reply", sa.Text(), nullable=False),
        sa.Column("mentor_reply", sa.Text(), nullable=False),
        sa.Column("booker", sa.Text(), nullable=False),
        sa.Column("in_person", sa.Text(), nullable=False),
        sa.Column("shadowing", sa.Text(), nullable=False),
        sa.Column("online", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("mentee_confirmed_at", MOMENT),
        sa.Column("mentor_confirmed_at", MOMENT),
        within("agreements", "pair", "pairs"),
        sa.PrimaryKeyConstraint("pair", "version", name="agreements_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "answers",
        society(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("in_person", sa.Text()),
        sa.Column("shadowing", sa.Text()),
        sa.Column("online", sa.Text()),
        sa.Column("rhythm", sa.Text()),
        sa.Column("reply_promise", sa.Text()),
        sa.Column("reply_need", sa.Text()),
        sa.Column("booker", sa.Text()),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT),
        within("answers", "pair", "pairs"),
        sa.PrimaryKeyConstraint("pair", "side", name="answers_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "checkins",
        *numbered(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        within("checkins", "pair", "pairs"),
        sa.PrimaryKeyConstraint("id", name="checkins_key"),
        sa.UniqueConstraint("society", "id", name="checkins_one_society_id"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "deliveries",
        *numbered(),
        sa.Column("to_person", sa.Integer()),
        sa.Column("pair", sa.Integer()),
        sa.Column("channel", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("by_person", sa.Integer()),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text()),
        sa.Column("first_try_at", MOMENT),
        sa.Column("not_before", MOMENT),
        sa.Column("leased_until", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("arrived", sa.Integer()),
        sa.CheckConstraint(
            "(CASE WHEN to_person IS NULL THEN 0 ELSE 1 END) + (CASE WHEN pair IS NULL THEN 0 ELSE 1 END) + "
            "(CASE WHEN channel IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("deliveries_to_one_recipient"),
        ),
        within("deliveries", "pair", "pairs"),
        within("deliveries", "to_person", "people"),
        sa.PrimaryKeyConstraint("id", name="deliveries_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("deliveries_by_envelope", "deliveries", ["envelope"])
    op.create_index(
        "deliveries_unsent",
        "deliveries",
        ["created_at"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "events",
        *numbered(),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("side", sa.Text()),
        within("events", "pair", "pairs"),
        sa.PrimaryKeyConstraint("id", name="events_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("events_by_pair_at", "events", ["pair", "at"])
    op.create_table(
        "queue_items",
        *numbered(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("pair", sa.Integer()),
        sa.Column("person", sa.Integer()),
        sa.Column("pair_or_0", sa.Integer(), nullable=False),
        sa.Column("person_or_0", sa.Integer(), nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolved_by", sa.Integer()),
        within("queue_items", "pair", "pairs"),
        within("queue_items", "person", "people"),
        sa.PrimaryKeyConstraint("id", name="queue_items_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "queue_items_one_open",
        "queue_items",
        ["society", "reason", "pair_or_0", "person_or_0"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "checkin_answers",
        society(),
        sa.Column("checkin", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        within("checkin_answers", "checkin", "checkins"),
        sa.PrimaryKeyConstraint("checkin", "question", name="checkin_answers_key"),
        sqlite_strict=True,
    )
