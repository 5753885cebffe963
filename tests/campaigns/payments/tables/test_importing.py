"""Paid orders out of tables: looked at first, counted once, and what fits nothing is kept for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from flask import Flask

from campaigns.payments.models import Misfit, Payment, PaymentState
from campaigns.payments.tables.importing import paid_orders
from campaigns.payments.tables.models import PaymentImport, PaymentImportRow
from commons import jobs
from commons.accounts.models import User
from commons.sheets.models import Outcome, Verdict
from tests.campaigns.payments.factories import asked, mismatches, receipts
from tests.campaigns.posts.exchange.tables import a_csv, an_xlsx
from tests.factories import make_staff

HEAD = ["Order number", "Payment reference", "Amount", "Currency", "Paid"]


@pytest.fixture
def by(app: Flask, at: datetime) -> User:
    return make_staff(language="en", zone="Asia/Shanghai")


@pytest.fixture
def payment(app: Flask, at: datetime) -> Payment:
    return asked(at, provider="shop")


def taken_in(by: User, at: datetime, *rows: Sequence[str], head: Sequence[str] = HEAD) -> PaymentImport:
    return paid_orders.open("orders.csv", a_csv(head, *rows), by=by, at=at)


def written(found: PaymentImport, by: User, at: datetime) -> list[PaymentImportRow]:
    paid_orders.confirm(found, by=by, at=at)
    jobs.drain(at)
    return list(paid_orders.rows_of(found))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_counts_before_it_is_confirmed_and_then_once(
    by: User, payment: Payment, at: datetime, kind: str
) -> None:
    row = ["A-1", payment.public_id.upper(), "128.00", "cny", "2026-03-01 18:30"]
    found = paid_orders.open(f"o.{kind}", a_csv(HEAD, row) if kind == "csv" else an_xlsx(HEAD, row), by=by, at=at)
    assert receipts(payment) == []

    assert [one.outcome for one in written(found, by, at)] == [Outcome.WRITTEN]
    assert (payment.state, [one.paid_at for one in receipts(payment)]) == (
        PaymentState.PAID,
        [datetime(2026, 3, 1, 10, 30, tzinfo=UTC)],
    )
    again = taken_in(by, at, row)
    assert [one.verdict for one in paid_orders.rows_of(again)] == [Verdict.SAME]
    assert [one.outcome for one in written(again, by, at)] == [Outcome.UNCHANGED]
    assert len(receipts(payment)) == 1


def test_chinese_headings_are_understood(by: User, payment: Payment, at: datetime) -> None:
    head = ["订单编号", "买家留言", "实付金额", "支付时间"]

    rows = written(taken_in(by, at, ["1", payment.public_id, "128", "2026年3月1日"], head=head), by, at)

    assert [one.outcome for one in rows] == [Outcome.WRITTEN]


def test_what_fits_nothing_is_shown_and_then_kept_for_a_person(by: User, payment: Payment, at: datetime) -> None:
    found = taken_in(
        by,
        at,
        ["A-1", "nobody", "128.00", "", ""],
        ["A-2", payment.public_id, "100.00", "", ""],
        ["A-3", payment.public_id, "128.00", "USD", ""],
    )
    assert [(row.verdict, row.changes[0][0]) for row in paid_orders.rows_of(found)] == [
        (Verdict.CHANGED, "reference"),
        (Verdict.CHANGED, "amount"),
        (Verdict.CHANGED, "currency"),
    ]

    written(found, by, at)

    assert [one.reason for one in mismatches()] == list(Misfit)
    assert receipts(payment) == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "x", "1", "", ""], "order"),
        (["A-1", "x", "0", "", ""], "amount"),
        (["A-1", "x", "-1", "", ""], "amount"),
        (["A-1", "x", "", "", ""], "amount"),
        (["A-1", "x", "1", "¥", ""], "amount"),
        (["A-1", "x", "1", "", "2027-01-01"], "paid"),
    ],
)
def test_a_row_that_makes_no_sense_says_which_cell(by: User, at: datetime, row: list[str], column: str) -> None:
    (found,) = paid_orders.rows_of(taken_in(by, at, row))

    assert (found.verdict, [problem[0] for problem in found.problems]) == (Verdict.BROKEN, [column])


def test_of_two_rows_with_one_number_the_first_counts(by: User, payment: Payment, at: datetime) -> None:
    row = ["A-1", payment.public_id, "128.00", "", ""]

    assert [one.verdict for one in paid_orders.rows_of(taken_in(by, at, row, row))] == [Verdict.NEW, Verdict.BROKEN]


def test_a_number_that_was_counted_for_another_payment_stays_there(by: User, payment: Payment, at: datetime) -> None:
    other = asked(at, provider="shop")
    written(taken_in(by, at, ["A-1", payment.public_id, "128.00", "", ""]), by, at)

    (row,) = paid_orders.rows_of(taken_in(by, at, ["A-1", other.public_id, "128.00", "", ""]))

    assert (row.verdict, other.state) == (Verdict.BROKEN, PaymentState.WAITING)
