"""Tables that mean harm or are broken: a clear word at the row, and nothing falls over."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaigns.posts.exchange import importing
from campaigns.posts.exchange.columns import TABLE
from campaigns.posts.exchange.importing import posts_in
from commons.accounts.models import User
from commons.db import db
from commons.sheets import files
from commons.sheets.models import Outcome
from tests.campaigns.posts.exchange.tables import a_csv
from tests.campaigns.posts.exchange.test_exchange import posts, upload
from tests.campaigns.posts.exchange.test_rights import taken_in
from tests.campaigns.posts.factories import make_post
from tests.factories import sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    sign_in(client, author)
    return client


def test_characters_that_no_database_keeps_are_a_broken_cell(client: FlaskClient) -> None:
    content = b"text,labels,no\x00thing\nfine,tea,\nte\x00a,,\n,te\x00a,\n"
    page = client.get(upload(client, content, "po\x00sts.csv")).text
    assert page.count("There is a character in it that no text can hold.") == 2
    assert "Import 1 row" in page


def test_a_row_that_cannot_be_read_comes_back_with_its_cells_to_be_mended(client: FlaskClient) -> None:
    address = upload(client, b"text,labels\nspring tea, first pick,tea\n")
    assert "spring tea" in client.get(address).text
    table = client.get(f"{address}/refused.csv", buffered=True).text.lstrip("\ufeff")
    rows = {row["Text"]: row["What is wrong"] for row in csv.DictReader(io.StringIO(table))}
    assert "3 cells under 2 headings" in rows["spring tea"]


def test_a_table_of_very_many_columns_names_only_the_first_of_them() -> None:
    table = files.read(a_csv(["text", *map(str, range(5000))], ["tea"]), TABLE)
    assert len(table.ignored) == files.MOST_IGNORED


def test_an_error_of_ours_ends_the_row_with_a_word_and_leaves_the_others(
    author: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = taken_in(author, ["text"], ["一"], ["二"])
    posts_in.confirm(found, by=author, at=at)
    db.session.commit()
    first, second = posts_in.waiting_rows(found)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "carry_out", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            posts_in.write_or_give_up(first, at)
    posts_in.write_or_give_up(second, at)
    row, other = posts_in.rows_of(found)
    assert (row.outcome, other.outcome) == (Outcome.REFUSED, Outcome.WRITTEN)
    assert "Something broke on our side" in row.problems[0][1]["en"]
    assert (posts(), posts_in.waiting_rows(found)) == (1, [])


def test_odd_words_in_the_address_of_the_export_do_no_harm(client: FlaskClient, author: User) -> None:
    make_post(author)
    odd = "endpoint=x&_scheme=javascript&_external=1&_anchor=x&tab=draft"
    page = client.get(f"/posts/export?{odd}")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert 'href="/posts/export.csv?tab=draft"' in page.text


def test_the_export_keeps_what_the_list_was_narrowed_to(client: FlaskClient, author: User) -> None:
    make_post(author)
    page = client.get("/posts/export?channel=abc&label=def&tab=review").text
    assert '<input type="hidden" name="channel" value="abc">' in page
    assert '<input type="hidden" name="label" value="def">' in page
    assert '<option value="review" selected>' in page
