"""The officers' page as officers meet it: in a real browser, over a real society."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import act
from bot.vocabulary import Specialty
from tests.browser import chromium
from tests.office.conftest import Office

HARBORVIEW = Path(__file__).parents[2] / "examples" / "harborview"


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    """A browser. Whatever the page complains about fails the test."""
    options, why_not = chromium()
    if options is None:
        pytest.skip(why_not)
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        yield page
        await browser.close()
    assert [each for each in complaints if "401" not in each] == []


async def come_in(page: Page, office: Office, officer: Actor) -> None:
    await page.goto(f"{office.address}/#{await office.code(officer)}")
    await page.get_by_role("button", name="Come in").click()
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()


async def test_an_officer_comes_in_looks_and_goes(office: Office, page: Page) -> None:
    society = office.society
    ana, ben = await society.mentee("<img src=x onerror=alert(1)>"), await society.mentor("Ben Okafor")
    await society.paired(ana, ben)
    olu = await society.officer()
    code = await office.code(olu)
    await page.goto(f"{office.address}/#{code}")
    await expect(page.get_by_role("button", name="Come in")).to_be_focused()
    assert code not in page.url  # nor in the history
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Nothing needs you. Every pair is on its way.")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="Pairs").click()
    row = page.get_by_role("row", name="Ben Okafor")
    await expect(row.get_by_role("rowheader")).to_have_text("<img src=x onerror=alert(1)>")
    await expect(row).to_contain_text("On track")
    await page.get_by_label("Search pairs by name").fill("nobody")
    await expect(page.get_by_text("None of these.")).to_be_visible()
    await page.reload()
    await expect(row).to_be_visible()  # still signed in
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("alert")).to_have_text("You are signed out.")
    await page.reload()
    await expect(page.get_by_text("in your chat: you get one that works once")).to_be_visible()
    await page.goto(f"{office.address}/#{code}")
    await page.get_by_role("button", name="Come in").click()
    await expect(page.get_by_role("alert")).to_contain_text("That link has been used")


async def test_a_sheet_comes_in_and_a_cohort_is_reviewed_swapped_locked_published_and_on_the_board(
    office: Office, page: Page
) -> None:
    society = office.society
    for name, field in (("Ben Okafor", Specialty.PEDIATRICS), ("Lena Hoff", Specialty.SURGERY)):
        await society.mentor(name, fields=(field,), capacity=1)
    mentees = [await society.mentee(name) for name in ("Ana Ruiz", "Chloe Park", "Dev Shah")]
    olu = await society.officer()
    await page.clock.install()
    await come_in(page, office, olu)
    dialog, room = page.get_by_role("dialog"), page.get_by_role("navigation").get_by_role("link")

    await room.filter(has_text="Import").click()
    await page.get_by_role("button", name="Choose a sheet").click()
    await dialog.get_by_label("The sheet").set_input_files(HARBORVIEW / "mentees.csv")
    await dialog.get_by_role("button", name="Look at it").click()
    await expect(page.get_by_text("Nothing is taken in yet. It would be: 120 new")).to_be_visible()
    await page.get_by_role("button", name="Take in").click()
    await expect(page.get_by_text("Done: 120 new")).to_be_visible()
    await room.filter(has_text="People").click()
    await expect(page.get_by_role("rowheader", name="Eric Lin")).to_be_visible()

    # Who has not come by yet is not paired.
    await room.filter(has_text="Cohort").click()
    await page.get_by_role("button", name="Propose pairs").click()
    await expect(page.get_by_text("2 pairs proposed")).to_be_visible()
    alone = page.get_by_role("region", name="Without a mentor").locator(".proposed-name")
    bens, lenas = (page.get_by_role("region", name=name) for name in ("Ben Okafor", "Lena Hoff"))
    left = await alone.inner_text()
    # Dragged to a mentor whose place is another's: first it is said what that costs.
    await page.locator(".alone .proposed").drag_to(bens)
    await expect(dialog.get_by_role("heading", name=f"Ben for {left.split()[0]}?")).to_be_visible()
    await dialog.get_by_role("button", name="Yes, and lock").click()
    await expect(dialog).to_be_hidden()
    await expect(bens.locator(".proposed-name")).to_have_text(left)
    await expect(bens.get_by_role("button", name=f"Lock {left}")).to_have_attribute("aria-pressed", "true")

    await page.get_by_role("button", name="Who gets nobody, and why").click()
    await expect(dialog.get_by_text("What would help:")).to_be_visible()
    await dialog.get_by_role("button", name="Back to the pairs").click()
    await expect(dialog).to_be_hidden()

    # By the keyboard: a mentee is taken up, and put down with a mentor from a list.
    second, third = await lenas.locator(".proposed-name").inner_text(), await alone.inner_text()
    await page.get_by_role("button", name=f"Move {third}").focus()
    await page.keyboard.press("Enter")
    choose = page.get_by_label(f"{third} to", exact=True)
    await expect(choose).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=f"Move {third}")).to_be_focused()
    await page.keyboard.press("Enter")
    await choose.select_option(label=await choose.locator("option", has_text="Lena Hoff").inner_text())
    await dialog.get_by_role("button", name="Yes, and lock").click()
    await expect(lenas.locator(".proposed-name")).to_have_text(third)
    await expect(alone).to_have_text(second)
    await page.get_by_role("button", name="Propose again").click()
    await expect(page.get_by_text("Worked out anew.")).to_be_visible()
    await expect(lenas.locator(".proposed-name")).to_have_text(third)

    find = page.get_by_label("Find someone in this round")
    await find.fill("hoff")
    await expect(bens).to_be_hidden()
    await expect(lenas).to_be_visible()
    await find.fill("")

    # By touch: one tap on the mentee, one on the mentor.
    await page.locator(".alone .proposed").get_by_text("Second year").click()
    await bens.get_by_role("button", name=f"{second} to Ben Okafor").click()
    await dialog.get_by_role("button", name="Yes, and lock").click()
    await expect(bens.locator(".proposed-name")).to_have_text(second)

    assert [await society.pairs(mentee) for mentee in mentees] == [[], [], []]  # nobody hears a word before
    await page.get_by_role("button", name="Publish 2 pairs…").click()
    await dialog.get_by_role("button", name="Yes, publish 2 pairs").click()
    await expect(dialog.get_by_text("Published: 2 pairs.")).to_be_visible()
    assert {mentee.name for mentee in mentees if await society.pairs(mentee)} == {second, third}
    await dialog.get_by_role("button", name="Close").click()

    await room.filter(has_text="Board").click()
    await expect(page.get_by_text("2 pairs: ")).to_be_visible()
    await expect(page.locator(".board img")).to_have_count(2)
    # It is live: what happens elsewhere shows by itself.
    async with society.store.records(society.id) as records:
        (pair, _) = await records.pairs.all_live()
    await olu.asks(Pressed(act("officer.end", pair.id)))
    await page.clock.fast_forward("05:01")
    await expect(page.get_by_text("One pair: ")).to_be_visible()
    await page.get_by_role("button", name="Open the queue").click()
    await expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("width", [390, 768, 1440])
async def test_nothing_is_wider_than_the_screen_and_everything_has_a_name(
    office: Office, page: Page, width: int
) -> None:
    society = office.society
    await society.paired(await society.mentee("Maya Ortiz-Fernandez de la Cruz"), await society.mentor("Ben Okafor"))
    await society.mentee("Wolfeschlegelsteinhausenbergerdorff" * 2)
    await society.mentor("Lena Hoff")
    await page.set_viewport_size({"width": width, "height": 844})
    await come_in(page, office, await society.officer())
    tabs = page.get_by_role("navigation", name="Rooms").get_by_role("link")
    for tab in await tabs.all():
        await tab.click()
        await expect(tab).to_have_attribute("aria-current", "page")
        if await tab.inner_text() == "Cohort":
            await page.get_by_role("button", name="Propose pairs").click()
            await expect(page.get_by_text("1 pair proposed")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, await tab.inner_text()
        nameless = await page.evaluate(
            "[...document.querySelectorAll('button, a, input, select')].filter((node) => node.checkVisibility()"
            " && !(node.innerText || node.ariaLabel || node.labels?.length || node.textContent.trim()))"
            ".map((node) => node.outerHTML)"
        )
        assert nameless == []


async def test_a_form_is_filled_in_as_in_the_chat(office: Office, page: Page) -> None:
    await come_in(page, office, await office.society.officer())
    await page.get_by_role("link", name="More").click()
    await page.get_by_role("button", name="/setup").click()
    await page.get_by_role("button", name="The year's dates").click()
    await page.get_by_role("button", name="Set", exact=True).last.click()
    form = page.get_by_role("dialog", name="Term")
    await form.get_by_label("First day").fill("2026-08-31")
    await form.get_by_label("Last day").fill("2026-12-18")
    await page.keyboard.press("Control+Enter")
    await expect(form).to_be_hidden()
    await expect(page.get_by_role("main")).to_contain_text("31 Aug")
    async with office.society.store.records(office.society.id) as records:
        assert records.society.term is not None
