"""What becomes of those who joined at one time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.insights import cohorts
from commons.permissions import Role
from community.circle.checking_in import check_in
from community.seed_users import retention
from community.seed_users.models import Unit
from tests.campaigns.insights.factories import order
from tests.factories import make_fan, make_staff, sign_in

SHANGHAI = "Asia/Shanghai"
JANUARY = datetime(2026, 1, 10, 4, tzinfo=UTC)


@pytest.fixture
def joined(client: FlaskClient, at: datetime) -> FlaskClient:
    """Five joined in January: two come back in February, one orders for 100 in January and 50 in March."""
    fans = [make_fan(f"茶友{number}", JANUARY) for number in range(5)]
    for fan in fans[:2]:
        check_in(fan, JANUARY + timedelta(days=31))
    order(fans[0].public_id, JANUARY + timedelta(days=1), minor=10000)
    order(fans[0].public_id, at - timedelta(hours=1), minor=5000)
    order("stranger@example.org", at - timedelta(hours=1), minor=99900)
    retention.count(Unit.MONTH, at, SHANGHAI)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    return client


def test_value_adds_up_over_the_periods_for_each_who_joined(joined: FlaskClient, at: datetime) -> None:
    cohort = next(one for one in cohorts.values(Unit.MONTH, at, SHANGHAI) if one.first.month == 1)

    assert cohort.people == 5
    assert cohort.orders == [1, 1, 2]
    assert [cohort.amount_each(number).minor for number in range(3)] == [2000, 2000, 3000]


@pytest.mark.parametrize(
    ("more", "rows"),
    [("", 5), ("&later=1", 2), ("&later=2", 0), ("&later=0&of=value", 1), ("&later=2&of=value", 2)],
)
def test_behind_each_cell_stand_as_many_rows(joined: FlaskClient, more: str, rows: int) -> None:
    found = joined.get(f"/insights/cohorts/rows.csv?unit=month&first=2026-01-01{more}", buffered=True)

    assert len(found.text.splitlines()) == rows + 1
    assert joined.get(f"/insights/cohorts/rows?unit=month&first=2026-01-01{more}").status_code == 200


@pytest.mark.parametrize(
    "args", ["", "first=2026-01-02", "first=2026-01-01&later=7", "first=2026-01-01&later=x", "first=x"]
)
def test_a_cell_that_there_is_not_is_not_there(joined: FlaskClient, args: str) -> None:
    assert joined.get(f"/insights/cohorts/rows?{args}").status_code == 404


def test_the_page_shows_both_tables_and_gives_them_as_files(joined: FlaskClient) -> None:
    page = joined.get("/insights/cohorts").text

    assert "CN¥20.00" in page
    assert "40%" in page
    assert "2026-01-01,5,CNY,20.00,20.00,30.00" in joined.get("/insights/cohorts.csv", buffered=True).text
    assert joined.get("/insights/cohorts.xlsx").data[:2] == b"PK"
