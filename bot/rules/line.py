"""Whom to tell of a free place when several wait for one: the longest waiting who fits, one at a time, no rush."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model import InLine, Pace


def to_tell(
    line: Sequence[InLine],
    fitting: Mapping[int, Sequence[int]],
    places: Mapping[int, int],
    pace: Pace,
    now: datetime,
) -> list[tuple[int, int]]:
    """Who is told of which mentor now, as (mentee, mentor).

    `fitting`: the mentors each of the waiting could ask, best first. `places`: how many more each mentor could take,
    open requests to them taken off. A place of which someone was told is theirs to ask for as long as `line_hold`;
    nobody is told of two mentors at once, or of the same one again before a mentor's "not now" would have worn off.
    """
    held = Counter(told.mentor for waits in line for told in waits.told if now < told.at + pace.line_hold)
    chosen = []
    for waits in sorted(line, key=lambda waits: (not waits.first, waits.since, waits.person)):
        if any(now < told.at + pace.line_hold for told in waits.told):
            continue
        known = {told.mentor for told in waits.told if now < told.at + pace.not_now}
        for mentor in fitting.get(waits.person, ()):
            if mentor not in known and held[mentor] < places.get(mentor, 0):
                chosen.append((waits.person, mentor))
                held[mentor] += 1
                break
    return chosen
