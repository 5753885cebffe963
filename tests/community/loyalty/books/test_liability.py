"""What is still owed in points, by month, now and at an earlier moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from commons.money import Money
from community.loyalty import ledger, pending
from community.loyalty.books import reconciling
from community.loyalty.books.liability import Line, end_of, liability, worth
from community.loyalty.models import Currency, LedgerEntry
from community.members.models import Member
from tests.factories import NOON, make_fan

SHANGHAI = "Asia/Shanghai"


def earn(member: Member, amount: int, key: str, expires: datetime | None = None, **more: datetime) -> LedgerEntry:
    return ledger.earn(member, Currency.POINTS, amount, key=key, at=NOON, expires_at=expires, **more)


def lines(
    at: datetime = NOON, zone: str = SHANGHAI, *, past: bool = False
) -> list[tuple[str, date | None, int, int, int]]:
    found = liability(at, zone, past=past).lines
    return [(line.kind, line.month, line.available, line.pending, line.members) for line in found]


def test_points_stand_in_the_month_in_which_they_expire_where_the_brand_is(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿木")
    in_april_in_shanghai = datetime(2026, 3, 31, 17, tzinfo=UTC)
    earn(fan, 10, "a", in_april_in_shanghai)
    earn(other, 5, "b", datetime(2026, 4, 20, tzinfo=UTC))
    earn(other, 4, "c", datetime(2026, 6, 1, tzinfo=UTC))
    earn(fan, 3, "d")

    assert lines() == [
        ("month", date(2026, 4, 1), 15, 0, 2),
        ("month", date(2026, 6, 1), 4, 0, 1),
        ("never", None, 3, 0, 1),
    ]
    assert lines(zone="UTC")[0] == ("month", date(2026, 3, 1), 10, 0, 1)


def test_pending_overdue_and_owed_are_told_apart_and_growth_is_left_out(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿木")
    earn(fan, 10, "a", NOON + timedelta(days=1))
    earn(fan, 6, "p", available_at=NOON + timedelta(days=30))
    ledger.earn(fan, Currency.GROWTH, 99, key="g", at=NOON)
    ledger.spend(other, 2, key="s", at=NOON, allow_negative=True)

    found = liability(NOON + timedelta(days=2), SHANGHAI)

    assert found.lines == [
        Line("overdue", None, 10, 0, 1), Line("never", None, 0, 6, 1), Line("owed", None, -2, 0, 1),
    ]  # fmt: skip
    assert (found.available, found.pending, found.points) == (8, 6, 14)


def test_all_months_together_are_what_all_accounts_hold(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿木")
    for number, days in enumerate((1, 40, 80, 400, 4000, 9000, None)):
        expires = NOON + timedelta(days=days) if days else None
        earn((fan, other)[number % 2], 10 + number, f"e{number}", expires)
    earn(fan, 6, "p", NOON + timedelta(days=90), available_at=NOON + timedelta(days=30))
    ledger.spend(other, 15, key="s", at=NOON)
    ledger.spend(fan, 500, key="o", at=NOON, allow_negative=True)

    for zone in (SHANGHAI, "UTC", "America/New_York"):
        found = liability(NOON, zone)

        held = reconciling.totals()[Currency.POINTS.value]
        assert (found.available, found.pending) == (held["balance"], held["pending"])
        assert sum(line.points for line in found.lines) == held["balance"] + held["pending"]


def test_the_past_is_told_as_it_stood_then(app: Flask) -> None:
    fan = make_fan()
    earn(fan, 10, "a")
    entry = earn(fan, 6, "p", available_at=NOON + timedelta(days=30))
    before = lines()

    ledger.spend(fan, 4, key="s", at=NOON + timedelta(days=1))
    pending.prove(entry, at=NOON + timedelta(days=2))
    ledger.earn(fan, Currency.POINTS, 5, key="later", at=NOON + timedelta(days=3))

    assert lines(NOON + timedelta(hours=1), past=True) == before
    assert lines(NOON + timedelta(days=1, hours=1), past=True) == [("never", None, 6, 6, 1)]
    assert lines(NOON + timedelta(days=3)) == [("never", None, 17, 0, 1)]


def test_a_day_is_over_when_it_is_over_there(app: Flask) -> None:
    assert end_of(date(2026, 3, 31), SHANGHAI) == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_what_points_are_worth_is_rounded_to_the_even_minor_unit(app: Flask) -> None:
    assert [worth(points, Money(50)).minor for points in (1, 3, 5, 100, -3)] == [0, 2, 2, 50, -2]
