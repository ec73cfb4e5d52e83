"""Who gets into the officers' page, and who does not."""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from adapters.office import serve
from adapters.office.server import PROOF
from bot.model import DAY, QueueReason, Role
from bot.office import OfficeDoor
from tests.office.conftest import Office
from tests.society import words


async def test_a_link_lets_an_officer_in_once(office: Office) -> None:
    code = await office.code(await office.society.officer())
    first, second = office.visit(), office.visit()
    assert await first.enters(code) == 204
    assert await second.enters(code) == 401
    assert (await first.looks()).status == 200
    assert (await second.looks()).status == 401


async def test_a_link_is_good_for_ten_minutes(office: Office) -> None:
    code = await office.code(await office.society.officer())
    await office.society.later(timedelta(minutes=10))
    assert await office.visit().enters(code) == 401


async def test_a_new_link_replaces_the_one_before(office: Office) -> None:
    olu = await office.society.officer()
    before, after = await office.code(olu), await office.code(olu)
    assert await office.visit().enters(before) == 401
    assert await office.visit().enters(after) == 204


async def test_members_get_no_link(office: Office) -> None:
    ana = await office.society.mentee()
    assert "for the society's officers" in words(await ana.calls("office"))


async def test_while_the_page_is_off_it_is_said_how_it_is_switched_on(office: Office) -> None:
    office.society.app.office = ""
    olu = await office.society.officer()
    assert "switched off" in words(await olu.calls("office"))


async def test_a_cookie_of_ones_own_making_lets_nobody_in(office: Office) -> None:
    await office.entered(await office.society.officer())
    forger = office.visit()
    for forged in ("x", "A" * 43, "' OR 1=1 --"):
        forger.browser.cookie_jar.update_cookies({"office": forged})
        assert (await forger.looks()).status == 401


async def test_the_cookie_is_for_this_page_alone(office: Office) -> None:
    visit = office.visit()
    answer = await visit.posts("/enter", data=await office.code(await office.society.officer()))
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("office=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie  # this one is served without encryption, on this computer


async def test_behind_a_proxy_the_cookie_is_never_sent_without_encryption(office: Office) -> None:
    public = "https://officers.example.org"
    door, olu = OfficeDoor(office.society.app), await office.society.officer()
    code = await office.code(olu)
    port = unused_port()
    async with serve(door, office.society.app.answer, "127.0.0.1", port, public), aiohttp.ClientSession() as browser:
        headers = {"Host": "officers.example.org", "Origin": public}
        async with browser.post(f"http://127.0.0.1:{port}/enter", data=code, headers=headers) as answer:
            assert answer.status == 204
            assert answer.headers["Set-Cookie"].startswith("__Host-office=")
            assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
async def test_another_name_that_points_here_shows_nothing(office: Office, host: str) -> None:
    visit = await office.entered(await office.society.officer())
    for path in ("/", "/desk", "/static/office.js"):
        async with visit.browser.get(office.address + path, headers={"Host": host}) as answer:
            assert answer.status in (400, 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {PROOF: ""},
        {PROOF: "0" * 64},
    ],
)
async def test_another_site_changes_nothing(office: Office, headers: dict[str, str]) -> None:
    visit = await office.entered(await office.society.officer())
    asked = {"call": "00000000-0000-0000-0000-000000000001", "do": "call", "name": "queue"}
    assert (await visit.posts("/ask", json=asked, headers=headers)).status == 403
    assert (await visit.posts("/leave", headers=headers)).status == 403
    assert (await visit.looks()).status == 200


async def test_the_proof_of_one_session_is_none_for_another(office: Office) -> None:
    one = await office.entered(await office.society.officer("Olu Mensah"))
    other = await office.entered(await office.society.officer("Ines Roy"))
    assert (await one.posts("/leave", headers={PROOF: other.proof})).status == 403


async def test_who_is_no_officer_any_more_is_out_at_once(office: Office) -> None:
    olu = await office.society.officer()
    visit = await office.entered(olu)
    person = await office.society.person(olu)
    async with office.society.store.records(office.society.id) as records:
        await records.people.take_role(person.id, Role.OFFICER)
    assert (await visit.asks(do="call", name="queue")).status == 401
    assert (await visit.looks()).status == 401
    async with office.society.store.records(office.society.id) as records:
        await records.people.give_role(person.id, Role.OFFICER)
    assert (await visit.looks()).status == 401  # that session is over, whatever comes


async def test_whose_last_day_is_over_is_out_even_before_anything_has_noticed(
    office: Office,
) -> None:
    olu = await office.society.officer()
    visit = await office.entered(olu)
    person, now = await office.society.person(olu), office.society.clock.now()
    async with office.society.store.records(office.society.id) as records:
        await records.power.name(person.id, Role.OFFICER, now.date())
    assert (await visit.looks()).status == 200
    async with office.society.store.records(office.society.id) as records:
        await records.power.name(person.id, Role.OFFICER, (now - DAY).date())
    assert (await visit.looks()).status == 401


async def test_a_link_of_someone_who_stopped_being_an_officer_opens_nothing(office: Office) -> None:
    olu = await office.society.officer()
    code = await office.code(olu)
    person = await office.society.person(olu)
    async with office.society.store.records(office.society.id) as records:
        await records.people.take_role(person.id, Role.OFFICER)
    visit = office.visit()
    assert await visit.enters(code) == 401
    assert (await visit.looks()).status == 401


async def test_an_account_that_is_nobodys_any_more_is_out(office: Office) -> None:
    olu = await office.society.officer()
    visit = await office.entered(olu)
    async with office.society.store.records(office.society.id) as records:
        await records.people.unlink(olu.address)
    assert (await visit.looks()).status == 401


async def test_a_session_ends_after_eight_hours_in_which_nobody_used_it(office: Office) -> None:
    visit = await office.entered(await office.society.officer())
    await office.society.later(timedelta(hours=7, minutes=59))
    assert (await visit.looks()).status == 200
    await office.society.later(timedelta(hours=8))
    assert (await visit.looks()).status == 401


async def test_a_session_ends_after_a_day_however_much_it_is_used(office: Office) -> None:
    visit = await office.entered(await office.society.officer())
    for _ in range(3):
        await office.society.later(timedelta(hours=7))
        assert (await visit.looks()).status == 200
    await office.society.later(timedelta(hours=3))
    assert (await visit.looks()).status == 401


async def test_signing_out_ends_the_session_on_our_side_too(office: Office) -> None:
    visit = await office.entered(await office.society.officer())
    (cookie,) = [each.value for each in visit.browser.cookie_jar]
    assert (await visit.posts("/leave")).status == 204
    visit.browser.cookie_jar.update_cookies({"office": cookie})
    assert (await visit.looks()).status == 401


async def test_whoever_borrowed_a_browser_signs_out_of_it_from_the_chat(office: Office) -> None:
    olu, ines = await office.society.officer("Olu Mensah"), await office.society.officer("Ines Roy")
    borrowed, own, anothers = await office.entered(olu), await office.entered(olu), await office.entered(ines)
    unused = await office.code(olu)
    assert "signed out everywhere" in words(await olu.presses("Sign me out everywhere"))
    assert [(await each.looks()).status for each in (borrowed, own, anothers)] == [401, 401, 200]
    assert await office.visit().enters(unused) == 401


async def test_who_tries_codes_has_to_wait_and_then_may_again(office: Office) -> None:
    visit = office.visit()
    assert {await visit.enters(f"guess-{number}") for number in range(10)} == {401}
    answer = await visit.posts("/enter", data=await office.code(await office.society.officer()))
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"


async def test_every_answer_says_what_a_browser_may_do_with_it(office: Office) -> None:
    visit = office.visit()
    for path in ("/", "/static/office.js", "/static/dom.js", "/desk", "/nowhere"):
        async with visit.browser.get(office.address + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_nothing_but_the_pages_own_files_is_served(office: Office) -> None:
    visit = office.visit()
    for name in ("server.py", "..%2fserver.py", "%2e%2e%2f%2e%2e%2fbot%2fapp.py", "main.js", "index.html%00"):
        async with visit.browser.get(f"{office.address}/static/{name}") as answer:
            assert answer.status in (400, 404), name


async def test_the_log_tells_of_nobody(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    olu = await office.society.officer("Olu Mensah")
    code = await office.code(olu)
    visit = office.visit()
    await visit.enters("a-wrong-code")
    await visit.enters(code)
    await visit.looks()
    await visit.asks(do="call", name="queue")
    (cookie,) = [each.value for each in visit.browser.cookie_jar]
    said = "".join(capfd.readouterr())
    assert "office.not_let_in" in said
    for secret in (code, cookie, "a-wrong-code", visit.proof, "Olu", olu.address):
        assert secret not in said


@pytest.mark.parametrize(
    "head",
    [
        b"GET /desk HTTP/1.1\r\nHost: {host}\xff\r\n",
        b"GET /desk HTTP/1.1\r\nHost: {host}\r\nCookie: office=\xff\xfe\r\n",
        b"POST /leave HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        b"Cookie: {cookie}\r\nX-Office-Proof: \xff\r\n",
        b"POST /enter HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 2\r\n\r\n\xff\xfe",
        b"OPTIONS /desk HTTP/1.1\r\nHost: {host}\r\n",
        b"GET /desk HTTP/1.0\r\n",
    ],
)
async def test_bytes_that_no_browser_sends_are_refused(office: Office, head: bytes) -> None:
    visit = await office.entered(await office.society.officer())
    (cookie,) = [f"office={each.value}" for each in visit.browser.cookie_jar]
    host = office.address.removeprefix("http://")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(host.partition(":")[2]))
    writer.write(head.replace(b"{host}", host.encode()).replace(b"{cookie}", cookie.encode()) + b"\r\n")
    status = int((await reader.readline()).split()[1])
    writer.close()
    assert 400 <= status < 500


# ── another society ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_officer_of_one_society_sees_and_changes_nothing_of_another(office: Office) -> None:
    society = office.society
    other = await society.store.found("Elsewhere", "UTC", "paper:elsewhere", None)
    async with society.store.records(other.id) as records:
        eve = await records.people.meet("paper:eve", "Eve Adler")
        await records.people.give_role(eve.id, Role.OFFICER)
    await society.mentor("Ben Okafor", approved=False)
    async with society.store.records(society.id) as records:
        pending = await records.people.meet("paper:new", "New Mentor")
        await records.queue.open(QueueReason.APPROVE, society.clock.now(), person=pending.id)
        (item,) = await records.queue.items()
    eves = await society.visitor("Eve Adler")
    eves.place, eves.address = "paper:elsewhere", "paper:eve"
    visit = await office.entered(eves)
    desk = json.loads(await (await visit.looks()).text())
    assert desk["society"] == "Elsewhere"
    assert [row["name"] for row in desk["people"]] == ["Eve Adler"]
    answer = await visit.asks(do="press", token=f"queue.done:{item.id}")
    assert "That button has had its day" in await answer.text()
    async with society.store.records(society.id) as records:
        assert [each.id for each in await records.queue.items()] == [item.id]
