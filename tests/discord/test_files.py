"""Pictures and files, from the bot and to it."""

from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.feature import Feature, Turn
from bot.model import Urgency
from bot.ui import (
    FILE,
    Button,
    Command,
    File,
    FileField,
    Form,
    Private,
    Reply,
    Update,
    act,
    buttons,
    message,
)
from tests.discord.loopback import GUILD, Loopback, until
from tests.discord.running import PRESS, Heard, running
from tests.discord.server import Server, answer, harborview, newest, said

PICTURE, SHEET = File("growth.png", "Ten pairs in May", b"\x89PNG"), File("pairs.csv", "All pairs", b"a,b\n")
OTHER = File("pairs.csv", "The same again", b"c,d\n")
album = Feature("album")


@album.command(Command("album", "A picture and a file"))
async def show(turn: Turn) -> Reply:
    await turn.tell(turn.who.id, message("For you", PICTURE, SHEET, OTHER), urgency=Urgency.NOTE)
    return Private(message("Here", PICTURE, SHEET, buttons(Button("Another", act("album.another")))))


@album.press("album.another")
async def another(turn: Turn) -> Reply:
    return Update(message("There", OTHER, buttons(Button("None", act("album.none")), Button("Add", act("album.add")))))


@album.press("album.none")
async def none(turn: Turn) -> Reply:
    return Update(message("Empty", buttons(Button("Add", act("album.add")))))


@album.press("album.add")
async def add(turn: Turn) -> Reply:
    return Form("Add", act("album.keep"), (FileField("sheet", "A sheet", accepts=(".csv",)),))


@album.form("album.keep")
async def keep(turn: Turn) -> Reply:
    each = turn.files["sheet"]
    return Private(message(f"{each.name}: {len(each.data)} bytes", PICTURE))


def shown(server: Server, seen: simcord.ResponseMessage) -> list[tuple[str, bytes | None]]:
    """The files of a message: name and content."""
    return [(each.filename, server.env.backend.cdn.get(each.url)) for each in seen.attachments]


def kinds(parts: list[dict[str, Any]]) -> list[int]:
    return [part["type"] for part in parts]


async def test_files_come_with_answers_and_with_what_the_courier_brings(tmp_path: Path) -> None:
    async with harborview(tmp_path, album) as server:
        await server.mentee("Ana Ruiz")
        ana = server.people["ana"]
        here = await ana.slash(server.lobby, "album")
        assert shown(server, answer(here)) == [("growth.png", b"\x89PNG"), ("pairs.csv", b"a,b\n")]
        assert kinds(answer(here).components) == [10, 12, 13, 1]
        await server.settle()
        brought = newest(server, "For you")
        assert [name for name, _ in shown(server, brought)] == ["growth.png", "pairs.csv", "pairs-2.csv"]
        await ana.click(answer(here), label="Another")
        assert shown(server, newest(server, "There")) == [("pairs.csv", b"c,d\n")]
        await ana.click(newest(server, "There"), label="None")
        assert not shown(server, newest(server, "Empty"))


async def test_a_file_that_comes_with_a_form_is_handed_over(tmp_path: Path) -> None:
    async with harborview(tmp_path, album) as server:
        await server.mentee("Ana Ruiz")
        ana = server.people["ana"]
        here = await ana.slash(server.lobby, "album")
        await ana.click(answer(here), label="Another")
        form = await ana.click(newest(server, "There"), label="Add")
        kept = await server.fills(ana, form, sheet=("mine.csv", b"x,y\n"))
        assert "mine.csv\\: 4 bytes" in said(kept)
        assert shown(server, answer(kept)) == [("growth.png", b"\x89PNG")]


async def test_a_file_that_is_too_large_is_left_where_it_is(tmp_path: Path) -> None:
    async with harborview(tmp_path, album) as server:
        await server.mentee("Ana Ruiz")
        ana = server.people["ana"]
        here = await ana.slash(server.lobby, "album")
        await ana.click(answer(here), label="Another")
        form = await ana.click(newest(server, "There"), label="Add")
        kept = await server.fills(ana, form, sheet=("mine.csv", b"x" * (FILE + 1)))
        assert "larger than 1 MB" in said(kept)


# ── against a Discord on loopback ─────────────────────────────────────────────────────────────────────────────────


async def test_a_file_goes_as_it_is_and_once_however_often_it_is_sent(loopback: Loopback) -> None:
    room = f"discord:{GUILD}/r/5"
    async with running(Heard()) as bot:
        loopback.fails("POST /channels/5/messages", 500)
        await bot.send(room, message("Look", PICTURE), "k1")
        await bot.send(room, message("Look", PICTURE), "k1")
    assert loopback.files == [("growth.png", PICTURE.data)] * 3
    assert list(loopback.messages) == ["k1"]
    assert loopback.messages["k1"]["attachments"] == [
        {"id": "0", "filename": "growth.png", "description": "Ten pairs in May"}
    ]


@pytest.mark.parametrize("how", [503, "cut", "lost"])
async def test_an_answer_with_a_file_that_is_cut_off_goes_once_more_whole(loopback: Loopback, how: int | str) -> None:
    loopback.fails(f"POST /interactions/{PRESS['id']}/token/callback", how)
    heard = Heard(Private(message("Look", SHEET)))
    async with running(heard):
        await loopback.happens("INTERACTION_CREATE", PRESS)
        await until(lambda: loopback.answers and len(loopback.files) == 2)
    assert set(loopback.files) == {("pairs.csv", SHEET.data)}


async def test_a_file_discord_does_not_hand_out_is_asked_for_again(loopback: Loopback) -> None:
    where = {"id": "9", "filename": "a.csv", "size": 4, "url": f"http://127.0.0.1:{loopback.port}/api/v10/nothing"}
    part = {"type": 18, "component": {"type": 19, "custom_id": "sheet", "values": ["9"]}}
    sent = {
        "custom_id": f"{GUILD}|album.keep",
        "components": [part],
        "resolved": {"attachments": {"9": {**where, "proxy_url": where["url"]}}},
    }
    heard = Heard()
    async with running(heard):
        await loopback.happens("INTERACTION_CREATE", {**PRESS, "type": 5, "data": sent})
        await until(lambda: any("@original" in each for each in loopback.asked))
    assert not heard.requests
