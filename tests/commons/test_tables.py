"""Tables for a spreadsheet, as they leave the house."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from commons.sheets.formulas import unguarded
from commons.tables import csv_answer, csv_lines


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
