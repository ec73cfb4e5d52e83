"""An officer brings a sheet in from the chat: sees first what would happen, corrects a column, and takes it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import DAY, QueueReason
from bot.ports import Pressed, Upload
from bot.rehearsal import Actor
from bot.ui import Form, act
from storage.store import SqlStore
from storage.tables import METADATA
from tests.society import USUAL, Society, words
from tests.test_intake_workbook import workbook

SHEETS = Path(__file__).parents[1] / "examples" / "harborview"
SECRET = "3.97-canary"


def harborviews(name: str) -> Upload:
    return Upload(name, (SHEETS / name).read_bytes())


def sheet(*lines: str) -> Upload:
    return Upload("signup.csv", "\n".join(lines).encode())


async def sends(officer: Actor, sent: Upload, of: str = "tell") -> str:
    await officer.calls("import")
    return words(await officer.fills(sheet=sent, of=of))


async def people_known(harbor: Society) -> int:
    async with harbor.store.records(harbor.id) as records:
        return len(await records.people.all())


async def stored(harbor: Society) -> str:
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.connect() as connection:
        return str([(await connection.execute(select(table))).all() for table in METADATA.tables.values()])


async def test_harborview_comes_in_sheet_by_sheet_and_nothing_happens_before_the_tap(harbor: Society) -> None:
    olu = await harbor.officer()
    said = await sends(olu, harborviews("mentors.csv"))
    assert "mentors.csv, read as mentors" in said
    assert "Nothing is taken in yet. It would be: 40 new, 0 changed, 0 unchanged, 4 to look at." in said
    assert "Discord handle → Discord or Slack handle" in said
    assert await people_known(harbor) == 1

    assert isinstance(await olu.presses("Take in"), Form)
    done = words(await olu.fills(approve=("yes",)))
    assert "Done: 40 new, 0 changed, 0 unchanged, 4 to look at." in done
    assert "row 12, Email: not an e-mail address. Correct it and import again." in done
    assert await people_known(harbor) == 41

    assert "120 new" in await sends(olu, harborviews("mentees.csv"))
    assert "120 new" in words(await olu.presses("Take in"))
    assert "0 new, 0 changed, 120 unchanged" in await sends(olu, harborviews("mentees.csv"))
    await harbor.later(2 * DAY)
    assert not harbor.heard(olu)  # everyone was approved; nobody was written to


async def test_mentors_are_approved_by_a_tick_of_its_own_and_otherwise_wait(harbor: Society) -> None:
    olu = await harbor.officer()
    await sends(olu, sheet("Email,Name,# of mentees", "lee@x.example,Lee Grant,2"))
    await olu.presses("Take in")
    assert "Each new mentor waits for an officer: /queue" in words(await olu.fills())
    async with harbor.store.records(harbor.id) as records:
        assert [item.reason for item in await records.queue.items()] == [QueueReason.APPROVE]


async def test_a_column_is_corrected_and_known_in_the_next_sheet_of_the_same_form(harbor: Society) -> None:
    olu = await harbor.officer()
    head = "Email,Name,Year,How many can you carry?"
    said = await sends(olu, sheet(head, "lee@x.example,Lee Grant,M2,two"))
    assert "mentors, mentees or officers? Send it once more, and choose: /import" in said
    assert "Take in" not in said

    form = await olu.presses("Change a column")
    assert isinstance(form, Form)
    said = words(await olu.fills(columns0="3", meaning="capacity"))
    assert "How many can you carry? → how many mentees" in said
    assert "[Take in]" in said
    assert "Not used: Year" in said
    await olu.presses("Not now")

    again = await sends(olu, sheet(head.upper(), "bo@x.example,Bo Reed,M3,2-3"))
    assert "read as mentors" in again
    assert "1 new, 0 changed, 0 unchanged, 1 to look at" in again


async def test_where_no_date_says_so_an_officer_says_whether_the_day_comes_first(harbor: Society) -> None:
    olu = await harbor.officer()
    head = "Timestamp,Email,Name,# of mentees"
    two = ("4/3/2026 9:00:00,lee@x.example,Lee Grant,2", "3/4/2026 9:00:00,lee@x.example,Lee Grant,3")
    said = await sends(olu, sheet(head, *two))
    assert "Dates such as 4/3/2026 are taken as month/day/year, as no date says otherwise." in said
    assert "answered again in row 2" in said
    said = words(await olu.presses("The day comes first"))
    assert "Dates are day/month/year, as an officer said." in said
    assert "answered again in row 3" in said
    # It is known in the next sheet of the same form, unless its dates say otherwise, and can be taken back.
    assert "as an officer said" in await sends(olu, sheet(head, *two))
    assert "an officer said" not in await sends(olu, sheet(head, *two, "9/23/2026 9:00:00,bo@x.example,Bo Reed,1"))
    await sends(olu, sheet(head, *two))
    assert "taken as month/day/year" in words(await olu.presses("The month comes first"))


async def test_what_is_left_out_is_nowhere_not_even_until_the_tap(
    harbor: Society, capfd: pytest.CaptureFixture[str]
) -> None:
    olu = await harbor.officer()
    said = await sends(olu, sheet("Email,Name,Class Year,GPA", f"ada@x.example,Ada Vance,Junior,{SECRET}"))
    assert "Left out on purpose: GPA" in said
    await olu.presses("Change a column")
    assert "send the sheet once more: /import" in words(await olu.fills(columns0="3", meaning="school"))
    assert SECRET not in await stored(harbor) + said + "".join(capfd.readouterr())
    # Asked for, it is read from the next sheet on.
    assert "GPA → school or hospital" in await sends(
        olu, sheet("Email,Name,Class Year,GPA", f"ada@x.example,Ada Vance,Junior,{SECRET}")
    )


async def test_the_sheet_that_waits_is_sealed_and_forgotten_after_a_day(harbor: Society) -> None:
    olu = await harbor.officer()
    await sends(olu, harborviews("mentees.csv"))
    assert "Banerjee" not in await stored(harbor)
    take = Pressed(olu.button("Take in"))
    await harbor.later(2 * DAY)
    await harbor.store.tidy(harbor.clock.now(), USUAL)
    assert "had its day" in words(await olu.asks(take))


async def test_nobody_but_who_sent_it_takes_a_sheet_in_and_only_once(harbor: Society) -> None:
    olu, other, ana = await harbor.officer(), await harbor.officer("Sal Reyes"), await harbor.mentee()
    await sends(olu, sheet("Email,Name,Class Year", "ada@x.example,Ada Vance,Junior"))
    take = Pressed(olu.button("Take in"))
    assert "had its day" in words(await other.asks(take))
    assert "for the society's officers" in words(await ana.asks(take))
    assert "for the society's officers" in words(await ana.calls("import"))
    assert "Done: 1 new" in words(await olu.asks(take))
    assert "had its day" in words(await olu.asks(take))


async def test_a_workbook_says_which_sheet_was_read(harbor: Society) -> None:
    olu = await harbor.officer()
    answers = [["Email", "Name", "Class Year"], ["ada@x.example", "Ada Vance", "Junior"]]
    data = workbook(("Pairs by hand", [["Ada", "Ben"]]), ("Form Responses 1", answers))
    said = await sends(olu, Upload("signup.xlsx", data))
    assert "signup.xlsx, sheet “Form Responses 1”, read as mentees" in said
    assert "Sheets not read: Pairs by hand" in said


async def test_what_someone_said_here_themselves_stands(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        await records.people.change(person.id, email="ana@x.example", school="Harborview")
    await sends(olu, sheet("Email,Name,Class Year,School", "ana@x.example,A. Ruiz,Senior,Elsewhere"))
    assert "0 new, 0 changed, 1 unchanged" in words(await olu.presses("Take in"))
    assert (await harbor.person(ana)).school == "Harborview"


async def test_every_remark_can_be_read_page_by_page(harbor: Society) -> None:
    olu = await harbor.officer()
    await sends(olu, sheet("Email,Name,Class Year", *(f"nobody{n},Ada Vance,Junior" for n in range(25))))
    assert "row 2, Email" in words(await olu.presses("All remarks"))
    await olu.presses("More")
    assert "row 26, Email" in words(await olu.presses("More"))
    assert "Nothing is taken in yet" in words(await olu.presses("Back"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old"])
async def test_a_file_that_cannot_be_read_is_said_so_and_nothing_changes(harbor: Society, data: bytes) -> None:
    olu = await harbor.officer()
    said = await sends(olu, Upload("a.xlsx", data))
    assert "I can't read that file, and nothing was changed." in said
    assert "To send another: /import" in said


async def test_only_who_governs_takes_in_officers(harbor: Society) -> None:
    olu = await harbor.officer()
    said = await sends(olu, harborviews("officers.csv"))
    assert "Each officer on it can do all that you can" in said
    assert "Done: 4 new" in words(await olu.presses("Take in"))
    assert words(await olu.calls("audit")).count("new officer:") == 3
    await sends(olu, harborviews("officers.csv"))
    assert "had its day" in words(await olu.asks(Pressed(act("import.take", 99))))
