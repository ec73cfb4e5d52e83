"""`make demo` as someone meets it: the real program, its page in a real browser, two people at once."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.browser import chromium


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[str]:
    """The demo as a program of its own; its address."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(folder),
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
    )  # fmt: skip
    assert program.stdout is not None
    try:
        async with asyncio.timeout(120):
            while not (found := re.search(r"http://127\.0\.0\.1:\d+", (await program.stdout.readline()).decode())):
                assert program.returncode is None
        yield found[0]
    finally:
        program.terminate()
        await program.communicate()


async def be(page: Page, address: str, *names: str) -> list[Locator]:
    """Open the page as these people, side by side."""
    await page.goto(address)
    who = [
        await page.locator(".person", has_text=name).first.get_attribute("data-person", timeout=20_000)
        for name in names
    ]
    await page.goto(f"{address}/#{'&'.join(str(each) for each in who)}")
    await page.reload()
    return [page.locator(f'.pane:has([data-place="{each}"])') for each in who]


async def test_two_people_side_by_side_ask_accept_fall_silent_and_are_reminded(tmp_path: Path) -> None:
    options, why_not = chromium()
    if options is None:
        pytest.skip(why_not)
    async with demo(tmp_path) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        kavya, elena = await be(page, address, "Kavya Deshmukh", "Elena Carvalho")

        await kavya.locator("textarea").fill("/find-mentor")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("optional").first).to_be_visible(timeout=20_000)
        await page.keyboard.press("Enter")
        await kavya.get_by_role("button", name="Ask Elena").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("What do you need?").fill("Planning my first clinical summer: research or shadowing?")
        await form.get_by_label("What would you ask of them?").fill("Which of my two options would you choose?")
        await form.get_by_label("Why medicine?").fill("I translated for my grandmother at her clinic. **Really** <b>.")
        await form.get_by_text("A range").click()
        await form.get_by_role("button", name="See it").click()
        await kavya.get_by_role("button", name="Send to Elena").click()

        await expect(elena.get_by_text("Kavya would like you as a mentor.")).to_be_visible(timeout=20_000)
        await expect(elena.get_by_text("**Really** <b>.")).to_be_visible(timeout=20_000)
        await elena.get_by_role("button", name="Accept", exact=True).click()
        await expect(elena.get_by_text("You and Kavya are a pair")).to_be_visible(timeout=20_000)

        await kavya.get_by_text("Kavya and Elena").first.click()
        await expect(kavya.get_by_text("you write first")).to_be_visible(timeout=20_000)
        for _ in range(4):
            await page.locator("[data-step=day]").click()
        await kavya.get_by_text("Preceptor", exact=True).first.click()
        await expect(kavya.get_by_text("is waiting for your first hello")).to_be_visible(timeout=20_000)
        await expect(elena.get_by_text("waiting for")).to_have_count(0)
        await browser.close()

    async with demo(tmp_path) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        (kavya,) = await be(page, address, "Kavya Deshmukh")
        await kavya.get_by_role("button", name="I wrote", exact=True).click()
        await expect(kavya.get_by_text("I'll leave you two to it.")).to_be_visible(timeout=20_000)
        await browser.close()
