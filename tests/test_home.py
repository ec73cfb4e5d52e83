"""Where someone stands: their home, and each of their pairs with all that can be done about it."""

from bot.model import DAY
from bot.ports import Opened, Pressed
from bot.ui import Action, Form, Private
from tests.society import Society, words


async def test_a_newcomers_home_says_how_to_begin(harbor: Society) -> None:
    someone = await harbor.visitor("Nia Cole")
    assert "[I'd like a mentor]" in words(await someone.asks(Opened()))
    assert isinstance(await someone.presses("I'd like a mentor"), Form)
    assert "isn't finished yet" in words(await someone.calls("home"))
    assert isinstance(await someone.presses("Go on"), Form)


async def test_a_mentee_sees_their_next_step_as_it_moves(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    assert "You have no mentor yet" in words(await ana.calls("home"))
    assert "[Ask Ben]" in words(await ana.presses("See who fits"))
    await harbor.asked(ana, ben)
    assert "Ben has your request" in words(await ana.calls("home"))
    assert "[Accept]" in words(await ben.calls("home"))
    await ben.presses("Accept")
    assert "Ben Okafor, your mentor" in words(await ana.calls("home"))


async def test_what_is_offered_about_a_pair_depends_on_whether_it_rests(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    shown = words(await ana.calls("my-pairs"))
    assert "Pause" in shown
    assert "What we expect of each other" in shown
    assert isinstance(await ana.presses("What we expect of each other"), Form)
    await ana.presses("Pause")
    await ana.presses("4 weeks")
    shown = words(await ana.calls("my-pairs"))
    assert "Less often" not in shown
    assert "Not a fit" in shown


async def test_many_pairs_are_listed_and_one_is_chosen(harbor: Society) -> None:
    ben = await harbor.mentor(capacity=6)
    for name in ("Ana Ruiz", "Bo Lind", "Cy Park", "Di Ward"):
        await harbor.paired(await harbor.mentee(name), ben)
        await harbor.later(DAY)
    listed = words(await ben.calls("my-pairs"))
    assert "• Di Ward, your mentee" in listed
    assert "[I wrote]" not in listed
    assert "Cy Park, your mentee" in words(await ben.presses("Cy Park"))
    await ben.presses("I wrote")


async def test_an_officers_home_tells_what_waits(harbor: Society) -> None:
    olu = await harbor.officer()
    assert "Nothing needs you" in words(await olu.asks(Opened()))
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.calls("my-pairs")
    await ana.presses("I need a hand")
    await olu.calls("home")
    assert "Ana Ruiz and Ben Okafor" in words(await olu.presses("Open the queue"))
    assert "officers" in words(await ana.asks(Pressed(Action("queue.open"))))


async def test_a_menu_choice_that_was_never_offered_changes_nothing(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    pair = await harbor.paired(ana, ben)
    eve = await harbor.mentee("Eve Lund")
    for chosen in (f"ending.end:{pair.id}", "", "no such thing", "go", "queue.open"):
        answer = await eve.asks(Pressed(Action("go", ("1",)), (chosen,)))
        assert isinstance(answer, Private)
        assert "Nothing was changed" in words(answer) or "officers" in words(answer)
    assert len(await harbor.pairs(ana)) == 1


async def test_who_is_found_already_and_has_a_gap_is_told_where(harbor: Society) -> None:
    ben = await harbor.mentor(adult=None)
    assert "There is a gap in your profile, under “About you”." in words(await ben.calls("home"))


async def test_who_has_no_pair_is_told_what_comes_next_in_whatever_role(harbor: Society) -> None:
    for someone in (await harbor.mentee(), await harbor.mentor()):
        assert words(await someone.calls("my-pairs")) == "No pair yet. What comes next: /home"
