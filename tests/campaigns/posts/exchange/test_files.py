"""Files as people have them, and as somebody might make them on purpose."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from campaigns.posts.exchange import showing
from campaigns.posts.exchange.columns import TABLE
from commons.sheets import files, formulas, xlsx_file
from commons.sheets.cells import Unreadable
from tests.campaigns.posts.exchange.tables import a_csv, an_xlsx, with_part

ROWS = (["正文", "时间"], ["第一泡，来了", "2026-03-02 10:00"], ["", ""], ["第二泡\n还有", ""])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _words(app: Flask) -> None:
    """Refusals are in somebody's language."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding: str) -> None:
    for delimiter in (",", ";", "\t"):
        table = files.read(a_csv(*ROWS, encoding=encoding, delimiter=delimiter), TABLE)

        assert [(line.number, line.values["text"], line.values["when"]) for line in table.lines] == [
            (2, "第一泡，来了", "2026-03-02 10:00"),
            (4, "第二泡\n还有", ""),
        ]


def test_an_excel_file_is_read_by_what_it_is_not_by_its_name() -> None:
    table = files.read(an_xlsx(["Text", "Labels", "Price"], ["Tea", 7, ""], ["=1+1", 2.5, ""]), TABLE)

    assert table.ignored == ["Price"]
    assert table.lines[0].values == {"text": "Tea", "labels": "7"}
    assert table.lines[1].wrong[0][0] == "text"


def test_a_row_with_too_many_cells_and_an_open_quotation_mark_are_broken_rows() -> None:
    content = 'text,labels\nokay,tea\ntoo,many,cells\nfine,\n"never closed,tea\n'
    table = files.read(content.encode(), TABLE)

    assert [bool(line.wrong) for line in table.lines] == [False, True, False, True]


def test_a_cell_that_begins_like_a_formula_is_noticed() -> None:
    signs = ["=", "+", "-", "@", "\t", "\r"]
    lines = files.read(a_csv(["text", "id"], *[[f"{sign}SUM(A1)", ""] for sign in signs]), TABLE).lines

    assert [line.like_formulas for line in lines] == [["text"]] * len(signs)


@given(st.text(alphabet="'=+-@a \t", max_size=6))
def test_whatever_is_guarded_on_the_way_out_comes_back_unchanged(cell: str) -> None:
    assert formulas.unguarded(formulas.guarded(cell)) == cell
    assert not formulas.is_like_one(formulas.guarded(cell))


@given(st.lists(st.text(alphabet="-\\ab\n", min_size=1, max_size=8).map(str.strip).filter(bool), max_size=4))
def test_parts_come_back_from_their_cell(parts: list[str]) -> None:
    assert showing.parts_in(showing.parts_cell(parts)) == parts


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"\xff\xfe\xfd\x81\x81", b"nothing,known\n1,2", b"text,text\na,b", b"text\n", b"PK\x03\x04broken",
     b"\xd0\xcf\x11\xe0 an old one", b"text\n" + b"x" * 6_000_000, b"text\n" + b"tea\n" * 2001],
    ids=["empty", "blank", "no text", "no headings", "twice", "no rows", "broken zip", "old", "too large", "too many"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        files.read(content, TABLE)
    assert refusal.value.message


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_UNPACKED", 200_000)
    bomb = with_part(an_xlsx(["text"], ["tea"]), SHEET, b" " * 300_000)

    with pytest.raises(Unreadable):
        files.read(bomb, TABLE)


def test_a_sheet_that_names_entities_or_stands_far_below_is_refused() -> None:
    book = an_xlsx(["text"], ["tea"])
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    far = (
        sheet % b'<row r="1"><c r="A1" t="str"><v>text</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    )

    for part in (laughs, far):
        with pytest.raises(Unreadable):
            files.read(with_part(book, SHEET, part), TABLE)
