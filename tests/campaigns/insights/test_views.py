"""The pages: who may open them, what they say when there is nothing, and the report as files."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from commons.permissions import Role
from tests.campaigns.factories import a_link
from tests.campaigns.insights.factories import order
from tests.community.circle.factories import counted_queries
from tests.factories import make_fan, make_staff, sign_in

PAGES = (
    "/insights", "/insights/funnel", "/insights/cohorts", "/insights/definitions", "/insights/report", "/insights/holdouts",
    "/insights/rows/new_customers", "/insights/report.csv", "/insights/report.xlsx", "/insights/cohorts.csv",
)  # fmt: skip


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.CAMPAIGN_LEAD, Role.ADMINISTRATOR])
def test_executives_leads_and_administrators_open_all_pages(client: FlaskClient, at: datetime, role: Role) -> None:
    sign_in(client, make_staff(role))
    assert [client.get(page, buffered=True).status_code for page in PAGES] == [200] * len(PAGES)


@pytest.mark.parametrize("role", [Role.SOCIAL_MANAGER, Role.SERVICE_AGENT, Role.APPROVER])
def test_others_find_nothing_there(client: FlaskClient, at: datetime, role: Role) -> None:
    sign_in(client, make_staff(role))
    assert {client.get(page, buffered=True).status_code for page in PAGES} == {404}


def test_where_nothing_was_ordered_the_page_says_what_to_do(client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    page = client.get("/insights").text

    assert "No orders in this period" in page
    assert "Nobody to take a share of" in page


@pytest.mark.parametrize("args", ["from=2026-03-02&to=2026-03-01", "from=x&to=y", "from=2020-01-01&to=2026-01-01"])
def test_a_period_that_is_none_is_said_and_gives_no_file(client: FlaskClient, at: datetime, args: str) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    answer = client.get(f"/insights?{args}")

    assert answer.status_code == 422
    assert "notice-bad" in answer.text
    assert client.get(f"/insights/report.csv?{args}", buffered=True).status_code == 404


@pytest.mark.parametrize("name", ["nothing", "lift", "retention"])
def test_a_measure_without_rows_here_has_no_page(client: FlaskClient, at: datetime, name: str) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(f"/insights/rows/{name}").status_code == 404


def test_two_people_in_two_zones_read_the_same(client: FlaskClient, at: datetime) -> None:
    order("a@example.org", datetime.fromisoformat("2026-02-28T16:30:00+00:00"))  # the first of March in Shanghai
    told = []
    for zone in ("Asia/Shanghai", "America/Los_Angeles"):
        sign_in(client, make_staff(Role.EXECUTIVE, language="en", zone=zone))
        told.append(client.get("/insights/report.csv?from=2026-03-01&to=2026-03-01", buffered=True).text)

    assert told[0] == told[1]
    assert "New customers,1," in told[0]


def test_the_report_ends_with_the_definitions_in_every_form(client: FlaskClient, at: datetime) -> None:
    order("=cmd@example.org", at)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    words = "Customers whose first order ever falls into the period."

    book = load_workbook(io.BytesIO(client.get("/insights/report.xlsx").data))
    text = client.get("/insights/report.csv", buffered=True).text
    page = client.get("/insights/report").text

    assert book.sheetnames[0] == "Numbers"
    assert book.sheetnames[-1] == "Definitions"
    assert any(words in row for row in book["Definitions"].values)
    assert text.index("Repeat-order share") < text.index(words)
    assert page.index('class="course-plot"') < page.index(words)
    assert 'role="img" aria-label="1 orders from' in page
    assert "data-print" in page


def test_numbers_in_a_workbook_are_numbers(client: FlaskClient, at: datetime) -> None:
    order("a@example.org", at, minor=12850)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    sheet = load_workbook(io.BytesIO(client.get("/insights/rows/orders.xlsx").data)).worksheets[0]
    heads, row = list(sheet.values)

    assert dict(zip(heads, row, strict=True))["Amount"] == 128.5


def test_no_name_and_no_address_of_a_stranger_stands_anywhere(client: FlaskClient, at: datetime) -> None:
    order("secret@example.org", at)
    order(make_fan("阿树").public_id, at)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))
    text = client.get("/insights/rows/orders").text

    assert "secret" not in text
    assert "Stranger " in text
    assert "阿树" in text


def test_rows_come_in_pages(client: FlaskClient, at: datetime) -> None:
    link = a_link()
    for number in range(51):
        order(f"buyer {number}", at - timedelta(minutes=number), link)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    first = client.get("/insights/rows/orders?from=2026-03-01&to=2026-03-01").text
    second = client.get("/insights/rows/orders?from=2026-03-01&to=2026-03-01&page=2").text

    assert 'rel="next"' in first
    assert second.count("<tr>") == 2
    assert "page=1" in second


def test_a_longer_period_costs_no_more_queries(client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))
    asked = []
    for first in ("2026-03-01", "2024-01-01"):
        order(f"{first}@example.org", at)
        with counted_queries() as seen:
            client.get(f"/insights?from={first}&to=2026-03-01")
        asked.append(seen)

    assert len(asked[0]) == len(asked[1]), set(asked[1]) ^ set(asked[0])
