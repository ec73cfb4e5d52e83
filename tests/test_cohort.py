"""A whole cohort matched in one evening: proposed, looked at, changed, and published, with nobody hearing before."""

import asyncio
import json
import random
from itertools import permutations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import rounds
from bot.cli import cli
from bot.model import DAY, Role, Round
from bot.ports import Pressed
from bot.records import Records
from bot.rehearsal import Actor, controls
from bot.rules.fit import bars_unasked
from bot.ui import act
from bot.vocabulary import Format, Specialty, Window
from tests.society import NEW_YORK, Society, harborview, words
from tests.stores import KEY, open_sqlite
from tests.test_officers import pairs_up, written_down

SHEETS = Path(__file__).parent.parent / "examples" / "harborview"


async def the_round(harbor: Society) -> Round:
    async with harbor.store.records(harbor.id) as records:
        found = await records.rounds.current()
    assert found is not None
    return found


async def of_whom(harbor: Society, *actors: Actor) -> dict[int, str]:
    return {(await harbor.person(actor)).id: actor.name for actor in actors}


async def proposed(harbor: Society, *actors: Actor) -> set[tuple[str, str]]:
    """The pairs of the open round, by name."""
    names = await of_whom(harbor, *actors)
    return {(names[pair.mentee], names[pair.mentor]) for pair in (await the_round(harbor)).pairs}


async def looks_at(officer: Actor, name: str) -> str:
    return words(await officer.presses(f"Look at {name}"))


async def test_everyone_who_waits_gets_a_mentor_in_one_tap_and_hears_only_then(harbor: Society, tmp_path: Path) -> None:
    olu = await harbor.officer()
    ana, bea = await harbor.mentee("Ana"), await harbor.mentee("Bea", interests=(Specialty.SURGERY,))
    ben = await harbor.mentor("Ben", capacity=1)
    cal = await harbor.mentor("Cal", capacity=1, fields=(Specialty.SURGERY,))
    said = words(await olu.calls("match-cohort"))
    assert "2 pairs proposed" in said
    assert "Ana → Ben" in said
    assert "Bea → Cal" in said
    await harbor.later(2 * DAY)
    assert [harbor.heard(each) for each in (ana, bea, ben, cal)] == [[], [], [], []]

    assert "Publish 2 pairs?" in words(await olu.presses("Publish 2 pairs…"))
    assert "Published: 2 pairs." in words(await olu.presses("Yes, publish 2 pairs"))
    await harbor.later(2 * DAY)
    for someone in (ana, ben):
        assert "Ana, Ben: you are a pair." in harbor.heard(someone)[0]
        assert "Ana, why Ben:" in harbor.heard(someone)[0]
        assert "In Pediatrics, which interests you" in harbor.heard(someone)[0]
        assert len(await harbor.pairs(someone)) == 1
    done = [action for action, _ in written_down(tmp_path)]
    assert done.count("pair.made") == 2
    assert done.count("round.published") == 1


async def test_as_many_as_possible_come_before_the_best_fit(harbor: Society) -> None:
    """Ben fits Ana better than Cal does, but is the only one whom Bea could have."""
    olu = await harbor.officer()
    ana = await harbor.mentee("Ana")
    bea = await harbor.mentee("Bea", formats=(Format.CHAT,), interests=(Specialty.SURGERY,))
    ben = await harbor.mentor("Ben", capacity=1)
    cal = await harbor.mentor("Cal", capacity=1, fields=(Specialty.SURGERY,), formats=(Format.VIDEO,))
    await olu.calls("match-cohort")
    assert await proposed(harbor, ana, bea, ben, cal) == {("Ana", "Cal"), ("Bea", "Ben")}
    assert "Ben (100) would fit Ana better" in await looks_at(olu, "Ana")
    (await olu.presses("Someone else…", str((await harbor.person(ben)).id)))
    said = words(olu.replies[-1])
    assert "Ben fits Ana 20 points better than Cal." in said
    assert "Ben is the only mentor Bea could have: Bea would get nobody." in said
    assert "1 pair fewer" in said


async def test_a_mentor_who_was_never_possible_is_explained_too(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee("Ana")
    await harbor.mentor("Ben")
    dan = await harbor.mentor("Dan", windows=(Window.WEEKEND_MORNING,))
    await olu.calls("match-cohort")
    said = words(await olu.calls("match-why", mentee=ana.address, mentor=dan.address))
    assert "Dan for Ana?" in said
    assert "no usual time in common" in said


async def test_an_officer_swaps_and_the_rest_is_worked_out_around_it(harbor: Society) -> None:
    olu = await harbor.officer()
    ana = await harbor.mentee("Ana")
    bea = await harbor.mentee("Bea", interests=(Specialty.SURGERY,))
    ben = await harbor.mentor("Ben", capacity=1)
    cal = await harbor.mentor("Cal", capacity=1, fields=(Specialty.SURGERY,))
    everyone = (ana, bea, ben, cal)
    await olu.calls("match-cohort")
    assert await proposed(harbor, *everyone) == {("Ana", "Ben"), ("Bea", "Cal")}
    await looks_at(olu, "Ana")
    await olu.presses("Someone else…", str((await harbor.person(cal)).id))
    assert "Bea would get Ben, who fits 20 points worse than Cal." in words(olu.replies[-1])
    assert "locked" in words(await olu.presses("Yes, and lock Ana with Cal"))
    assert await proposed(harbor, *everyone) == {("Ana", "Cal"), ("Bea", "Ben")}
    await olu.calls("match-cohort")
    await olu.presses("Propose again")
    assert await proposed(harbor, *everyone) == {("Ana", "Cal"), ("Bea", "Ben")}
    await looks_at(olu, "Ana")
    await olu.presses("Unlock")
    await olu.calls("match-cohort")
    await olu.presses("Propose again")
    assert await proposed(harbor, *everyone) == {("Ana", "Ben"), ("Bea", "Cal")}


async def test_two_who_should_not_be_paired_this_time_and_someone_left_out(harbor: Society) -> None:
    olu, ana, ben, cal = (
        await harbor.officer(), await harbor.mentee("Ana"), await harbor.mentor("Ben"), await harbor.mentor("Cal"),
    )  # fmt: skip
    await olu.calls("match-cohort")
    await looks_at(olu, "Ana")
    assert "Ana → Cal" in words(await olu.presses("Not these two"))
    assert "left Ana out" in words(await olu.presses("Leave Ana out"))
    assert (await the_round(harbor)).pairs == ()
    await olu.calls("match-cohort")
    assert "Left out of this round by an officer" in words(await olu.presses("Who gets nobody (1)"))
    await looks_at(olu, "Ana")
    assert "Ana → Cal" in words(await olu.presses("Take Ana in again"))
    assert await proposed(harbor, ana, ben, cal) == {("Ana", "Cal")}


async def test_who_gets_nobody_is_told_with_the_reason_and_what_would_help(harbor: Society) -> None:
    olu = await harbor.officer()
    for name in ("Ana", "Bea", "Cia"):
        await harbor.mentee(name, interests=(Specialty.DERMATOLOGY,))
    dee = await harbor.mentee("Dee", windows=(Window.WEEKEND_MORNING,), interests=())
    await harbor.mentee("Eve", wants=())
    await harbor.mentee("Fay", adult=False)
    gus = await harbor.mentee("Gus")
    await harbor.mentor("Ben", capacity=1)
    hal = await harbor.mentor("Hal", capacity=1)
    await harbor.asked(gus, hal)
    async with harbor.store.records(harbor.id) as records:
        since = harbor.clock.now() - 40 * DAY
        await records.roads.join_line(await harbor_person(records, dee), since)
    assert "1 pair proposed" in words(await olu.calls("match-cohort"))
    said = words(await olu.presses("Who gets nobody (6)"))
    assert "6 get nobody yet" in said
    assert "No Dermatology mentor with a place left: 2 waiting." in said
    assert "The one mentor who is possible would be taken by others" in said
    assert "They have no usual time in common." in said
    assert said.index("Dee") < said.index("The one mentor"), "who has waited longest comes first"
    assert "Has been waiting for 40 days." in said
    said += words(await olu.presses("More"))
    assert "Their profile is not finished." in said
    assert "Under 18" in said
    assert "Has asked a mentor, who has not answered yet." in said


async def test_who_has_a_mentor_waits_only_if_they_say_so(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee("Ana"), await harbor.mentor("Ben", capacity=1)
    await pairs_up(olu, ben, ana)
    assert "Nobody waits" in words(await olu.calls("match-cohort"))
    await harbor.mentor("Cal", fields=(), formats=(Format.CHAT,))
    async with harbor.store.records(harbor.id) as records:
        person = await harbor_person(records, ana)
        await records.roads.join_line(person, harbor.clock.now())
        await records.people.save_mentee(person, formats=(Format.CHAT,))
    assert "Ana → Cal" in words(await olu.calls("match-cohort"))


async def test_what_no_longer_holds_is_told_and_the_rest_is_made(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, bea = await harbor.mentee("Ana"), await harbor.mentee("Bea")
    ben, cal = await harbor.mentor("Ben", capacity=1), await harbor.mentor("Cal", capacity=1)
    await olu.calls("match-cohort")
    await bea.calls("time-off", until="2026-11-20")
    assert "One of them does not hold any more" in words(await olu.calls("match-cohort"))
    await olu.presses("Publish 2 pairs…")
    said = words(await olu.presses("Yes, publish 2 pairs"))
    assert "Published: 1 pair." in said
    assert "Away just now." in said
    assert len(await harbor.pairs(ana)) == 1
    assert await harbor.pairs(bea) == []
    assert len(await harbor.pairs(ben)) + len(await harbor.pairs(cal)) == 1


async def test_two_officers_who_publish_at_once_make_each_pair_once(harbor: Society, tmp_path: Path) -> None:
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    for number in range(4):
        await harbor.mentee(f"Mentee {number}")
    await harbor.mentor("Ben", capacity=3)
    for officer in (olu, pia):
        await officer.calls("match-cohort")
        await officer.presses("Publish 3 pairs…")
    said = await asyncio.gather(*(each.presses("Yes, publish 3 pairs") for each in (olu, pia, olu)))
    assert sorted("Published: 3 pairs" in words(each) for each in said) == [False, False, True]
    assert sum("That round is over" in words(each) for each in said) == 2
    assert [action for action, _ in written_down(tmp_path)].count("pair.made") == 3


async def test_the_second_of_two_officers_sees_what_the_first_has_changed(harbor: Society) -> None:
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    await harbor.mentee("Ana")
    await harbor.mentor("Ben")
    await harbor.mentor("Cal")
    for officer in (olu, pia):
        await officer.calls("match-cohort")
        await looks_at(officer, "Ana")
    await olu.presses("Lock")
    assert "Another officer has changed the round" in words(await pia.presses("Not these two"))
    assert (await the_round(harbor)).pairs[0].locked


async def test_a_place_taken_by_hand_meanwhile_is_not_given_twice(harbor: Society) -> None:
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    await harbor.mentee("Ana")
    bea, ben = await harbor.mentee("Bea"), await harbor.mentor("Ben", capacity=1)
    await olu.calls("match-cohort")
    await olu.presses("Publish 1 pair…")
    await asyncio.gather(olu.presses("Yes, publish 1 pair"), pairs_up(pia, ben, bea))
    assert len(await harbor.pairs(ben)) == 1


async def test_a_round_that_is_dropped_is_over(harbor: Society) -> None:
    olu, ana, _ = await harbor.officer(), await harbor.mentee("Ana"), await harbor.mentor("Ben")
    await olu.calls("match-cohort")
    assert "1 pair proposed, and nobody has heard" in words(await olu.calls("home"))
    await olu.presses("Look at the round")
    await olu.presses("Drop it…")
    await olu.presses("Drop it")
    assert "proposed" not in words(await olu.calls("home"))
    assert "That round is over" in words(await olu.presses("Look at Ana"))
    assert "1 pair proposed" in words(await olu.calls("match-cohort"))
    assert await harbor.pairs(ana) == []


@pytest.mark.parametrize("command", ["match-cohort", "match-why"])
async def test_it_is_for_officers_alone(harbor: Society, command: str) -> None:
    olu, ana, _ = await harbor.officer(), await harbor.mentee("Ana"), await harbor.mentor("Ben")
    await olu.calls("match-cohort")
    assert words(await ana.calls(command, mentee=ana.address)) == "That one is for the society's officers."
    stolen = olu.button("Publish 1 pair…")
    assert words(await ana.asks(Pressed(stolen))) == "That one is for the society's officers."


async def test_a_mentor_who_refused_someone_is_not_given_away(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee("Ana"), await harbor.mentor("Ben")
    await harbor.asked(ana, ben)
    await ben.presses("Not for me")
    await harbor.mentor("Cal")
    await olu.calls("match-cohort")
    said = words(await olu.calls("match-why", mentee=ana.address, mentor=ben.address))
    assert "These two can't be paired just now." in said


async def test_what_takes_too_long_is_given_up_kindly(harbor: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    olu, _, _ = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    monkeypatch.setattr(rounds, "PATIENCE", 0.0)
    assert "I stopped and changed nothing" in words(await olu.calls("match-cohort"))
    monkeypatch.undo()
    assert "1 pair proposed" in words(await olu.calls("match-cohort"))


async def test_an_advisor_looks_at_the_round_and_changes_nothing(harbor: Society) -> None:
    olu, ada, _, _ = await harbor.officer(), await harbor.visitor("Ada"), await harbor.mentee(), await harbor.mentor()
    await ada.calls("home")
    async with harbor.store.records(harbor.id) as records:
        await records.people.give_role((await harbor_person(records, ada)), Role.ADVISOR)
    assert words(await ada.calls("match-cohort")) == "That one is for the society's officers."
    await olu.calls("match-cohort")
    assert "Ana Ruiz → Ben Okafor" in words(await ada.calls("match-cohort"))
    assert "Lock" not in await looks_at(ada, "Ana")
    await looks_at(olu, "Ana")
    assert words(await ada.asks(Pressed(olu.button("Lock")))) == "That one is for the society's officers."
    assert not (await the_round(harbor)).pairs[0].locked


async def harbor_person(records: Records, actor: Actor) -> int:
    person = await records.people.at(actor.address)
    assert person is not None
    return person.id


async def test_anyone_can_check_the_optimum_with_a_solver_of_their_own(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[society]\nname = "Harborview"\nzone = "America/New_York"\n'
        f'[database]\nurl = "sqlite+aiosqlite:///{tmp_path / "society.db"}"\n'
    )
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as harbor:
        await store.join(harbor.id, "playground:harborview")
        for number in range(6):
            await harbor.mentee(f"Mentee {number}", interests=(list(Specialty)[number + 1],))
        for number in range(3):
            await harbor.mentor(f"Mentor {number}", capacity=1 + number % 2, fields=(list(Specialty)[number + 3],))
    told = await asyncio.to_thread(
        CliRunner().invoke, cli, ["match", "--json", "--all-scores", "--config", str(config)],
        env={"PRECEPTOR_KEY": KEY.hex()},
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    scores = {(each["mentee"], each["mentor"]): each["score"] for each in found["possible"]}
    chosen = [(each["mentee"]["id"], each["mentor"]["id"]) for each in found["pairs"]]
    assert len(scores) == 18
    assert [scores[pair] for pair in chosen] == [each["score"] for each in found["pairs"]]
    assert (found["matched"], found["total"]) == (4, sum(scores[pair] for pair in chosen))
    places = [int(mentor) for mentor, free in found["places"].items() for _ in range(free)]
    mentees = sorted({mentee for mentee, _ in scores})
    assert found["total"] == max(
        sum(scores[pair] for pair in zip(some, places, strict=True)) for some in permutations(mentees, len(places))
    )
    assert {each["why"] for each in found["alone"]} == {
        "All 3 mentors who are possible would be taken by others, so that as many as can be get someone."
    }
    assert len(found["alone"]) == 2


def test_a_board_sees_from_its_sheets_alone_what_a_round_could_be(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[society]\nname = "Harborview"\nzone = "America/New_York"\n'
        f'[database]\nurl = "sqlite+aiosqlite:///{tmp_path / "society.db"}"\n'
    )
    sheets = [str(SHEETS / f"{name}.csv") for name in ("officers", "mentors", "mentees")]
    told = [
        CliRunner().invoke(cli, [*asked, "--config", str(config)], env={"PRECEPTOR_KEY": KEY.hex()})
        for asked in (["import", "--approve", *sheets], ["match", "--json"], ["match"], ["match", "--here", "--json"])
    ]
    assert [each.exit_code for each in told] == [0, 0, 0, 0], told
    whole, now = json.loads(told[1].stdout), json.loads(told[3].stdout)
    assert whole["matched"] > 80
    assert not any(pair["both_here"] for pair in whole["pairs"])
    assert f"In {whole['matched']} of them somebody has not come yet." in told[2].stdout
    assert (now["matched"], len(now["outside"])) == (0, whole["matched"] + len(whole["alone"]) + len(whole["outside"]))


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_officers_press_no_rule_is_broken_and_no_place_given_twice(harbor: Society, seed: int) -> None:
    """Any presses in any order, while people change their minds and others are paired by hand."""
    chance = random.Random(seed)
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    windows = [(Window.WEEKDAY_EVENING,), (Window.WEEKEND_MORNING,), tuple(Window)]
    formats = [(Format.VIDEO,), (Format.CHAT,), (Format.VIDEO, Format.CHAT)]
    mentees = [
        await harbor.mentee(f"Mentee{n}", windows=chance.choice(windows), formats=chance.choice(formats))
        for n in range(7)
    ]
    mentors = [
        await harbor.mentor(f"Mentor{n}", windows=chance.choice(windows), formats=chance.choice(formats),
                            capacity=chance.randint(1, 2))
        for n in range(4)
    ]  # fmt: skip
    kept_apart = (await harbor.person(mentees[0])).id, (await harbor.person(mentors[0])).id
    await olu.calls("match-cohort")
    for _ in range(12):
        who = chance.choice((olu, pia))
        await who.calls("match-why", mentee=chance.choice(mentees).address)
        shown = list(controls(next(who.sees())))
        label, action, values = chance.choice([each for each in shown if "Back" not in each[0]] or shown)
        await who.asks(Pressed(action, values))
        follow = [each for each in controls(next(who.sees())) if each[0].startswith("Yes, and lock")]
        for label, action, values in follow:
            assert label
            await who.asks(Pressed(action, values))
    async with harbor.store.records(harbor.id) as records:
        await records.apart.note(*kept_apart)
    await chance.choice(mentors).calls("time-off", until="2026-12-01")
    found = await the_round(harbor)
    act_on = [Pressed(act("cohort.go", found.id, found.version))] * 2
    mentor_too, mentee_too = chance.choice(mentors), chance.choice(mentees)
    of_hand = (await harbor.person(mentee_too)).id, (await harbor.person(mentor_too)).id
    first, _, second = await asyncio.gather(
        olu.asks(act_on[0]), pairs_up(olu, mentor_too, mentee_too), pia.asks(act_on[1])
    )
    said = (first, second)

    assert sorted("Published" in words(each) for each in said) == [False, True]

    async with harbor.store.records(harbor.id) as records:
        made = await records.pairs.all_live()
        everyone = {member.person.id: member for member in await records.people.roster()}
        assert await records.rounds.current() is None
    assert len({(pair.mentee, pair.mentor) for pair in made}) == len(made)
    for pair in made:
        mentee, mentor = everyone[pair.mentee].mentee, everyone[pair.mentor].mentor
        assert mentee
        assert mentor
        assert mentor.load <= (mentor.profile.capacity or 0)
        assert sum(each.mentee == pair.mentee for each in made) <= harbor.app.pace.mentors_each
        if (pair.mentee, pair.mentor) != of_hand:
            assert (pair.mentee, pair.mentor) != kept_apart
            assert mentor.person.away_until is None
            assert not bars_unasked(mentee, mentor, today=harbor.clock.now().date(), zone=NEW_YORK)
