"""The year as officers set it: each date by itself, so that two officers at once undo nothing of one another's."""

from dataclasses import replace
from datetime import date

from bot.model import Break, SeasonLine, Society
from bot.vocabulary import Rest
from storage.store import SqlStore
from tests.stores import NOW

FALL = Break(date(2026, 10, 12), date(2026, 10, 18), Rest.MIDTERMS)
FINALS = Break(date(2026, 12, 7), date(2026, 12, 18), Rest.FINALS)
TERM = Break(date(2026, 8, 31), date(2026, 12, 18))


async def test_a_year_is_kept_and_removed_date_by_date(store: SqlStore, society: Society) -> None:
    whole = replace(society, term=TERM, recruitment=TERM, kickoff=FALL.first, breaks=(FALL, FINALS))
    later = replace(whole, term=None, kickoff=None, breaks=(replace(FALL, last=FALL.first),))
    for chosen in (whole, later, whole, society):
        async with store.records(society.id) as records:
            await records.decide(chosen)
        async with store.records(society.id) as records:
            assert records.society == chosen


async def test_what_an_officer_did_not_change_is_as_another_left_it(store: SqlStore, society: Society) -> None:
    """Both saw the calendar while it was empty."""
    for chosen in (replace(society, kickoff=FALL.first, breaks=(FALL,)), replace(society, term=TERM, breaks=(FINALS,))):
        async with store.records(society.id) as records:
            records.society = society
            await records.decide(chosen)
    async with store.records(society.id) as records:
        assert records.society == replace(society, kickoff=FALL.first, term=TERM, breaks=(FALL, FINALS))


async def test_a_line_is_kept_in_place_of_what_was_made_of_it_before(store: SqlStore, society: Society) -> None:
    line = SeasonLine("letters", 3, "Ours", "", NOW.date())
    async with store.records(society.id) as records:
        await records.seasons.keep(line)
        await records.seasons.keep(replace(line, words=""))
        assert await records.seasons.lines() == [replace(line, words="")]
        await records.seasons.restore("letters")
        assert await records.seasons.lines() == []
