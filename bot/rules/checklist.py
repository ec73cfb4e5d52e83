"""What a mentee and a mentor ask each other, as data: the questions, their choices, and how two answers compare.

The first two screens hold what has to be answered by both before anything is compared; the rest is for those who
like, or for pairs that mean to shadow or to work on a project. Wording and choices are ours; agreements between
mentors and mentees all over medicine have the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import Answers, Person, Side
from bot.rules.compare import (
    Ask,
    Item,
    Met,
    Point,
    Weight,
    cap,
    cover,
    credit,
    earlier,
    letters,
    longer,
    one_of,
    overlap,
    promise,
    scale,
    shorter,
    stance,
)
from bot.rules.windows import enough, weekly_minutes
from bot.vocabulary import (
    EITHER,
    Amount,
    Booker,
    Channel,
    Choice,
    Clearance,
    Credit,
    Format,
    Help,
    Hours,
    Length,
    LetterHope,
    LetterOffer,
    Log,
    Notice,
    Openness,
    Paper,
    Part,
    Prepare,
    ReplyTime,
    Review,
    Rhythm,
    Scope,
    Slipping,
    Span,
    Stance,
    Term,
    Travel,
    Until,
    Updates,
    Weekly,
    Window,
    Wish,
)

_WISHED: dict[Choice, Choice] = {wish: Stance.of(wish.value) for wish in Wish}
_NOT_ONLINE = frozenset({Format.IN_PERSON, Format.SHADOWING, Format.PROJECT})


def _way(term: Term, label: str, phrase: str, *, virtual: bool = False) -> Item:
    """A way of meeting: wished for by one, offered by the other."""
    without = (frozenset(), frozenset()) if virtual else (frozenset({Wish.VIRTUAL}), frozenset({Stance.VIRTUAL}))
    asks = Ask(label, Wish, leave_out=without[0]), Ask(label, Stance, leave_out=without[1])
    return Item(term, *asks, stance, Weight.MUST, phrase, (Stance.MAYBE,), granted=_WISHED)


MEETING = (
    _way(Term.IN_PERSON, "In person?", "“I learn most when we sit at one table. Could that happen now and then?”"),
    _way(Term.ONLINE, "Online?", "“A call is easiest for me on weekdays.”"),
    _way(Term.SHADOWING, "Shadowing?", "“I'd love to shadow one day, if your site allows it.”", virtual=True),
    Item(
        Term.WAYS,
        Ask("Which of these suit you?", Format, 3, _NOT_ONLINE),
        Ask("Which of these suit you?", Format, 3, _NOT_ONLINE),
        overlap,
        Weight.MUST,
        "“I'm better at talking than at typing.”",
        (Format.VIDEO,),
    ),
    Item(
        Term.RHYTHM,
        Ask("How often would suit you?", Rhythm),
        Ask("How often can you?", Rhythm),
        scale,
        Weight.MUST,
        "“Once a month would keep me going. Is that too much?”",
        (Rhythm.MONTHLY,),
        off_scale=frozenset({Rhythm.AS_NEEDED}),
    ),
)
ANSWERING = (
    Item(
        Term.HOURS,
        Ask("How much time a month do you hope for?", Hours),
        Ask("How much time a month can you give?", Hours),
        cap,
        Weight.MUST,
        "“An hour a month is what I can keep.”",
        (Hours.ONE,),
    ),
    Item(
        Term.CHANNELS,
        Ask("Where would you like to write?", Channel, 6),
        Ask("Where may they write to you?", Channel, 6),
        overlap,
        Weight.MUST,
        "“Please no texts; a mail is fine.” Phone and text need the mentor's yes.",
        (Channel.HERE,),
        granted={Channel.TEXT: Channel.HERE, Channel.PHONE: Channel.HERE},
    ),
    Item(
        Term.MENTOR_REPLY,
        Ask("I need an answer", ReplyTime),
        Ask("I can answer", ReplyTime),
        promise,
        Weight.MUST,
        "“What can you keep even in a busy week?”",
        (ReplyTime.THREE_DAYS,),
    ),
    Item(
        Term.MENTEE_REPLY,
        Ask("I will answer", ReplyTime),
        Ask("I need an answer", ReplyTime),
        promise,
        Weight.MUST,
        "“If I'm slower than that, exams have me. I'll say so.”",
        (ReplyTime.THREE_DAYS,),
        gives=Side.MENTEE,
    ),
    Item(
        Term.TOPICS,
        Ask("What I want to talk about", Help, 3),
        Ask("What I can talk about", Help, len(Help)),
        cover,
        Weight.MUST,
        "“What I need most is a second pair of eyes on my school list.”",
        (Help.SUPPORT,),
    ),
)
CUSTOMS = (
    Item(
        Term.BOOKER,
        Ask("Who books the next time?", Booker),
        Ask("Who books the next time?", Booker),
        one_of,
        Weight.SHOULD,
        "“I'll send you two times each month.”",
        (Booker.MENTEE,),
        # A mentor who doesn't mind has not thereby taken it on.
        granted={Booker.MENTOR: Booker.MENTEE},
    ),
    Item(
        Term.LENGTH,
        Ask("How long should a meeting be?", Length),
        Ask("How long can a meeting be?", Length),
        cap,
        Weight.SHOULD,
        "“Half an hour is plenty if I bring my questions.”",
        (Length.HALF,),
    ),
    Item(
        Term.QUESTIONS,
        Ask("Before a meeting", Prepare),
        Ask("Before a meeting", Prepare),
        one_of,
        Weight.SHOULD,
        "“I'd like to read the questions on my way in.”",
        (Prepare.DAY_BEFORE,),
    ),
    Item(
        Term.NOTICE,
        Ask("Notice to move or cancel", Notice),
        Ask("Notice to move or cancel", Notice),
        longer,
        Weight.NICE,
        "“Tell me the day before, and it's no trouble at all.”",
        (Notice.DAY,),
    ),
    Item(
        Term.SPAN,
        Ask("For how long?", Span),
        Ask("For how long?", Span),
        shorter,
        Weight.SHOULD,
        "“Shall we try this term, and then look again?”",
        (Span.TERM,),
        off_scale=frozenset({Span.GOAL}),
    ),
)
OPENNESS = (
    Item(
        Term.REVIEW,
        Ask("When shall I ask if it still suits?", Review),
        Ask("When should I ask if it still suits?", Review),
        earlier,
        Weight.SHOULD,
        "“Let's see after a few weeks whether this works for you.”",
        (Review.SIXTY_DAYS,),
    ),
    Item(
        Term.ACADEMICS,
        Ask("Grades and scores: what would you share?", Openness),
        Ask("Grades and scores: what do you need?", Openness),
        cap,
        Weight.SHOULD,
        "“I'd rather not share numbers yet.” Only whether; never the numbers.",
        (Openness.NONE,),
        gives=Side.MENTEE,
    ),
    Item(
        Term.LETTERS,
        Ask("A letter or an introduction?", LetterHope),
        Ask("Letters and introductions?", LetterOffer),
        letters,
        Weight.NICE,
        "“I write letters only for people I have worked with.”",
        (LetterOffer.AFTER_WORK,),
        granted={
            LetterHope.NOT_EXPECTING: LetterOffer.NO,
            LetterHope.LATER: LetterOffer.AFTER_WORK,
            LetterHope.HOPING: LetterOffer.AFTER_WORK,
        },
    ),
)
SHADOWING = (
    Item(
        Term.AMOUNT,
        Ask("How much would you like?", Amount),
        Ask("How much is possible?", Amount),
        cap,
        Weight.SHOULD,
        "“One half-day would already tell me a lot.”",
        (Amount.HALF_DAY,),
    ),
    Item(
        Term.PAPERS,
        Ask("Papers you have, or can have in time", Paper, len(Paper)),
        Ask("Papers your site asks for", Paper, len(Paper), frozenset({Paper.NOTHING})),
        cover,
        Weight.MUST,
        "“Which papers does your office want, and how long do they take?”",
        (),
        gives=Side.MENTEE,
    ),
    Item(
        Term.TRAVEL,
        Ask("How could you get there?", Travel, 3),
        Ask("How can one get there?", Travel, 3),
        overlap,
        Weight.SHOULD,
        "“Without a car I'd need something near a bus line.”",
        (Travel.TRANSIT,),
    ),
    Item(
        Term.LOG,
        Ask("Who confirms the hours?", Log),
        Ask("Who confirms the hours?", Log),
        one_of,
        Weight.NICE,
        "“Applications ask for hours; would you confirm mine?”",
        (Log.SELF,),
        granted={Log.MENTOR: Log.SELF},
    ),
)
PROJECT = (
    Item(
        Term.ROLE,
        Ask("What would you like to do?", Part, len(Part)),
        Ask("What is there to do?", Part, len(Part)),
        overlap,
        Weight.MUST,
        "“I'm new to this, but careful with data.”",
        (Part.LITERATURE,),
    ),
    Item(
        Term.WEEKLY,
        Ask("Hours a week you can surely give", Weekly),
        Ask("Hours a week it needs", Weekly),
        cap,
        Weight.MUST,
        "“Three hours is what I can keep through exams.”",
        (Weekly.TWO,),
        gives=Side.MENTEE,
    ),
    Item(
        Term.UNTIL,
        Ask("Until when?", Until),
        Ask("Until when?", Until),
        shorter,
        Weight.MUST,
        "“I can promise this until the end of term.”",
        (Until.TERM,),
        off_scale=frozenset({Until.DATE}),
    ),
    Item(
        Term.SCOPE,
        Ask("What “done” means", Scope),
        Ask("What “done” means", Scope),
        one_of,
        Weight.MUST,
        "“Could we write down what counts as finished?”",
        (Scope.WRITTEN,),
    ),
)
PROJECT_MANNERS = (
    Item(
        Term.UPDATES,
        Ask("How often will you send word?", Updates),
        Ask("How often would you like word?", Updates),
        scale,
        Weight.MUST,
        "“You'll have three lines from me every Friday.”",
        (Updates.WEEKLY,),
        off_scale=frozenset({Updates.MILESTONES}),
    ),
    Item(
        Term.SLIPPING,
        Ask("If I slip, I'll say so", Slipping),
        Ask("If they slip, I'd like to know", Slipping),
        earlier,
        Weight.SHOULD,
        "“I'd rather hear early than be surprised.”",
        (Slipping.TWO_DAYS,),
    ),
    Item(
        Term.CREDIT,
        Ask("Credit you hope for", Credit),
        Ask("Credit there can be", Credit),
        credit,
        Weight.SHOULD,
        "“May I ask how authorship is decided here?”",
        (Credit.LATER,),
    ),
    Item(
        Term.TERMS,
        Ask("What do you need, or have already?", Clearance, len(Clearance)),
        Ask("What does it come with, or ask for?", Clearance, len(Clearance)),
        cover,
        Weight.NICE,
        "“Is there a course I should take before I see any data?”",
        (Clearance.VOLUNTARY,),
        gives=Side.MENTEE,
    ),
)

SCREENS: dict[str, tuple[str, tuple[Item, ...]]] = {
    "meeting": ("How we meet", MEETING),
    "answering": ("Time and answers", ANSWERING),
    "customs": ("A few more", CUSTOMS),
    "openness": ("And the last few", OPENNESS),
    "shadowing": ("Shadowing", SHADOWING),
    "project": ("A project together", PROJECT),
    "project-manners": ("Working together", PROJECT_MANNERS),
}
"""Each short screen by its name: what is asked first, what may be asked then, and what only some pairs need."""
FIRST, THEN = ("meeting", "answering"), ("customs", "openness")
FOLLOWING = {"customs": "openness", "project": "project-manners"}

ITEMS: dict[Term, Item] = {item.term: item for _, items in SCREENS.values() for item in items}
MUSTS = MEETING + ANSWERING
TIMES = Item(
    # Never asked here: what both said of themselves is put side by side.
    Term.WINDOWS,
    Ask("When can you usually meet?", Window, len(Window)),
    Ask("When can you usually meet?", Window, len(Window)),
    overlap,
    Weight.SHOULD,
    "“Evenings are best, once the ward is quiet.”",
    (),
)

GROUND: dict[str, str] = {
    # What both say yes to together with their agreement. Nothing here is compared.
    "between_us": "What you say stays between you, except for safety and what the law asks.",
    "no_fault": "Either may end it without a reason: a word to the other, or to an officer.",
    "conduct": "It stays professional: no romance, no money, no favours, no pressure.",
}
MANNERS: dict[str, str] = {
    # What both say yes to before anyone shadows.
    "no_patient": "Nothing that could tell who a patient is gets written here. I'm no medical system.",
    "observe": "You watch and do nothing else. The patient may say no, and you leave the room when asked.",
    "arrive": "Be ten minutes early, dressed as the site says, phone away.",
}


def times(mentee: Person, mentor: Person, length: Length, now: datetime, zone: ZoneInfo) -> Point | None:
    """Whether the hours in which both can usually meet are enough; None where one has not said when they can."""
    if not mentee.windows or not mentor.windows:
        return None
    minutes = weekly_minutes(mentee, mentor, now, zone)
    words = f"about {minutes // 60} hours a week" if minutes >= 120 else f"{minutes} minutes a week"
    met = Met(enough(minutes, length.minutes), ())
    return Point(TIMES, mentee.windows, mentor.windows, met, words if minutes else "no time in common yet")


def worded(term: Term, slugs: Sequence[str]) -> str:
    """A term of an agreement as people read it."""
    choices = ITEMS[term].mentor.choices
    return ", ".join(choices.of(slug).label for slug in slugs)


def missing(answers: Answers) -> list[Item]:
    """What has to be answered before anything is compared, and is not yet."""
    return [item for item in MUSTS if not answers.said.get(item.term)]


def wants_shadowing(mentee: Answers, mentor: Answers) -> bool:
    """Whether shadowing is wished for by one and offered by the other, now or later; only then is more asked."""
    said = [(answers.said.get(Term.SHADOWING) or ("no",))[0] for answers in (mentee, mentor)]
    return "no" not in said and set(said) != {EITHER}


def acknowledged(answers: Answers, term: Term, rules: dict[str, str]) -> bool:
    """Whether one side has said yes to each of these."""
    return set(rules) <= set(answers.said.get(term, ()))
