"""How long someone is kept whom nothing is heard of."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Pace, Person, Role
from bot.rules.keeping import Then, next_step
from tests.society import MONDAY

PACE = Pace()
moments = st.none() | st.integers(0, 900 * 24).map(lambda hours: MONDAY + timedelta(hours=hours))
people = st.builds(Person, st.just(1), st.just("Ana"), seen_at=moments, noticed_at=moments, left_at=moments)


@given(people, st.booleans())
def test_nobody_is_forgotten_before_they_were_long_silent_or_had_left(person: Person, joined: bool) -> None:
    step = next_step(person, PACE, joined=joined)
    if step is None:
        assert person.seen_at is person.noticed_at is person.left_at is None
    elif person.left_at is not None:
        assert (step.at, step.then) == (person.left_at + 30 * DAY, Then.FORGET)
    elif step.then is Then.ASK:
        assert (person.noticed_at, joined) == (None, True)
    elif joined:
        assert person.noticed_at is not None
        assert step.at == person.noticed_at + 30 * DAY


@given(people, st.sampled_from(Role), st.booleans())
def test_who_holds_a_role_is_never_forgotten_by_itself(person: Person, role: Role, joined: bool) -> None:
    assert next_step(replace(person, roles=frozenset({role})), PACE, joined=joined) is None


@given(st.integers(0, 900 * 24).map(lambda hours: MONDAY + timedelta(hours=hours)))
def test_whoever_joined_is_asked_a_month_before_they_are_forgotten(seen: datetime) -> None:
    ana = Person(1, "Ana", seen_at=seen)
    first = next_step(ana, PACE, joined=True)
    assert first is not None
    then = next_step(replace(ana, noticed_at=first.at), PACE, joined=True)
    assert then is not None
    assert (first.then, then.then, then.at - seen) == (Then.ASK, Then.FORGET, 395 * DAY)
