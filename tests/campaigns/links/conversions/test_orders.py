"""Orders out of tables, on screen, and what they say of A/B targets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.links import changing, statistics
from campaigns.links.changing import WantedWay
from campaigns.links.conversions import reading, recording
from campaigns.links.conversions.importing import orders_in
from campaigns.links.conversions.models import Conversion, OrderImport, OrderImportRow, Source
from campaigns.links.conversions.recording import Order
from campaigns.links.counting import write_visits
from campaigns.links.models import Link
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import NotAllowed
from commons.money import Money
from commons.permissions import Role
from commons.sheets.cells import Unreadable
from commons.sheets.models import Outcome, Verdict
from tests.campaigns.factories import a_lead, a_link, visit
from tests.campaigns.posts.exchange.tables import a_csv, an_xlsx
from tests.factories import make_staff, sign_in

HEAD = ["Order number", "Link", "Amount", "Currency", "Ordered"]


@pytest.fixture
def by(app: Flask, at: datetime) -> User:
    return make_staff(language="en", zone="Asia/Shanghai")


def taken_in(by: User, at: datetime, *rows: Sequence[str], head: Sequence[str] = HEAD) -> OrderImport:
    return orders_in.open("orders.csv", a_csv(head, *rows), by=by, at=at)


def written(found: OrderImport, by: User, at: datetime) -> list[OrderImportRow]:
    orders_in.confirm(found, by=by, at=at)
    jobs.drain(at)
    return list(orders_in.rows_of(found))


def orders() -> list[Conversion]:
    return list(db.session.scalars(select(Conversion).order_by(Conversion.id)))


def tell(link: Link, number: str, at: datetime, click: str = "", minor: int = 12800) -> Conversion:
    return recording.record(Order(number, link, Money(minor), at, click), Source.CALL, at)[0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_is_written_before_it_is_confirmed_and_then_each_order_once(by: User, at: datetime, kind: str) -> None:
    link = a_link("/circle", slug="spring")
    row = ["A-1", "spring", "128.00", "cny", "2026-03-01 18:30"]
    found = orders_in.open(f"o.{kind}", a_csv(HEAD, row) if kind == "csv" else an_xlsx(HEAD, row), by=by, at=at)
    assert orders() == []
    assert [one.outcome for one in written(found, by, at)] == [Outcome.WRITTEN]
    (order,) = orders()
    assert (order.link, order.amount, order.ordered_at) == (
        link,
        Money(12800),
        datetime(2026, 3, 1, 10, 30, tzinfo=UTC),
    )
    assert [one.verdict for one in orders_in.rows_of(taken_in(by, at, row))] == [Verdict.SAME]


def test_chinese_headings_and_days_are_understood(by: User, at: datetime) -> None:
    a_link("/circle", slug="春茶")
    found = taken_in(
        by, at, ["1", "/l/春茶", "1,280.5", "2026年2月8日"], head=["订单编号", "短链接", "实付金额", "付款时间"]
    )
    assert [row.outcome for row in written(found, by, at)] == [Outcome.WRITTEN]
    assert (orders()[0].amount, orders()[0].ordered_at) == (Money(128050), datetime(2026, 2, 7, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "spring", "1", "CNY", ""], "order"),
        (["A-1", "nothing", "1", "CNY", ""], "link"),
        (["A-1", "", "1", "CNY", ""], "link"),
        (["A-1", "spring", "much", "CNY", ""], "amount"),
        (["A-1", "spring", "1", "pounds", ""], "amount"),
        (["A-1", "spring", "1", "CNY", "2027-01-01"], "ordered"),
        (["A-1", "spring", "1", "CNY", "someday"], "ordered"),
        (["=1+1", "spring", "1", "CNY", ""], "order"),
    ],
)
def test_a_broken_row_says_at_which_column(by: User, at: datetime, row: list[str], column: str) -> None:
    a_link("/circle", slug="spring")
    (found,) = orders_in.rows_of(taken_in(by, at, row))
    assert found.verdict is Verdict.BROKEN
    assert [name for name, _words in found.problems] == [column]


def test_what_was_told_first_stays(by: User, at: datetime) -> None:
    link = a_link("/circle", slug="spring")
    tell(link, "A-1", at)
    found = taken_in(
        by,
        at,
        ["A-1", "spring", "1.00", "CNY", ""],
        ["A-2", "spring", "1", "CNY", ""],
        ["A-2", "spring", "1", "CNY", ""],
    )
    assert [row.verdict for row in orders_in.rows_of(found)] == [Verdict.BROKEN, Verdict.NEW, Verdict.BROKEN]
    written(found, by, at)
    assert [(one.order, one.amount.minor) for one in orders()] == [("A-1", 12800), ("A-2", 100)]


def test_an_order_that_a_call_told_meanwhile_is_not_doubled(by: User, at: datetime) -> None:
    link = a_link("/circle", slug="spring")
    found = taken_in(by, at, ["A-1", "spring", "128.00", "CNY", ""])
    tell(link, "A-1", at)
    assert [row.outcome for row in written(found, by, at)] == [Outcome.UNCHANGED]
    assert len(orders()) == 1


def test_only_its_maker_confirms_a_table(by: User, at: datetime) -> None:
    a_link("/circle", slug="spring")
    with pytest.raises(NotAllowed):
        orders_in.confirm(taken_in(by, at, ["A-1", "spring", "1", "CNY", ""]), by=a_lead(), at=at)
    with pytest.raises(Unreadable):
        orders_in.open("x.csv", b"nothing\n1", by=by, at=at)


def test_a_table_goes_through_its_pages(client: FlaskClient, by: User, at: datetime) -> None:
    a_link("/circle", slug="spring", title="Spring")
    sign_in(client, by)
    assert client.post("/links/orders/import", data={}).status_code == 422
    file = (io.BytesIO(a_csv(HEAD, ["A-1", "spring", "128", "CNY", ""], ["A-2", "no", "1", "CNY", ""])), "orders.csv")
    address = client.post("/links/orders/import", data={"file": file}, content_type="multipart/form-data").location
    page = client.get(address).text
    assert "Adds an order" in page
    assert "There is no such link" in page
    client.post(f"{address}/confirm")
    assert "What became of every row" in client.get(address).text
    assert [one.order for one in orders()] == ["A-1"]
    assert "A-2" in client.get(f"{address}/refused.csv", buffered=True).text
    listed = client.get("/links/orders").text
    assert "A-1" in listed
    assert "Spring" in listed


def test_the_list_of_orders_pages_and_is_exported(client: FlaskClient, by: User, at: datetime) -> None:
    link, other = a_link("/circle"), a_link("/circle")
    for number in range(31):
        tell(link, f"N-{number:02}", at, minor=100)
    tell(other, "=OTHER", at)
    sign_in(client, by)
    assert "No orders yet" not in client.get("/links/orders").text
    first, second = (client.get(f"/links/orders?link={link.public_id}&page={page}").text for page in (1, 2))
    assert "N-30" in first
    assert "N-00" not in first
    assert "N-00" in second
    lines = client.get("/links/orders.csv", buffered=True).text.splitlines()
    assert len(lines) == 33
    assert any(line.startswith("'=OTHER") for line in lines)
    assert reading.sum_of(link) == reading.Sum(31, [Money(3100)])


def test_who_may_not_see_links_finds_nothing(client: FlaskClient, by: User) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get("/links/orders").status_code == 200
    assert client.get("/links/orders/import").status_code == 404
    assert client.get("/links/orders?link=nothing").status_code == 404


def test_orders_count_for_the_target_whose_click_they_name(client: FlaskClient, by: User, at: datetime) -> None:
    link = a_link("/circle")
    b = changing.add_way(link, WantedWay("/groupbuys", name="B", weight=1), by=by, at=at)
    rows = [visit(link, way_id=b.id if number % 2 else None) for number in range(40)]
    write_visits(rows)
    for number in (1, 3, 5):
        tell(link, f"B-{number}", at, click=rows[number]["uid"])
    tell(link, "A-0", at, click=rows[0]["uid"])
    tell(link, "A-0-again", at, click=rows[0]["uid"])
    tell(link, "nobody", at)
    main, second = statistics.outcomes(link)
    assert (main.people, main.share.hits, second.people, second.share.hits) == (20, 1, 20, 3)
    assert second.against is not None
    assert not second.against.is_settled
    sign_in(client, by)
    page = client.get(f"/links/{link.public_id}").text
    assert "no difference that is more than chance" in page
    assert "15.0%" in page
    sign_in(client, make_staff(language="zh_Hans"))
    assert "15.0%" in client.get(f"/links/{link.public_id}").text
