"""Officers' sheets: whatever members call themselves stays text, and what is theirs alone is not in them."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.workbook import FORMULA, Table, as_csv, as_workbook, harmless

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("https://x.example","y")', '","=1', "＝1"]  # noqa: RUF001
)


@given(WORDS)
def test_nothing_that_begins_like_a_formula_is_written(words: str) -> None:
    (_, row) = csv.reader(io.StringIO(as_csv(Table("T", ("Name",), ((words,),))).decode("utf-8-sig"), newline=""))
    assert not row[0].lstrip(" ").startswith(FORMULA)
    assert row[0] in (words, f"'{words}")


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_every_text_of_a_workbook_is_text(words: list[str]) -> None:
    book = load_workbook(io.BytesIO(as_workbook([Table("T", ("a",) * len(words), (tuple(words),))])))
    for cell in next(book["T"].iter_rows(min_row=2), ()):
        assert cell.data_type in ("s", "inlineStr", "n")
        assert cell.value is None or isinstance(cell.value, str)
        assert not str(cell.value or "").lstrip(" ").startswith(FORMULA)


def test_what_is_harmless_stays_as_it_is() -> None:
    assert [harmless(each) for each in ("Ana Ruiz", "O'Neill", "", 3, None)] == ["Ana Ruiz", "O'Neill", "", 3, None]
