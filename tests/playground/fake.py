"""A small society for the playground's own tests: it shows every block, and its clock obeys."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.playground import Face, Playground, Step, channel_address, person_address
from bot.model import Need
from bot.ports import Address, Called, Pressed, Request, Responder, Sent, Spoke, Upload
from bot.ui import (
    Bold,
    Button,
    Card,
    ChoiceField,
    Columns,
    Command,
    Divider,
    File,
    FileField,
    Form,
    Kind,
    Link,
    Mention,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Quote,
    Row,
    Slash,
    Style,
    TextField,
    Title,
    Update,
    When,
    act,
    bullets,
    buttons,
    message,
    say,
)
from bot.ui import Line as Paragraph

OFFICERS = channel_address("officers")
MAYA, OKAFOR, RUTH = (person_address(slug) for slug in ("maya-chen", "daniel-okafor", "ruth-alvarez"))
LENA = person_address("lena-hoff")
HOSTILE = "<img src=x onerror=\"document.title='owned'\"> @everyone **x** <!channel> \u05e9\u05dc\u05d5\u05dd"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f0001040100"
    "5fe5c34b0000000049454e44ae426082"
)
"""One dot."""
START = datetime(2026, 10, 5, 13, 0, tzinfo=UTC)

PEOPLE = [
    Face(RUTH, 1, "Ruth Alvarez", ("officer",), "Mentorship chair", "America/New_York"),
    Face(OKAFOR, 2, "Dr. Daniel Okafor", ("mentor",), "Resident · Pediatrics", "America/Los_Angeles"),
    Face(LENA, 3, "Lena Hoff", ("mentor",), "MS2 · Surgery", "UTC"),
    Face(person_address("sam-iyer"), 4, "Sam Iyer", ("mentor",), "Admitted · Family medicine", "UTC"),
    Face(MAYA, 5, "Maya Chen", ("mentee",), "Sophomore · Harborview State", "America/New_York"),
    Face(person_address("jonah-reed"), 6, "Jonah Reed", ("mentee",), "Junior · applying next year", "UTC"),
    Face(person_address("amina-yusuf"), 7, "Amina Yusuf", ("mentee",), "Post-bac · first year", "UTC"),
]
COMMANDS = (
    Command(
        "find-mentor",
        "See the mentors who fit you best",
        (
            Param(
                "field",
                "A specialty you care about",
                Kind.CHOICE,
                False,
                (
                    Option("pediatrics", "Pediatrics"),
                    Option("surgery", "Surgery"),
                    Option("family", "Family medicine"),
                ),
            ),
        ),
    ),
    Command("sign-up", "Join as mentee, mentor or both"),
    Command(
        "time-off",
        "Say that you are away for a while",
        (
            Param("until", "The first day you are back", Kind.DATE),
            Param("note", "Why, if you like", required=False),
        ),
    ),
    Command("write", "Write to them", (Param("to", "whom", Kind.PAIR),)),
    Command("sheet", "Bring a spreadsheet"),
    Command("board", "See the term as a picture"),
    Command("expectations", "See what you both said, side by side"),
    Command("hostile", "Show words that would do harm if they could"),
    Command("slow", "Think for a while first"),
    Command("broken", "Fail"),
    Command(
        "pair",
        "Make a pair",
        (
            Param("mentor", "Who gives their time", Kind.MEMBER),
            Param("mentee", "Who asks for it", Kind.MEMBER),
            Param("note", "Shown to both", required=False),
        ),
        need=Need.ACT,
    ),
)


def welcome() -> Message:
    return message(
        Title("Dr. Daniel Okafor is open to your request"),
        say(
            "{who} can take one more mentee and usually answers within {time}. You have until {when}.",
            who=Mention(2, "Dr. Daniel Okafor"),
            time=Bold("three days"),
            when=When(START + timedelta(days=7)),
        ),
        bullets(
            "You both care about pediatrics and first-generation students",
            "Offers what you asked for: essays and interview practice",
            say("Free when you are: {day} evenings", day=When(START + timedelta(days=1), "day")),
        ),
        Quote("I was the first in my family to apply, too. Happy to read drafts,\nbut please three days ahead."),
        buttons(
            Button("Ask Dr. Okafor", act("ask", 2), Style.PRIMARY),
            Button("Not this one", act("pass", 2)),
            Button("Stop looking", act("stop"), Style.DANGER),
        ),
        Divider(),
        Paragraph(
            say(
                "You can come back to this with {command}, or read {link}.",
                command=Slash("find-mentor"),
                link=Link("how asking works", "https://example.org/asking"),
            ),
            quiet=True,
        ),
    )


def mentors() -> Message:
    def card(title: str, number: int, *lines: str) -> Card:
        return Card(title, tuple((line,) for line in lines), Button("Ask", act("ask", number), Style.PRIMARY))

    return message(
        Title("Three who fit you best"),
        "From eleven mentors with a free place. Nobody is told that you looked.",
        card(
            "Dr. Daniel Okafor",
            2,
            "Resident, Pediatrics · 1 of 3 places free",
            "Also the first in the family to apply",
            "Offers essays and interviews; no shadowing",
        ),
        card("Lena Hoff", 3, "Medical student, year 2 · 2 places free", "Retook the MCAT, as you plan to"),
        card("Sam Iyer", 4, "Admitted, Family medicine · 1 place free", "Same school as you, three years ago"),
        Menu(
            "Look for something else",
            act("refine"),
            (
                Option("essays", "Personal statement"),
                Option("mcat", "MCAT", "study plans and retakes"),
                Option("shadow", "Shadowing"),
            ),
        ),
    )


def expectations() -> Message:
    rows = (
        Row("How often", "Every two weeks", "Every week", "Every two weeks", "talk"),
        Row("Reply time", "Within 3 days", "Within 3 days", "Within 3 days", "match"),
        Row("Shadowing", "No, my hospital does not allow it", "Yes, please", "Not in this pair", "conflict"),
        Row("Who books", "The mentee", "No preference", "", "open"),
    )
    return message(
        Title("What you both expect"),
        Columns("Daniel", "Maya", "Agreed", rows),
        buttons(Button("Agree", act("agree", 1), Style.PRIMARY), Button("Change mine", act("change", 1))),
    )


def form() -> Form:
    return Form(
        "Ask Dr. Okafor",
        act("ask-sent", 2),
        (
            TextField(
                "need",
                "What do you need help with?",
                "One thing is easier to say yes to than three.",
                long=True,
                limit=300,
                placeholder="My personal statement reads like a list…",
            ),
            ChoiceField(
                "rhythm",
                "How often would you like to meet?",
                (
                    Option("weekly", "Every week"),
                    Option("biweekly", "Every two weeks", "what most pairs choose"),
                    Option("monthly", "Once a month"),
                ),
                values=("biweekly",),
            ),
            ChoiceField(
                "topics",
                "Topics",
                tuple(
                    Option(str(i), label)
                    for i, label in enumerate(
                        ("Essays", "Interviews", "MCAT", "Research", "Choosing schools", "Gap year")
                    )
                ),
                most=3,
            ),
            ChoiceField(
                "school",
                "School you aim for",
                tuple(Option(str(i), f"School {i}") for i in range(1, 9)),
                required=False,
            ),
            TextField("name", "How should they call you?", value="Maya", required=False, limit=40),
        ),
        submit="Preview it",
    )


class Society:
    """The stage and the door in one. What was asked is in `requests`."""

    society = "Harborview Premed Society"
    place = "playground:harborview"
    zone = "America/New_York"
    commands: Sequence[Command] = COMMANDS
    movable = True

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.platform = Playground(self.answer, self.suggest, self, None)
        self.clock = START

    def play(self, log: Path | None = None) -> Playground:
        self.platform = Playground(self.answer, self.suggest, self, log)
        return self.platform

    async def people(self) -> list[Face]:
        return PEOPLE

    def now(self) -> datetime:
        return self.clock

    async def next_moment(self) -> datetime | None:
        return self.clock + timedelta(days=1, hours=5)

    async def advance(self, step: Step) -> None:
        self.clock += {
            "day": timedelta(days=1),
            "week": timedelta(days=7),
            "next": timedelta(days=1, hours=5),
        }[step]
        for who in (MAYA, OKAFOR):
            await self.platform.send(who, message("How is it going?"), f"tick-{who}-{self.clock}")

    async def open_room(self) -> Address:
        room = await self.platform.open_room((MAYA, OKAFOR), "Maya and Daniel", "room-1", None)
        await self.platform.send(
            room,
            message(
                Title("Maya, meet Daniel"),
                "Maya writes first. Say hello, and offer two times to talk.",
                buttons(Button("We have met", act("met", 1))),
            ),
            "hello-1",
        )
        return room

    async def suggest(self, place: Address, who: Address, kind: Kind, typed: str) -> list[Option]:
        pairs = [Option("7", "Dr. Daniel Okafor, your mentor"), Option("8", "Lena Hoff, your mentor")]
        return [pair for pair in pairs if typed.casefold() in pair.label.casefold()]

    async def answer(self, request: Request, back: Responder) -> None:
        self.requests.append(request)
        match request.what:
            case Called("find-mentor"):
                await back.reply(Private(mentors()))
            case Called("expectations"):
                await back.reply(Private(expectations()))
            case Called("hostile"):
                await back.reply(
                    Private(
                        message(
                            Title(HOSTILE[:60]),
                            HOSTILE,
                            Quote(HOSTILE),
                            bullets(HOSTILE),
                            Card(HOSTILE[:60], ((HOSTILE,),), Button(HOSTILE[:40], act("h"))),
                        )
                    )
                )
            case Called("sheet"):
                await back.reply(
                    Form("A spreadsheet", act("sheet"), (FileField("sheet", "The file", accepts=(".csv",)),))
                )
            case Called("board"):
                picture = File("board.png", "Pairs by week", PICTURE)
                await back.reply(Private(message(picture, File("times.ics", "The meeting", b"BEGIN:VCALENDAR"))))
            case Called("slow"):
                await asyncio.sleep(0.3)
                await back.defer()
                await asyncio.sleep(0.7)
                await back.reply(Private(message("Here it is.")))
            case Called("broken"):
                raise RuntimeError("broken on purpose")
            case Called(name):
                await back.reply(Private(message(say("You used {it}.", it=Slash(name)))))
            case Pressed(action) if action.name == "ask":
                await back.reply(form())
            case Pressed(action):
                await asyncio.sleep(0.15)
                await back.reply(Update(message(say("You pressed {what}.", what=Bold(action.name)))))
            case Sent(_, _, {"sheet": Upload(name, data)}):
                await back.reply(Private(message(say("{name}: {size} bytes", name=name, size=str(len(data))))))
            case Sent(_, filled):
                await back.reply(Private(message(Title("This is what they will read"), Quote(filled["need"][0]))))
            case Spoke():
                pass
