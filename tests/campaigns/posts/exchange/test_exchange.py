"""A table in, with a look at every row; and out again, to come back as the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.posts import writing
from campaigns.posts.exchange import leaving
from campaigns.posts.exchange.importing import posts_in
from campaigns.posts.exchange.models import PostImport, PostImportRow
from campaigns.posts.labelling import labels_named
from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.sheets.models import Outcome, Verdict
from commons.tables import csv_lines, workbook
from community.channels.accounts import circle_account
from tests.campaigns.factories import a_link, make_campaign
from tests.campaigns.posts.exchange.tables import a_csv, an_xlsx
from tests.campaigns.posts.factories import make_post
from tests.factories import sign_in

SHANGHAI = "Asia/Shanghai"
HEAD = ["id", "text", "channels", "when", "zone", "state"]


def taken_in(by: User, *rows: Sequence[str]) -> PostImport:
    return posts_in.open("posts.csv", a_csv(*rows), zone=SHANGHAI, by=by, at=clock.now())


def verdicts(found: PostImport) -> list[str]:
    return [row.verdict.value for row in posts_in.rows_of(found)]


def written(found: PostImport, by: User) -> list[PostImportRow]:
    posts_in.confirm(found, by=by, at=clock.now())
    jobs.drain(clock.now())
    return list(posts_in.rows_of(found))


def delivery_of(post: BrandPost) -> Delivery:
    found = scheduling.delivery_of(post, circle_account())
    assert found is not None
    return found


def posts() -> int:
    return db.session.scalar(select(func.count()).select_from(BrandPost)) or 0


def everything(by: User, at: datetime) -> list[BrandPost]:
    """Posts of every kind: a full one, texts like formulas, planned, cancelled, out."""
    campaign = make_campaign()
    full = make_post(by, text="@小满 的\n第一泡", campaign=campaign, link=a_link())
    draft = Draft.of(full)
    more = {
        "more": ["第二条", "---\n第三条"],
        "first_comment": "=1+1",
        "labels": labels_named(["春茶", "五一 假期"], at),
    }
    writing.save(full, Draft(**{**draft.__dict__, **more}), revision=full.revision, by=by, at=at)
    texts = ["=cmd|' /C calc'!A0", "'=already guarded", "-5 度", "普通的", "发出去的"]
    plain = [make_post(by, text=text) for text in texts]
    tomorrow = datetime(2026, 3, 2, 10)
    for post in plain[:3]:
        scheduling.schedule_all(post, tomorrow, "Europe/Berlin", by=by, at=at)
    scheduling.cancel(delivery_of(plain[1]), by=by, at=at)
    scheduling.publish_now(plain[4], circle_account(), SHANGHAI, by=by, at=at)
    jobs.drain(at)
    return [full, *plain]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_comes_back_as_the_same_everywhere(author: User, at: datetime, kind: str) -> None:
    ids = [post.id for post in everything(author, at)]
    rows = leaving.table(ids)
    content = (
        "".join(csv_lines(rows)).encode() if kind == "csv" else workbook([("Posts", rows)], leaving.WIDTHS).getvalue()
    )

    found = posts_in.open(f"posts.{kind}", content, zone="America/New_York", by=author, at=at)

    assert [(row.verdict, row.problems, row.changes) for row in posts_in.rows_of(found)] == [
        (Verdict.SAME, [], [])
    ] * len(ids)
    assert {row.outcome for row in written(found, author)} == {Outcome.UNCHANGED}


def test_no_exported_cell_is_a_formula(author: User, at: datetime) -> None:
    ids = [post.id for post in everything(author, at)]

    cells = [cell for line in leaving.table(ids) for cell in line]
    assert any(cell.startswith("=cmd") for cell in cells)
    assert "=cmd" not in "".join(csv_lines(leaving.table(ids))).replace("'=cmd", "")


def test_new_rows_become_drafts_or_are_planned_as_they_say(author: User, at: datetime) -> None:
    found = taken_in(
        author,
        HEAD,
        ["", "草稿一份", "", "", "", ""],
        ["", "排好的", "circle", "2026-03-02 10:00", "Europe/Berlin", "scheduled"],
        ["", "没写时区的", "", "2026/3/2 9:05", "", "已排期"],
    )
    assert verdicts(found) == ["new", "new", "new"]
    assert posts() == 0

    draft, planned, nowhere = (row.post for row in written(found, author))

    assert draft is not None
    assert scheduling.delivery_of(draft, circle_account()) is None
    assert planned is not None
    assert delivery_of(planned).due_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert nowhere is not None
    assert delivery_of(nowhere).due_at == datetime(2026, 3, 2, 1, 5, tzinfo=UTC)


def test_a_changed_row_shows_its_diff_and_changes_only_what_is_in_the_file(author: User, at: datetime) -> None:
    post = make_post(author, text="旧的话", campaign=make_campaign())
    scheduling.schedule_all(post, datetime(2026, 3, 2, 10), SHANGHAI, by=author, at=at)
    found = taken_in(author, ["id", "text", "when"], [post.public_id, "新的话", "2026-03-03 11:30"])
    (row,) = posts_in.rows_of(found)
    assert row.changes == [["text", "旧的话", "新的话"], ["when", "2026-03-02 10:00", "2026-03-03 11:30"]]

    (row,) = written(found, author)

    assert (row.outcome, post.text, post.campaign is not None) == (Outcome.WRITTEN, "新的话", True)
    assert delivery_of(post).wall_clock == "2026-03-03T11:30:00"


def test_an_emptied_time_makes_a_draft_and_a_state_can_cancel(author: User, at: datetime) -> None:
    first, second = make_post(author, text="一"), make_post(author, text="二")
    for post in (first, second):
        scheduling.schedule_all(post, datetime(2026, 3, 2, 10), SHANGHAI, by=author, at=at)
    found = taken_in(
        author, ["id", "when", "state"], [first.public_id, "", ""], [second.public_id, "2026-03-02 10:00", "cancelled"]
    )

    assert {row.outcome for row in written(found, author)} == {Outcome.WRITTEN}
    assert (delivery_of(first).state, delivery_of(second).state) == (DeliveryState.DRAFT, DeliveryState.CANCELLED)


BROKEN = [
    (["nosuchpost22", "x", "", "", "", ""], "id"),
    (["", "", "", "", "", ""], "text"),
    (["", "x", "friendster", "", "", ""], "channels"),
    (["", "x", "", "tomorrow", "", ""], "when"),
    (["", "x", "", "2026-02-30 10:00", "", ""], "when"),
    (["", "x", "", "2020-01-01 10:00", "", ""], "when"),
    (["", "x", "", "2026-03-02 10:00", "Mars/Olympus", ""], "zone"),
    (["", "x", "", "", "", "published"], "state"),
    (["", "x", "", "", "", "scheduled"], "when"),
    (["", "x", "", "2026-03-02 10:00", "", "draft"], "when"),
    (["", "=HYPERLINK(1)", "", "", "", ""], "text"),
    (["", "x" * 20_001, "", "", "", ""], "text"),
]


def test_a_broken_row_says_in_which_column_and_the_others_are_written(author: User, at: datetime) -> None:
    table = [[*row, "x"] for row, _column in BROKEN]
    found = taken_in(author, [*HEAD, "labels"], *table, ["", "好的一行", "", "", "", "", ""])
    *broken, fine = posts_in.rows_of(found)

    assert [[name for name, _words in row.problems] for row in broken] == [[column] for _row, column in BROKEN]
    assert {row.verdict for row in broken} == {Verdict.BROKEN}
    assert fine.verdict is Verdict.NEW

    outcomes = [row.outcome for row in written(found, author)]

    assert outcomes == [Outcome.REFUSED] * len(BROKEN) + [Outcome.WRITTEN]
    assert posts() == 1


def test_what_the_channel_would_refuse_is_said_before_anything_is_confirmed(author: User, at: datetime) -> None:
    found = taken_in(author, HEAD, ["", "长" * 20_000, "", "2026-03-02 10:00", "", "scheduled"])

    (row,) = posts_in.rows_of(found)
    assert (row.verdict, posts()) == (Verdict.BROKEN, 0)


def test_cells_like_formulas_can_be_taken_as_plain_words(author: User, at: datetime) -> None:
    found = taken_in(author, HEAD, ["", "@小满 早上好", "", "", "", ""])
    assert verdicts(found) == ["broken"]

    posts_in.compare_again(found, True, by=author, at=at)
    (row,) = written(found, author)

    assert row.post is not None
    assert row.post.text == "@小满 早上好"


def test_a_post_that_is_out_or_was_saved_meanwhile_is_not_overwritten(author: User, at: datetime) -> None:
    out, meanwhile = make_post(author, text="发出去"), make_post(author, text="原来的")
    scheduling.publish_now(out, circle_account(), SHANGHAI, by=author, at=at)
    jobs.drain(at)
    found = taken_in(author, ["id", "text"], [out.public_id, "改写历史"], [meanwhile.public_id, "表里的"])
    assert verdicts(found) == ["broken", "changed"]
    writing.save(meanwhile, Draft("同事的"), revision=meanwhile.revision, by=author, at=at)

    rows = written(found, author)

    assert [row.outcome for row in rows] == [Outcome.REFUSED, Outcome.REFUSED]
    assert rows[1].wrong
    assert (out.text, meanwhile.text) == ("发出去", "同事的")


def test_the_same_post_twice_in_a_table_is_broken_the_second_time(author: User, at: datetime) -> None:
    post = make_post(author)
    found = taken_in(author, ["id", "text"], [post.public_id, "一"], [post.public_id, "二"])

    assert verdicts(found) == ["changed", "broken"]


def test_a_channel_taken_away_is_cancelled_there(author: User, at: datetime) -> None:
    post = make_post(author)
    scheduling.schedule_all(post, datetime(2026, 3, 2, 10), SHANGHAI, by=author, at=at)
    found = taken_in(author, ["id", "channels"], [post.public_id, ""])
    written(found, author)

    assert delivery_of(post).state is DeliveryState.CANCELLED
    assert post.variants == []


def test_confirming_twice_writes_once(author: User, at: datetime) -> None:
    found = taken_in(author, HEAD, ["", "一次", "", "", "", ""])
    written(found, author)

    assert posts_in.confirm(found, by=author, at=at) is False
    jobs.drain(at + timedelta(hours=1))
    assert posts() == 1


# Pages


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    sign_in(client, author)
    return client


def upload(client: FlaskClient, content: bytes, name: str = "posts.csv") -> str:
    answer = client.post("/posts/import", data={"file": (BytesIO(content), name), "zone": SHANGHAI})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_from_a_file_to_the_report(client: FlaskClient) -> None:
    address = upload(client, an_xlsx(["Text", "Labels"], ["春天来了", "春"], ["=1+1", ""]), "posts.xlsx")
    page = client.get(address).text
    assert "Import 1 row" in page
    assert "There is a formula in this cell" in page

    assert client.post(f"{address}/confirm").status_code == 303

    report = client.get(address).text
    assert "Written" in report
    assert "There is a formula in this cell" in client.get(f"{address}/refused.csv", buffered=True).text
    assert "春天来了" in client.get("/posts").text
    assert client.get(f"{address}/progress").status_code == 303


def test_the_same_file_again_is_warned_of(client: FlaskClient) -> None:
    content = a_csv(["text"], ["只此一次"])
    client.post(f"{upload(client, content)}/confirm")

    assert "This file was imported before" in client.get(upload(client, content)).text


def test_many_rows_are_written_in_the_background_with_progress(client: FlaskClient, at: datetime) -> None:
    address = upload(client, a_csv(["text"], *[[f"第 {number} 条"] for number in range(40)]))
    client.post(f"{address}/confirm")
    assert "0 of 40 rows are done" in client.get(address).text

    jobs.drain(at)
    assert posts() == 40


def test_an_unreadable_file_is_refused_at_its_field(client: FlaskClient) -> None:
    for content in (b"", b"\x00\x01\x02", b"PK\x03\x04"):
        answer = client.post("/posts/import", data={"file": (BytesIO(content), "x.csv"), "zone": SHANGHAI})

        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text


def test_the_export_follows_the_filter_of_the_list(client: FlaskClient, author: User, at: datetime) -> None:
    make_post(author, text="留下的草稿")
    scheduling.schedule_all(make_post(author, text="排好的"), datetime(2026, 3, 2, 10), SHANGHAI, by=author, at=at)

    table = client.get("/posts/export.csv?tab=draft", buffered=True).text

    assert "留下的草稿" in table
    assert "排好的" not in table
    assert client.get("/posts/export.xlsx?tab=draft").data.startswith(b"PK")
    assert client.get("/posts/export?tab=draft").status_code == 200
