"""Pictures and papers: they can be opened, have the size of a phone, and say in words what they show."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from bot.model import Society
from bot.pictures import HEIGHT, WIDTH, Shown, mentors_picture, pairs_picture, term_picture
from bot.report import Given, certificates, own_certificate, term_report
from bot.rules.board import Board, Standing, Waits, board
from bot.ui import File
from tests.boards import HARBORVIEW
from tests.rules.test_board import NOW, PACE, SOCIETY, pair_with
from tests.society import NEW_YORK

EMPTY = board(replace(pair_with(), members=(), pairs=()), SOCIETY, NOW, PACE)


def pixels(file: File) -> Image.Image:
    picture = Image.open(io.BytesIO(file.data))
    picture.load()
    return picture


@pytest.mark.parametrize("shown", [HARBORVIEW, EMPTY, board(pair_with(), SOCIETY, NOW, PACE)])
def test_every_picture_opens_and_is_as_wide_as_a_phone(shown: Board) -> None:
    for draw in (pairs_picture, mentors_picture, term_picture):
        file = draw(Shown(shown, NEW_YORK))
        assert pixels(file).size == (WIDTH, HEIGHT)
        assert file.alt


def test_a_picture_says_in_words_what_is_to_be_seen() -> None:
    assert pairs_picture(Shown(HARBORVIEW, NEW_YORK)).alt == (
        "4 of 82 pairs are quiet. 74 of 120 mentees are still in touch. 3 mentees wait longer than promised."
    )
    assert mentors_picture(Shown(HARBORVIEW, NEW_YORK)).alt == (
        "Dermatology: 3 look for a mentor, no place free. 5 of 40 mentors have no mentee."
    )
    assert pairs_picture(Shown(EMPTY, NEW_YORK)).alt == (
        "No pairs yet. 0 of 0 mentees are still in touch. No mentee waits longer than promised."
    )


def test_one_is_spoken_of_as_one() -> None:
    one = replace(HARBORVIEW.now, pairs={**HARBORVIEW.now.pairs, Standing.QUIET: 1})
    waits = Waits(mentees=1, mentees_long=1, mentors=0, mentors_long=0)
    alone = replace(HARBORVIEW, weeks=(*HARBORVIEW.weeks[:-1], one), waits=waits)
    said = pairs_picture(Shown(alone, NEW_YORK)).alt
    assert "1 of 79 pairs is quiet" in said
    assert "One mentee waits longer than promised" in said


HARBOR = Society(1, "Harborview <b>& friends</b>", NEW_YORK)


def test_a_report_opens_names_nobody_and_tells_no_small_number() -> None:
    pdf, html = term_report(HARBORVIEW, HARBOR)
    assert pdf.data.startswith(b"%PDF-")
    words = html.data.decode()
    assert "Harborview &lt;b&gt;&amp; friends&lt;/b&gt;" in words
    assert '<img alt="Fewer than 5 of 82 pairs are quiet.' in words
    rows = dict(re.findall("<tr><th scope=row>(.*?)</th><td>(.*?)</td></tr>", words))
    assert rows["Mentees who joined"] == "120"
    assert rows["Meetings that took place"] == "163"
    assert rows["… heard of within two weeks"] == "14"
    assert rows["Ended: came to its planned end"] == rows["Ended: not enough time"] == "under 5"
    assert not {"1", "2", "3", "4"} & set(rows.values())
    assert "is what they say themselves" in words


def test_a_certificate_is_a_page_each_with_any_name() -> None:
    gave = [Given(1, "Dr. Ana-María Ruiz-Ωmega", 2, 7, 330), Given(2, "Łukasz " * 12, 1, 0, 0)]
    every = certificates(gave, HARBOR.name, HARBORVIEW.term)
    assert every.data.count(b"/Type /Page\n") == 2
    assert own_certificate(gave[0], HARBOR.name, HARBORVIEW.term, numbers=True).data.startswith(b"%PDF-")
