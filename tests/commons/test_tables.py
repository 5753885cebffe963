"""Tables for a spreadsheet, as they leave the house."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from commons.sheets.formulas import unguarded
from commons.tables import Table, csv_answer, csv_lines, table_answer, workbook


def cells(*rows: list[object]) -> list[list[str]]:
    text = "".join(csv_lines(rows))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_spreadsheet_takes_words_for_a_formula(start: str) -> None:
    assert cells([f"{start}1+1"]) == [[f"'{start}1+1"]]


@pytest.mark.parametrize("words", ["=1", "'=1", "''=1", "'tis", "tea, first pick", "a\nb", ""])
def test_an_import_reads_the_same_words_again(words: str) -> None:
    assert [unguarded(cell) for cell in cells([words])[0]] == [words]


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert cells([-5, 2.5, None]) == [["-5", "2.5", ""]]


def test_the_file_has_a_name_and_the_mark_by_which_excel_knows_its_encoding(app: Flask) -> None:
    with app.test_request_context():
        answer = csv_answer([["茶"]], "teas")
        assert answer.headers["Content-Disposition"] == "attachment; filename=teas.csv"
        assert answer.get_data().decode("utf-8-sig").strip() == "茶"


def test_several_tables_stand_in_one_file_each_under_its_title(app: Flask) -> None:
    tables: list[Table] = [("Teas", [["name"], ["龙井"]]), ("Cups", [["size"], [2]])]
    with app.test_request_context():
        words = table_answer("csv", iter(tables), "shop").get_data().decode("utf-8-sig")
        book = table_answer("xlsx", iter(tables), "shop")
        book.direct_passthrough = False

    assert words.splitlines() == ["Teas", "name", "龙井", "", "Cups", "size", "2"]
    sheets = load_workbook(io.BytesIO(book.get_data()))
    assert {sheet.title: list(sheet.values) for sheet in sheets} == {
        "Teas": [("name",), ("龙井",)],
        "Cups": [("size",), (2,)],
    }


def test_one_table_alone_needs_no_title(app: Flask) -> None:
    with app.test_request_context():
        assert table_answer("csv", [("Teas", [["name"]])], "teas").get_data().decode("utf-8-sig").strip() == "name"


def test_columns_are_as_wide_as_they_should_and_long_words_go_on_below() -> None:
    sheet = load_workbook(workbook([("Teas", [["name", "words"], ["龙井", "long"]])], widths=[14, 60])).worksheets[0]

    assert (sheet.column_dimensions["B"].width, sheet["B2"].alignment.wrap_text) == (60, True)
