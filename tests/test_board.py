"""The officers' board as conversations: its numbers are those of what happened, and its papers reach whom they may."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.model import DAY, Break, Pace, Place, Role
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.rules.board import Board, board
from bot.ui import File, Form, Message, Reply, act
from bot.vocabulary import Specialty
from tests.society import MONDAY, PLACE, USUAL, Society, harborview, words
from tests.stores import open_sqlite

CHANNEL = f"{PLACE}/officers"


def files(reply: Reply | Message | None) -> dict[str, File]:
    assert reply is not None
    assert not isinstance(reply, Form), reply
    said = reply if isinstance(reply, Message) else reply.message
    return {block.name: block for block in said.blocks if isinstance(block, File)}


async def numbers(harbor: Society) -> Board:
    async with harbor.store.records(harbor.id) as records:
        return board(await records.board.chronicle(), records.society, harbor.clock.now(), USUAL)


async def three_pairs(harbor: Society) -> list[tuple[Actor, Actor]]:
    """Ana and Ben talk and meet; Bea was told of once and is silent; Cleo only joined and Dan only asked."""
    ben, cy = await harbor.mentor(), await harbor.mentor("Cy Park", fields=(Specialty.SURGERY,))
    ana, bea = await harbor.mentee(), await harbor.mentee("Bea Lund")
    await harbor.mentee("Cleo Voss", interests=(Specialty.DERMATOLOGY,))
    dan = await harbor.mentee("Dan Wu", interests=(Specialty.DERMATOLOGY,))
    await harbor.paired(ana, ben)
    await harbor.paired(bea, cy)
    await harbor.asked(dan, ben)
    await ana.speaks()
    await ben.speaks()
    return [(ana, ben), (bea, cy)]


@pytest.mark.sr("SR-1.b")
async def test_the_numbers_are_those_of_what_happened(harbor: Society) -> None:
    await three_pairs(harbor)
    now = await numbers(harbor)
    funnel = now.funnel
    assert (funnel.joined, funnel.asked, funnel.paired, funnel.met, funnel.still) == (4, 3, 2, 1, 1)
    assert (now.pairs, now.begun, now.ended, now.meetings) == (2, 2, 0, 0)
    assert (now.free, now.looking, now.missing) == (2, 2, {Specialty.DERMATOLOGY: 2})
    assert [(load.mentees, load.free, load.full) for load in now.loads] == [(0, 0, 0), (1, 2, 0)]


async def test_every_pair_is_known_to_the_board_as_to_its_own_next_step(harbor: Society) -> None:
    (ana, ben), _ = await three_pairs(harbor)
    await harbor.agreed(ana, ben)
    await harbor.later(10 * DAY)
    async with harbor.store.records(harbor.id) as records:
        told = (await records.board.chronicle()).pairs
        assert len(told) == 2
        for facts in told:
            assert await records.pairs.facts(facts.pair.id) == facts
        assert (await records.board.chronicle(live=True)).pairs == told
    olu = await harbor.officer()
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await olu.presses("End it")
    async with harbor.store.records(harbor.id) as records:
        assert [facts.pair.id for facts in (await records.board.chronicle(live=True)).pairs] == [told[1].pair.id]


async def test_the_board_is_a_picture_two_lines_and_what_to_do_next(harbor: Society) -> None:
    await three_pairs(harbor)
    olu = await harbor.officer()
    shown = await olu.calls("board")
    said = words(shown)
    assert said.splitlines()[:2] == [
        "2 pairs: 2 on track. 0 meetings so far this term.",
        "2 mentees without a mentor, 2 places free. Nobody with a place for: Dermatology (2).",
    ]
    assert files(shown)["pairs.png"].alt.startswith("None of 2 pairs is quiet. 1 of 4 mentees is still in touch.")
    assert "[Open the queue]  [Mentors and places]  [Term report]  [Sheets]  [Certificates]" in said
    assert "Dermatology: 2 look for a mentor" in files(await olu.presses("Mentors and places"))["mentors.png"].alt
    assert "Nothing needs you" in words(await olu.presses("Open the queue"))


@pytest.mark.parametrize("command", ["board", "report"])
async def test_the_board_is_for_officers(harbor: Society, command: str) -> None:
    ana = await harbor.mentee()
    assert "officers" in words(await ana.calls(command))
    assert "officers" in words(await ana.asks(Pressed(act("board.sheets"))))


async def test_an_advisor_reads_the_board_and_takes_no_names_along(harbor: Society) -> None:
    await three_pairs(harbor)
    ada = await harbor.visitor("Ada Advisor")
    async with harbor.store.records(harbor.id) as records:
        await records.people.give_role((await records.people.meet(ada.address, ada.name)).id, Role.ADVISOR)
    said = words(await ada.calls("board"))
    assert "[Term report]" in said
    assert "[Sheets]" not in said
    assert "officers" in words(await ada.asks(Pressed(act("board.sheets"))))


async def test_a_report_leaves_the_board_without_names_and_small_numbers(harbor: Society) -> None:
    await three_pairs(harbor)
    olu = await harbor.officer()
    report = files(await olu.calls("report"))
    assert report["report.pdf"].data.startswith(b"%PDF-")
    html = re.sub('src="[^"]*"', "", report["report.html"].data.decode())
    assert "Mentees who joined</th><td>under 5" in html
    assert not any(name in html for name in ("Ana", "Ben", "Bea", "Cy", "Cleo", "Dan"))


async def test_sheets_hold_everyone_and_nothing_that_is_theirs_alone(harbor: Society) -> None:
    await three_pairs(harbor)
    await harbor.mentee("=cmd|' /C calc'!A0")
    async with harbor.store.records(harbor.id) as records:
        ana = next(person for person in await records.people.all() if person.name == "Ana Ruiz")
        await records.people.change(ana.id, email="ana@example.org")
    olu = await harbor.officer()
    await olu.calls("board")
    taken = files(await olu.presses("Sheets"))
    assert taken.keys() == {"society.xlsx", "people.csv", "pairs.csv"}
    people = list(csv.DictReader(io.StringIO(taken["people.csv"].data.decode("utf-8-sig"))))
    assert [row["Name"] for row in people if row["Mentor"]] == ["Ben Okafor", "Cy Park"]
    assert people[-1]["Name"] == "'=cmd|' /C calc'!A0"
    pairs = list(csv.DictReader(io.StringIO(taken["pairs.csv"].data.decode("utf-8-sig"))))
    assert [(row["Mentee"], row["Mentor"], row["How it stands"]) for row in pairs] == [
        ("Ana Ruiz", "Ben Okafor", "on track"),
        ("Bea Lund", "Cy Park", "on track"),
    ]
    everything = b"".join(file.data for file in taken.values()).decode("latin-1")
    assert not any(secret in everything for secret in ("ana@example.org", "first clinical summer", "grandmother"))


async def test_a_mentor_prints_their_own_page_and_a_mentee_has_none(harbor: Society) -> None:
    (ana, ben), _ = await three_pairs(harbor)
    assert "With how many mentees" in words(await ben.calls("certificate"))
    for choice in ("With numbers", "Without"):
        assert files(await ben.presses(choice))["certificate.pdf"].data.startswith(b"%PDF-")
    assert "for those who mentored" in words(await ana.calls("certificate"))
    assert "for those who mentored" in words(await ana.asks(Pressed(act("board.certificate", "plain"))))
    olu = await harbor.officer()
    await olu.calls("board")
    assert files(await olu.presses("Certificates"))["certificates.pdf"].alt.startswith("Certificates for 2 mentors")


def test_the_report_can_be_written_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRECEPTOR_KEY", "ab" * 32)
    (tmp_path / "config.toml").write_text('[society]\nname = "Harborview"\n')
    told = CliRunner().invoke(cli, ["report"])
    assert told.output.split() == ["report.pdf", "report.html"]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


# ── Mondays ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def with_a_channel(harbor: Society) -> None:
    async with harbor.store.records(harbor.id) as records:
        await records.settle(Place(PLACE, officers=CHANNEL))


def told(harbor: Society) -> list[Any]:
    """What was said of a week in the officers' channel."""
    shown = [each for each in harbor.paper.shown if each.to == CHANNEL]
    return [each for each in shown if "This week:" in words(each.message)]


async def test_the_week_is_told_on_monday_mornings_in_five_lines_and_a_picture(harbor: Society) -> None:
    await with_a_channel(harbor)
    (ana, ben), _ = await three_pairs(harbor)
    for _ in range(5):  # through the end of daylight-saving time
        await harbor.later(3 * DAY)
        await ana.speaks()
        await ben.speaks()
        await harbor.later(4 * DAY)
    first, *more = told(harbor)
    assert [each.at for each in (first, *more)] == [
        datetime(2026, 10, 12, 13, tzinfo=UTC),
        datetime(2026, 10, 19, 13, tzinfo=UTC),
        datetime(2026, 10, 26, 13, tzinfo=UTC),
        datetime(2026, 11, 2, 14, tzinfo=UTC),
        datetime(2026, 11, 9, 14, tzinfo=UTC),
    ]
    said = words(first.message)
    assert sum(line.startswith("•") for line in said.splitlines()) == 5
    assert "This week: 2 new pairs, 0 meetings, 0 ended." in said
    assert "pairs.png" in files(first.message)
    assert "[See the board]" in said


async def test_a_week_with_nothing_in_it_and_a_break_are_not_told(harbor: Society) -> None:
    await with_a_channel(harbor)
    (ana, _), (bea, _) = await three_pairs(harbor)
    async with harbor.store.records(harbor.id) as records:
        quiet = (Break(MONDAY.date() + DAY, MONDAY.date() + 20 * DAY),)
        await records.decide(replace(records.society, breaks=quiet))
    for mentee in (ana, bea):
        await mentee.calls("my-pairs")
        await mentee.presses("Not a fit")
        await mentee.presses("End it")
    await harbor.later(21 * DAY)
    assert told(harbor) == []
    async with harbor.store.records(harbor.id) as records:
        for item in await records.queue.items():
            await records.queue.resolve(item.id, None, harbor.clock.now())
    await harbor.later(21 * DAY)
    assert told(harbor) == []


async def test_a_society_that_wants_no_digest_and_one_without_a_channel_get_none(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "a.db") as store, harborview(store, Pace(digest=False)) as harbor:
        await with_a_channel(harbor)
        await three_pairs(harbor)
        await harbor.later(15 * DAY)
        assert told(harbor) == []
    async with open_sqlite(tmp_path / "b.db") as store, harborview(store) as harbor:
        olu = await harbor.officer()
        await three_pairs(harbor)
        await harbor.later(15 * DAY)
        assert not any("This week:" in said for said in harbor.heard(olu))
