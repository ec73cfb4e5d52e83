"""The playground as people meet it: its page in a real browser, over a society that only pretends."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from adapters.playground import Playground, channel_address, person_address, serve, serve_screens
from bot import gallery
from bot.ports import Called, Pressed, Refused, Sent, Spoke
from bot.ui import Button, act, buttons, message
from tests.browser import chromium
from tests.playground.fake import HOSTILE, LENA, MAYA, OFFICERS, OKAFOR, RUTH, Society, welcome

Open = Callable[..., Awaitable[Page]]

# One browser for all tests here: starting it is the slowest thing they do.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    options, why_not = chromium()
    if options is None:
        pytest.skip(why_not)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        yield browser
        await browser.close()


@pytest.fixture
def society() -> Society:
    return Society()


@pytest_asyncio.fixture(loop_scope="module")
async def address(society: Society) -> AsyncIterator[str]:
    async with serve(society.play(), 0) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, address: str) -> AsyncIterator[Open]:
    """Opens the page with these people on it. Whatever the page complains about fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    async def visit(*who: str, **context: object) -> Page:
        shape = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **context}
        page = await browser.new_page(**shape)  # type: ignore[arg-type]
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(f"{address}/#{'&'.join(who)}")
        for person in who:
            await expect(pane(page, person)).to_have_count(1)
        return page

    yield visit
    for page in pages:
        await page.close()
    assert complaints == []


def pane(page: Page, who: str) -> Locator:
    return page.locator(f'.pane:has([data-place="{who}"])')


def line(page: Page, who: str) -> Locator:
    return pane(page, who).locator("textarea")


async def type_in(page: Page, who: str, words: str) -> None:
    await line(page, who).fill(words)
    await line(page, who).press("Enter")


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_message_shows_every_kind_of_part(society: Society, visit: Open) -> None:
    await society.platform.send(MAYA, welcome(), "1")
    page = await visit(MAYA)
    letter = pane(page, MAYA).locator(".letter")
    await expect(letter.get_by_role("heading", name="Dr. Daniel Okafor is open to your request")).to_be_visible()
    await expect(letter.locator("strong", has_text="three days")).to_be_visible()
    await expect(letter.locator(".mention")).to_have_text("Dr. Daniel Okafor")
    await expect(letter.locator("li")).to_have_count(3)
    await expect(letter.locator("blockquote")).to_contain_text("first in my family")
    await expect(letter.locator("hr")).to_have_count(1)
    await expect(letter.locator("p.quiet a")).to_have_attribute("href", "https://example.org/asking")
    await expect(letter.locator(".button.primary")).to_have_text("Ask Dr. Okafor")
    await expect(letter.locator(".button.danger")).to_have_text("Stop looking")


async def test_moments_stand_in_the_zone_of_whoever_reads(society: Society, visit: Open) -> None:
    for number, who in enumerate((MAYA, OKAFOR)):
        await society.platform.send(who, welcome(), str(number))
    page = await visit(MAYA, OKAFOR)
    await expect(pane(page, MAYA).locator(".letter-body time").first).to_have_text("Mon 12 Oct, 09:00")
    await expect(pane(page, OKAFOR).locator(".letter-body time").first).to_have_text("Mon 12 Oct, 06:00")


async def test_cards_menus_and_columns_are_shown_and_can_be_used(society: Society, visit: Open) -> None:
    page = await visit(MAYA)
    await type_in(page, MAYA, "/find-mentor")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card h4")).to_have_text(["Dr. Daniel Okafor", "Lena Hoff", "Sam Iyer"])
    await page.locator(".menu select").select_option("mcat")
    await expect(page.locator(".letter").last).to_contain_text("You pressed refine.")
    pressed = society.requests[-1].what
    assert pressed == Pressed(act("refine"), ("mcat",))

    await type_in(page, MAYA, "/expectations")
    await expect(page.locator(".columns thead th")).to_have_text(["Topic", "Daniel", "Maya", "Agreed"])
    # Said in words too, for those who do not see the colours.
    await expect(page.locator(".verdict")).to_have_text(["Talk about it", "Matches", "Conflict", "Still open"])


async def test_members_words_are_literal_everywhere(society: Society, visit: Open) -> None:
    page = await visit(MAYA)
    await type_in(page, MAYA, "/hostile")
    letter = page.locator(".letter")
    for part in ("p", "blockquote", "li", ".card-words p"):
        await expect(letter.locator(part).first).to_have_text(HOSTILE)
    await expect(letter.locator("img")).to_have_count(0)
    room = await society.open_room()
    await page.locator(f'[data-place="{room}"]').click()
    await type_in(page, MAYA, HOSTILE)
    await expect(page.locator(".said.mine p")).to_have_text(HOSTILE)
    assert await page.title() == "Preceptor · playground"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_one_person_at_a_time_and_nothing_sticks_out(visit: Open, scheme: str) -> None:
    page = await visit(MAYA, OKAFOR, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    await expect(pane(page, MAYA)).to_be_visible()
    await expect(pane(page, OKAFOR)).to_be_hidden()
    await page.locator(".switch", has_text="Daniel").click()
    await expect(pane(page, OKAFOR)).to_be_visible()
    await expect(pane(page, MAYA)).to_be_hidden()
    await type_in(page, OKAFOR, "/expectations")
    await expect(page.locator(".columns:visible")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_double_click_asks_once(society: Society, visit: Open) -> None:
    await society.platform.send(MAYA, welcome(), "1")
    page = await visit(MAYA)
    await page.get_by_role("button", name="Not this one").dblclick()
    await expect(page.locator(".letter")).to_contain_text("You pressed pass.")
    assert [request.what for request in society.requests] == [Pressed(act("pass", 2))]
    (request,) = society.requests
    assert (request.place, request.who, request.name) == (society.place, MAYA, "Maya Chen")


async def test_a_form_comes_back_filled(society: Society, visit: Open) -> None:
    await society.platform.send(MAYA, welcome(), "1")
    page = await visit(MAYA)
    await page.get_by_role("button", name="Ask Dr. Okafor").click()
    sheet = page.get_by_role("dialog", name="Ask Dr. Okafor")
    await sheet.get_by_role("button", name="Preview it").click()
    await expect(sheet.get_by_role("alert").first).to_have_text("This one is needed.")
    await sheet.get_by_label("What do you need help with?").fill("My essay\nreads like a list")
    await sheet.get_by_text("Once a month").click()
    for topic in ("Essays", "MCAT", "Research"):
        await sheet.get_by_text(topic).click()
    await sheet.get_by_text("Gap year").click()
    await expect(sheet.get_by_role("checkbox", name="Gap year")).not_to_be_checked()
    await sheet.get_by_label("School you aim for").select_option("3")
    await sheet.get_by_role("button", name="Preview it").click()
    await expect(page.locator("blockquote").last).to_have_text("My essay\nreads like a list")
    await expect(sheet).to_have_count(0)
    assert society.requests[-1].what == Sent(
        act("ask-sent", 2),
        {
            "need": ("My essay\nreads like a list",),
            "rhythm": ("monthly",),
            "topics": ("0", "2", "3"),
            "school": ("3",),
            "name": ("Maya",),
        },
    )


async def test_a_form_keeps_the_focus_and_escape_leaves_it(society: Society, visit: Open) -> None:
    await society.platform.send(MAYA, welcome(), "1")
    page = await visit(MAYA)
    await page.get_by_role("button", name="Ask Dr. Okafor").click()
    await expect(page.get_by_label("What do you need help with?")).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("Boolean(document.activeElement.closest('.sheet'))")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Ask Dr. Okafor")).to_have_count(0)
    await expect(page.get_by_role("button", name="Ask Dr. Okafor")).to_be_enabled()
    assert len(society.requests) == 1


async def test_a_command_is_put_together_piece_by_piece(society: Society, visit: Open) -> None:
    page = await visit(RUTH)
    await type_in(page, RUTH, "/pai")
    slot = page.locator(".slot input")
    await slot.fill("lena")
    await slot.press("Enter")
    await slot.fill("maya")
    await slot.press("Enter")
    await page.get_by_role("button", name="note").click()
    await slot.fill("You will get along")
    await slot.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator(".asked")).to_contain_text("mentor: Lena Hoff")
    await expect(page.locator(".letter")).to_contain_text("You used /pair.")
    assert society.requests[-1].what == Called("pair", {"mentor": LENA, "mentee": MAYA, "note": "You will get along"})


async def test_what_only_officers_may_do_is_offered_to_officers_only(visit: Open) -> None:
    page = await visit(MAYA, RUTH)
    for who, offered in ((MAYA, 0), (RUTH, 1)):
        await line(page, who).fill("/")
        await expect(pane(page, who).locator(".list-name", has_text="/pair")).to_have_count(offered)
    await expect(pane(page, MAYA).locator(f'[data-place="{OFFICERS}"]')).to_have_count(0)
    await expect(pane(page, RUTH).locator(f'[data-place="{OFFICERS}"]')).to_have_count(1)


async def test_a_command_named_in_a_message_goes_to_the_line_below(society: Society, visit: Open) -> None:
    await society.platform.send(MAYA, welcome(), "1")
    page = await visit(MAYA)
    await page.locator(".letter .slash").click()
    await expect(page.locator(".piece.command")).to_have_text("/find-mentor")
    assert society.requests == []
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_have_count(3)


async def test_plain_words_to_the_bot_get_a_hint_and_go_nowhere(society: Society, visit: Open) -> None:
    page = await visit(MAYA)
    await type_in(page, MAYA, "hello?")
    await expect(page.locator(".local-hint")).to_have_text("Type / to see what I can do.")
    assert society.requests == []


async def test_an_answer_that_takes_long_or_fails_is_not_silent(visit: Open) -> None:
    page = await visit(MAYA)
    await type_in(page, MAYA, "/slow")
    await expect(page.locator(".thinking")).to_be_visible()
    await expect(page.locator(".letter")).to_contain_text("Here it is.")
    await expect(page.locator(".thinking")).to_have_count(0)
    await type_in(page, MAYA, "/broken")
    await expect(page.locator(".local-hint")).to_contain_text("did not work")


# ── people, rooms and the clock ─────────────────────────────────────────────────────────────────────────────


async def test_two_people_talk_in_their_room_and_the_bot_hears_only_that_they_did(
    society: Society, visit: Open
) -> None:
    page = await visit(MAYA, OKAFOR)
    room = await society.open_room()
    for who in (MAYA, OKAFOR):
        await pane(page, who).locator(f'[data-place="{room}"]').click()
    await type_in(page, MAYA, "Thank you for having me")
    await expect(pane(page, OKAFOR).locator(".said p")).to_have_text("Thank you for having me")
    await expect(pane(page, OKAFOR).locator(".said strong")).to_have_text("Maya Chen")
    assert [request.what for request in society.requests] == [Spoke(room)]

    await pane(page, MAYA).get_by_role("button", name="We have met").click()
    await expect(pane(page, OKAFOR).locator(".letter")).to_contain_text("You pressed met.")
    await type_in(page, MAYA, "/sign-up")
    await expect(pane(page, MAYA).locator(".letter .only")).to_have_text("Only you can see this")
    await expect(pane(page, OKAFOR).locator(".letter")).to_have_count(1)


async def test_the_clock_moves_and_says_who_has_something_to_read(visit: Open) -> None:
    page = await visit(MAYA)
    await expect(page.locator(".clock-now")).to_contain_text("Monday 5 October")
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock-now")).to_contain_text("Monday 12 October")
    await expect(pane(page, MAYA).locator(".letter")).to_contain_text("How is it going?")
    await page.locator(".news-person", has_text="Okafor").click()
    await expect(pane(page, OKAFOR).locator(".letter")).to_contain_text("How is it going?")
    await expect(page.locator(".news-person")).to_have_count(0)
    await expect(page.locator(".step.next")).to_contain_text("Tue 13 Oct, 14:00")


async def test_people_are_chosen_from_a_list_or_come_in_new(society: Society, visit: Open) -> None:
    page = await visit()
    await page.get_by_label("Search people").fill("peds")
    await expect(page.locator(".person")).to_have_count(0)
    await page.get_by_label("Search people").fill("mentor ped")
    await expect(page.locator(".person strong")).to_have_text(["Dr. Daniel Okafor"])
    await page.get_by_label("Name of someone new").fill("Maya Chen")
    await page.get_by_role("button", name="Come in").click()
    newcomer = person_address("maya-chen-2")
    await type_in(page, newcomer, "/sign-up")
    await expect(pane(page, newcomer).locator(".letter")).to_be_visible()
    assert (society.requests[-1].who, society.requests[-1].name) == (newcomer, "Maya Chen")
    await page.reload()
    await expect(pane(page, newcomer)).to_be_visible()


# ── what is kept ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_restart_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    log, society = tmp_path / "talk.jsonl", Society()
    async with serve(society.play(log), 0) as address:
        room = await society.open_room()
        await society.platform.send(MAYA, welcome(), "1")
        page = await browser.new_page()
        await page.goto(f"{address}/#{MAYA}")
        await page.get_by_role("button", name="Not this one").click()
        await expect(page.locator(".letter")).to_contain_text("You pressed pass.")
        await page.locator(f'[data-place="{room}"]').click()
        await type_in(page, MAYA, "Hello, Daniel")
        await expect(page.locator(".said.mine")).to_be_visible()
        port = int(address.rpartition(":")[2])
    with log.open("a") as torn:
        torn.write('{"id":99,"place":"playground:p/ma')

    async with serve(society.play(log), port):
        # The page comes back by itself.
        await society.platform.send(room, message("Still here."), "2")
        await expect(page.locator(".letter").last).to_contain_text("Still here.")
        await expect(page.locator(".said.mine p")).to_have_text("Hello, Daniel")
        await page.locator(f'[data-place="{MAYA}"]').click()
        await expect(page.locator(".letter")).to_contain_text("You pressed pass.")
        assert await society.open_room() == room
    assert [json.loads(line)["kind"] for line in log.read_text().splitlines()].count("room") == 1


async def test_the_same_key_is_said_once_even_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "talk.jsonl"
    for _ in range(2):
        society = Society()
        playground = society.play(log)
        await playground.send(MAYA, message("Once."), "key")
        await playground.send(MAYA, message("Twice?"), "key")
        await playground.close()
    assert log.read_text().count('"kind":"item"') == 1


async def test_what_the_playground_never_made_is_refused(society: Society) -> None:
    playground: Playground = society.play()
    for stranger in ("discord:9:8", "playground:r/77"):
        with pytest.raises(Refused):
            await playground.send(stranger, message("Anyone?"), stranger)
    await playground.send(channel_address("officers"), message(buttons(Button("Look", act("look")))), "1")


# ── who may speak to it ─────────────────────────────────────────────────────────────────────────────────────


async def test_only_this_computers_own_page_is_answered(address: str) -> None:
    port = address.rpartition(":")[2]
    evil = {"Origin": "http://evil.example"}
    async with aiohttp.ClientSession() as web:
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost"):
            async with web.get(address, headers={"Host": host}) as answer:
                assert answer.status == 200
                assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        for host in (
            "evil.example",
            f"evil.example:{port}",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
        ):
            async with web.get(address, headers={"Host": host}) as answer:
                assert answer.status == 403
        async with web.post(address, headers=evil) as answer:
            assert answer.status == 403
        for headers in ({}, evil, {"Origin": "null"}, {"Origin": f"http://127.0.0.1:{int(port) ^ 1}"}):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await web.ws_connect(f"{address}/socket", headers=headers)
        async with web.ws_connect(f"{address}/socket", headers={"Origin": address}) as socket:
            assert (await socket.receive_json())["is"] == "stage"


async def test_nonsense_on_the_socket_harms_nothing(society: Society, address: str) -> None:
    async with (
        aiohttp.ClientSession() as web,
        web.ws_connect(f"{address}/socket", params={"who": MAYA}, headers={"Origin": address}) as socket,
    ):
        press = {"do": "press", "call": "1", "place": MAYA, "item": 1}
        for nonsense in ("", "{", "[]", '{"do":"dance"}', json.dumps({**press, "token": "::"})):
            await socket.send_str(nonsense)
        # Someone else's conversation: the words are not said there.
        await socket.send_json({"do": "speak", "call": "2", "place": OKAFOR, "text": "psst"})
        await socket.send_json({"do": "call", "call": "3", "place": OKAFOR, "name": "sign-up", "args": {}})
        async with asyncio.timeout(5):
            said = [await socket.receive_json()]
            while said[-1]["is"] != "done":
                said.append(await socket.receive_json())
    assert {one["item"]["place"] for one in said if one["is"] == "item"} == {MAYA}
    assert [request.what for request in society.requests] == [Called("sign-up", {})]


# ── pairs, files and pictures ─────────────────────────────────────────────────────────────────────────────────────


async def test_whom_one_means_is_suggested_while_one_types(visit: Open, society: Society) -> None:
    page = await visit(MAYA)
    await type_in(page, MAYA, "/write")
    await expect(pane(page, MAYA).get_by_role("option")).to_have_count(2)
    await pane(page, MAYA).get_by_role("combobox").fill("lena")
    await expect(pane(page, MAYA).get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(pane(page, MAYA).get_by_text("You used /write.")).to_be_visible()
    assert society.requests[-1].what == Called("write", {"to": "8"})


async def test_a_file_travels_whole(visit: Open, society: Society) -> None:
    page = await visit(RUTH)
    await type_in(page, RUTH, "/sheet")
    await page.keyboard.press("Enter")
    data = bytes(range(256)) * 200
    await page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": data})
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(pane(page, RUTH).get_by_text(f"a.csv: {len(data)} bytes")).to_be_visible()
    sent = society.requests[-1].what
    assert isinstance(sent, Sent)
    assert sent.files["sheet"].data == data


async def test_a_picture_is_shown_and_a_file_can_be_kept(visit: Open) -> None:
    page = await visit(RUTH)
    await type_in(page, RUTH, "/board")
    await page.keyboard.press("Enter")
    picture = page.get_by_alt_text("Pairs by week")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") == 1
    async with page.expect_download() as kept:
        await page.get_by_text("times.ics").click()
    assert Path(await (await kept.value).path()).read_bytes() == b"BEGIN:VCALENDAR"


# ── every screen ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_screen_is_drawn_on_one_page(browser: Browser) -> None:
    screens = gallery.gallery()
    async with serve_screens(gallery.as_json(screens), 0) as address:
        page = await browser.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        await expect(page.locator(".shown")).to_have_count(len(screens))
        await page.get_by_role("button", name="Fill it in").first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.close()
    assert complaints == []


async def test_ones_own_society_is_not_called_invented_and_its_clock_stays_put(society: Society, visit: Open) -> None:
    society.movable = False
    page = await visit()
    await expect(page.locator(".welcome")).to_contain_text("Your own society, on this computer")
    await expect(page.locator(".welcome")).not_to_contain_text("nobody here is real")
    await expect(page.get_by_role("button", name="+1 day")).to_be_hidden()
