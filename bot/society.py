"""Every feature, put together: what a running society is made of."""

from __future__ import annotations

from bot.app import App
from bot.features.academics import academics
from bot.features.agreements import agreements
from bot.features.announcing import announcing
from bot.features.associations import associations
from bot.features.attending import attending
from bot.features.auditing import auditing
from bot.features.board import officers_board
from bot.features.bookings import bookings
from bot.features.calendar import calendar
from bot.features.checkins import checkins
from bot.features.claiming import claiming
from bot.features.cohort import cohort
from bot.features.cohort_one import cohort_one
from bot.features.concerns import concerns
from bot.features.conflicts import conflicts
from bot.features.digest import digest
from bot.features.endings import endings
from bot.features.expectations import expectations
from bot.features.farewells import farewells
from bot.features.finding import finding
from bot.features.governing import governing
from bot.features.handovers import handovers
from bot.features.home import home
from bot.features.importing import importing
from bot.features.introducing import introducing
from bot.features.intros import intros
from bot.features.joining import joining
from bot.features.letters import letters
from bot.features.line import line
from bot.features.links import links
from bot.features.meetings import meetings
from bot.features.numbers import numbers
from bot.features.office import office
from bot.features.officers import officers
from bot.features.own_mentors import own_mentors
from bot.features.permissions import permissions
from bot.features.privacy import privacy
from bot.features.programme import programme
from bot.features.projects import projects
from bot.features.queue import queue
from bot.features.quiet import quiet
from bot.features.roads import roads
from bot.features.season import season
from bot.features.setup import setup
from bot.features.shadowing import shadowing
from bot.features.steps import steps
from bot.features.succession import succession
from bot.features.underway import underway
from bot.features.updates import updates
from bot.features.writing import writing
from bot.model import Pace
from bot.ports import Clock
from bot.records import Store
from bot.ui import Command

# What each offers about a pair, and at home, is shown in this order.
FEATURES = (
    joining,
    introducing,
    intros,
    finding,
    home,
    meetings,
    bookings,
    attending,
    expectations,
    agreements,
    permissions,
    academics,
    writing,
    updates,
    projects,
    underway,
    handovers,
    steps,
    checkins,
    quiet,
    farewells,
    endings,
    line,
    own_mentors,
    roads,
    associations,
    officers,
    queue,
    numbers,
    importing,
    claiming,
    officers_board,
    digest,
    office,
    cohort,
    cohort_one,
    concerns,
    privacy,
    programme,
    calendar,
    season,
    announcing,
    conflicts,
    governing,
    succession,
    auditing,
    setup,
    shadowing,
    links,
    letters,
)


def society(store: Store, clock: Clock, pace: Pace, office: str = "") -> App:
    """`office`: where the officers' page is, if it is switched on."""
    return App(store, clock, pace, FEATURES, office=office)


def commands() -> tuple[Command, ...]:
    """Every command, by name."""
    every = {name: command for feature in FEATURES for name, (command, _) in feature.commands.items()}
    return tuple(every[name] for name in sorted(every))
