"""Whom an announcement is for, and whom it reaches, for any society and any past."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Member,
    Mentee,
    MenteeProfile,
    Mentor,
    MentorProfile,
    Pace,
    Pair,
    PairState,
    Person,
    Role,
    Segment,
    Urgency,
)
from bot.rules.segment import LIFE, SOON, members_of, readers
from bot.rules.timing import first_moment, may_speak_at
from bot.vocabulary import Phase, Specialty, Whom

NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PACE = Pace()

phases = st.sampled_from([Phase.FRESHMAN, Phase.MCAT, Phase.APPLYING])
fields = st.lists(st.sampled_from([Specialty.SURGERY, Specialty.DERMATOLOGY, Specialty.ENT]), unique=True).map(tuple)


@st.composite
def members(draw: st.DrawFn) -> list[Member]:
    found = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        away = draw(st.none() | st.integers(-3, 20).map(lambda days: date(2026, 10, 5) + days * DAY))
        left = draw(st.sampled_from([None, None, None, NOW]))
        roles = draw(st.sampled_from([frozenset[Role](), frozenset({Role.OFFICER})]))
        person = Person(number, f"P{number}", away_until=away, left_at=left, roles=roles)
        mentee = MenteeProfile(number, draw(st.none() | phases), draw(fields))
        mentor = MentorProfile(
            number, phase=draw(st.none() | phases), fields=draw(fields), approved_at=draw(st.sampled_from([None, NOW]))
        )
        found.append(
            Member(
                person,
                draw(st.sampled_from([("paper:1",), ("paper:1",), ()])),
                draw(st.sampled_from([None, Mentee(person, mentee)])),
                draw(st.sampled_from([None, Mentor(person, mentor)])),
            )
        )
    return found


segments = st.builds(Segment, st.sampled_from(Whom), st.lists(phases, unique=True).map(tuple), fields)
societies = members()
guided = st.sets(st.integers(1, 8)).map(lambda some: [Pair(n, n, 99, PairState.ACTIVE, NOW) for n in sorted(some)])


@given(societies, guided, segments)
def test_everyone_who_is_meant_is_still_here_and_what_was_asked_for(
    society: list[Member], live: list[Pair], segment: Segment
) -> None:
    meant = members_of(segment, society, live)
    for member in meant:
        assert member.person.left_at is None
        if segment.whom is Whom.UNPAIRED:
            assert member.person.id not in {pair.mentee for pair in live}
        if segment.whom in (Whom.MENTEES, Whom.UNPAIRED):
            assert member.mentee is not None
        if segment.whom is Whom.MENTORS:
            assert member.mentor is not None
            assert member.mentor.profile.approved_at is not None
        profiles = [each.profile for each in (member.mentee, member.mentor) if each is not None]
        assert not segment.phases or any(profile.phase in segment.phases for profile in profiles)


@given(societies, guided, segments)
def test_narrower_is_never_more(society: list[Member], live: list[Pair], segment: Segment) -> None:
    def found(asked: Segment) -> set[int]:
        return {member.person.id for member in members_of(asked, society, live)}

    assert found(segment) <= found(replace(segment, phases=())) & found(replace(segment, fields=()))
    assert found(segment) <= found(replace(segment, whom=Whom.EVERYONE))
    assert found(replace(segment, whom=Whom.UNPAIRED)) <= found(replace(segment, whom=Whom.MENTEES))


ago = st.integers(0, 12 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))


@given(societies, st.dictionaries(st.integers(1, 8), ago))
def test_whoever_is_counted_can_hear_it_in_time_and_a_week_after_the_last(
    society: list[Member], lately: dict[int, datetime]
) -> None:
    found = readers(society, lately, NOW, UTC_ZONE, PACE)
    assert len(found.reached) + found.spared + found.away + found.unmet == len(society)
    assert found.unmet == sum(not member.addresses for member in society)
    for person in (member.person for member in society if member.person.id in found.reached):
        back = first_moment(person.away_until, UTC_ZONE) if person.away_until else NOW
        at = may_speak_at(
            max(NOW, back), Urgency.ANNOUNCEMENT, zone=UTC_ZONE, mentor=True, told=(), nudged=None,
            announced=lately.get(person.id), pace=PACE,
        )  # fmt: skip
        assert at < NOW + LIFE
        assert at - lately.get(person.id, at - PACE.announcements_apart) >= PACE.announcements_apart


@given(st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)))
def test_an_announcement_a_week_at_any_hour_leaves_out_nobody_and_two_a_day_always_do(late: timedelta) -> None:
    """`late`: how long after the last one was sent it reached someone."""
    person = Person(1, "Ana")
    member = Member(person, ("paper:1",), Mentee(person, MenteeProfile(1)), None)
    told = NOW - 7 * DAY + late
    found = readers([member], {1: min(told, NOW)}, NOW, UTC_ZONE, PACE)
    assert bool(found.reached) == (late <= SOON)
    assert found.spared == (late > SOON)
