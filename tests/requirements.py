"""Which tests show which requirement: `make requirements` prints the table, and fails if a requirement has none.

A test says what it shows with `@pytest.mark.sr("SR-14.a")`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

REQUIREMENTS = {
    "SR-1.a": "a newcomer learns in three lines what a mentor is for, and how to begin",
    "SR-1.b": "officers see how many joined, asked, were paired and meet",
    "SR-2.a": "mentors have a kind and offers, and are approved before anyone sees them",
    "SR-2.b": "a mentor is further along; an officer's exception is on record",
    "SR-3.a": "one account, both roles, kept apart",
    "SR-4.a": "who waits for whom, and for how long, against what was promised",
    "SR-4.b": "a mentor who is away or full is left in peace",
    "SR-5.a": "a mentor who chases: the mentee is asked, not they",
    "SR-5.b": "honest ways out instead of “busy”",
    "SR-6.a": "what does not meet is shown before a pair is under way",
    "SR-6.b": "officers see mismatches over time",
    "SR-7.a": "more than one road to a mentor, always",
    "SR-8.a": "societies are kept apart",
    "SR-9.a": "associations are a bonus, never a wall",
    "SR-9.b": "outside associations are listed with a date",
    "SR-10.a": "a member can suggest a mentor they know",
    "SR-11.a": "a mentor found outside is kept by the mentee alone",
    "SR-11.b": "a patient is no mentee; no health information",
    "SR-12.a": "met online counts, with a hint to be careful",
    "SR-13.a": "distance does not count where one meets online",
    "SR-13.b": "times both can make, across zones and clock changes",
    "SR-14.a": "a written introduction, as a request and as an e-mail",
    "SR-14.b": "nothing reaches a mentor before the mentee says so",
    "SR-15.a": "text and phone only with permission, to that mentee",
    "SR-15.b": "each change of a permission is on record",
    "SR-16.a": "concrete needs before a request",
    "SR-17.a": "one specific ask, near the top",
    "SR-18.a": "which needs a mentor does not cover is said beforehand",
    "SR-19.a": "where on the road, in each request, and asked again",
    "SR-19.b": "questions fit the phase and the month",
    "SR-20.a": "five things to hand; willing to share is an answer",
    "SR-20.b": "no score is asked, kept or used; disclosed to one, and withdrawn",
    "SR-21.a": "one request at a time, not the same to many",
    "SR-22.a": "a draft is advised on, and only the musts block",
    "SR-23.a": "a mentor may decline or be silent without a reason",
    "SR-23.b": "either may end a pair at any time",
    "SR-24.a": "reply times, and a reminder to the mentee",
    "SR-24.b": "one's own promptness, for oneself alone",
    "SR-25.a": "reminders of a meeting, each in their own zone",
    "SR-25.b": "who came, by both; a missed one is the mentee's to mend",
    "SR-26.a": "the first two nudges of a silence go to the mentee",
    "SR-26.b": "an officer hears before a mentor has to try again",
    "SR-27.a": "the mentee begins and books, unless agreed otherwise",
    "SR-28.a": "a project has hours, scope and an end, confirmed by both",
    "SR-28.b": "too many hours are warned of",
    "SR-29.a": "each project has its rhythm of updates",
    "SR-30.a": "done, next, blocked: one message to the mentor",
    "SR-31.a": "slipping and too much are ordinary choices",
    "SR-32.a": "milestones have dates; an overdue one is the mentee's first",
    "SR-33.a": "role, hours, dates; leaving with a hand-over",
    "SR-34.a": "the same checklist for both, with “I don't mind”",
    "SR-34.b": "answered alone: no side sees the other's before both are in",
    "SR-35.a": "opened on acceptance; who is missing is reminded, the mentee first",
    "SR-35.b": "the first meeting has what is agreed and what is open",
    "SR-36.a": "in person is asked separately",
    "SR-36.b": "in person: shadowing brings its own rules",
    "SR-37.a": "shadowing is asked separately",
    "SR-37.b": "shadowing cannot start without its acknowledgements; nothing clinical is kept",
    "SR-38.a": "online is asked separately",
    "SR-38.b": "online: nothing clinical is kept",
    "SR-39.a": "what the mentee hopes for stands in the request",
    "SR-40.a": "a mentor's limits are shown, and are the middle",
    "SR-40.b": "the agreement needs both, and each change, too",
    "SR-41.a": "goals become small steps with dates",
    "SR-42.a": "what can be asked of a mentor has limits",
    "SR-42.b": "a mentor hears at most once a day",
    "SR-43.a": "thanks after a meeting and at the end; whom to thank",
    "SR-44.a": "the next contact is always planned",
    "SR-45.a": "a word at the agreed rhythm, even without a meeting",
    "SR-46.a": "news at milestones and by the season, to each mentor by itself",
    "SR-47.a": "questions before each meeting",
    "SR-47.b": "what came of it, and what is next",
    "SR-48.a": "one's own history, to have or to delete",
    "SR-49.a": "staying in touch, if both wish",
    "SR-49.b": "who is accepted is invited, once, to mentor",
    "SR-50.a": "endings and refusals are kind",
    "SR-50.b": "what is private stays so",
}
"""Each requirement in a few words of ours."""


class Collected:
    """Keeps which collected tests are marked with which requirement."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            name = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("sr"):
                for requirement in mark.args:
                    if name not in self.tests[requirement]:
                        self.tests[requirement].append(name)


def main() -> int:
    """Print the table; 1 if a requirement has no test, or a test names one there is not."""
    collected, console = Collected(), Console()
    with redirect_stdout(StringIO()):
        code = pytest.main(["--collect-only", "-qq", "-n", "0", "tests"], plugins=[collected])
    if code:
        console.print(f"the tests cannot be collected: exit code {int(code)}")
        return 1
    table = Table("requirement", "in a few words", "tests")
    for requirement, words in REQUIREMENTS.items():
        table.add_row(requirement, words, "\n".join(collected.tests[requirement]) or "NONE")
    console.print(table)
    missing = [requirement for requirement in REQUIREMENTS if not collected.tests[requirement]]
    unknown = sorted(collected.tests.keys() - REQUIREMENTS.keys())
    console.print(f"{len(REQUIREMENTS) - len(missing)} of {len(REQUIREMENTS)} requirements are shown by a test.")
    for what, names in (("without a test", missing), ("not a requirement", unknown)):
        if names:
            console.print(f"{what}: {', '.join(names)}")
    return 1 if missing or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
