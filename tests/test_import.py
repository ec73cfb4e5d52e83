"""An officer brings a society in from spreadsheets: Harborview, dirt and all, into a real database."""

from pathlib import Path

from bot.intake.report import described
from bot.intake.rows import read
from bot.intake.saving import Report, take_in
from bot.model import QueueReason
from tests.society import NEW_YORK, Society, words

SHEETS = Path(__file__).parents[1] / "examples" / "harborview"
HEADER = "Email Address,Full Name,What best describes you?,How many mentees can you take?\n"


async def brings_in(harbor: Society, *, approve: bool = True) -> dict[str, Report]:
    reports = {}
    for name in ("officers.csv", "mentors.csv", "mentees.csv"):
        async with harbor.store.records(harbor.id) as records:
            sheet = read(name, (SHEETS / name).read_bytes(), NEW_YORK)
            reports[name] = await take_in(sheet, records, harbor.clock.now(), approve=approve)
    return reports


async def test_everyone_who_can_be_saved_is_and_twice_changes_nothing(harbor: Society) -> None:
    first = await brings_in(harbor)
    assert [report.new for report in first.values()] == [4, 40, 120]
    async with harbor.store.records(harbor.id) as records:
        people = await records.people.all()
    assert len(people) == 158  # six are in both lists

    again = await brings_in(harbor)
    assert [(report.new, report.changed) for report in again.values()] == [(0, 0)] * 3
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.all() == people


async def test_every_line_that_is_not_saved_says_where_why_and_what_to_do(harbor: Society) -> None:
    reports = await brings_in(harbor)
    lost = [problem for report in reports.values() for problem in report.problems if not problem.saved]
    assert sorted(problem.file for problem in lost) == ["mentees.csv", "mentors.csv"]
    for problem in lost:
        assert problem.line > 1
        assert all((problem.column, problem.why, problem.fix))


async def test_two_whom_the_sheet_keeps_apart_are_kept_apart(harbor: Society) -> None:
    await brings_in(harbor)
    async with harbor.store.records(harbor.id) as records:
        apart = {
            frozenset((person.id, other))
            for person in await records.people.all()
            for other in await records.apart.noted_of(person.id)
        }
    assert len(apart) == 2


async def test_mentors_who_are_not_yet_approved_wait_for_an_officer_who_hears_of_it_once(harbor: Society) -> None:
    olu = await harbor.officer()
    await brings_in(harbor, approve=False)
    await harbor.settle()
    assert [said for said in harbor.heard(olu) if "40 things wait for an officer" in said]
    assert len(harbor.heard(olu)) == 1
    assert "40 things need a human" in words(await olu.calls("queue"))

    await brings_in(harbor, approve=True)
    async with harbor.store.records(harbor.id) as records:
        assert not [item for item in await records.queue.items() if item.reason is QueueReason.APPROVE]


async def test_nobody_is_shown_a_mentor_who_cannot_be_written_to(harbor: Society) -> None:
    ana = await harbor.mentee()
    sheet = read("mentors.csv", (HEADER + "lee@example.org,Lee Grant,MS2,2\n").encode(), NEW_YORK)
    async with harbor.store.records(harbor.id) as records:
        await take_in(sheet, records, harbor.clock.now(), approve=True)
        (lee,) = [person for person in await records.people.all() if person.name == "Lee Grant"]
        mentor = await records.people.mentor(lee.id)
    assert mentor is not None
    assert mentor.profile.capacity == 2
    assert "Lee" not in words(await ana.calls("find-mentor"))


async def test_who_was_forgotten_is_not_brought_back_by_an_old_sheet(harbor: Society) -> None:
    sheet = read("mentors.csv", (HEADER + "Ben@x.org,Ben Okafor,Resident,2\n").encode(), NEW_YORK)
    async with harbor.store.records(harbor.id) as records:
        await take_in(sheet, records, harbor.clock.now(), approve=True)
        ben = await records.people.by_email("ben@x.org")
        assert ben is not None
        await records.privacy.forget(ben.id, harbor.clock.now())
        report = await take_in(sheet, records, harbor.clock.now(), approve=True)
        assert await records.people.by_email("ben@x.org") is None
    assert (report.new, report.changed) == (0, 0)
    assert "row 2: they were forgotten here" in "\n".join(described(report))
