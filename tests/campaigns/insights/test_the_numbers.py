"""On data of which one knows the numbers, the page says these numbers, in both languages, and its rows are as many."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from campaigns.insights import figures, rows
from campaigns.insights.asking import asked
from campaigns.insights.cells import Reader
from campaigns.links.making import link_on
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import connect
from tests.campaigns.factories import a_lead, a_link
from tests.campaigns.insights.factories import order
from tests.factories import make_fan, make_staff, sign_in

PERIOD = "from=2026-02-01&to=2026-02-28"
FEBRUARY = datetime.fromisoformat("2026-02-10T04:00:00+00:00")
JANUARY = FEBRUARY - timedelta(days=20)


@pytest.fixture
def seeded(client: FlaskClient, at: datetime) -> FlaskClient:
    """In February 30 new customers, 10 of them from Weibo; 20 who had bought in January come twice, 15 of the new ones once more
    or twice: 70 of 100 orders are repeat orders, and 35 of 50 customers have come again.
    """
    lead = a_lead()
    weibo = link_on(a_link(by=lead, title="春茶"), connect("weibo", "2489518277", "@茶馆", at), at)
    print_, fans = a_link(utm_source="print"), [make_fan(f"茶友{number}") for number in range(5)]
    for number in range(20):
        for moment in (JANUARY, FEBRUARY, FEBRUARY + timedelta(days=number % 9 + 1)):
            order(f"old-{number}", moment, print_)
    for number in range(30):
        link = weibo if number < 10 else print_ if number < 20 else None
        name = fans[number].public_id if number < 5 else f"new-{number}@example.org"
        order(name, FEBRUARY + timedelta(hours=number), link)
        for again in range(2 if number < 15 else 0):
            order(name, FEBRUARY + timedelta(days=2 + again, hours=number), print_)
    db.session.flush()
    sign_in(client, make_staff(Role.EXECUTIVE, language=None))
    return client


def reading(client: FlaskClient, address: str, language: str) -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", " ", answer.text)


@pytest.mark.parametrize(
    ("language", "new", "again"), [("en", "New customers", "Repeat-order share"), ("zh-CN", "", "")]
)
def test_a_third_from_weibo_and_seventy_per_cent_repeat_orders(
    seeded: FlaskClient, language: str, new: str, again: str
) -> None:
    text = " ".join(reading(seeded, f"/insights?{PERIOD}", language).split())

    weibo = re.search(r"(?:Weibo|微博) 10 (\S+)", text)
    assert weibo is not None
    assert weibo[1] == "33.3%"
    assert text.count("70.0%") == 2
    assert new in text
    assert again in text


def test_the_shares_are_of_what_their_definitions_say(seeded: FlaskClient) -> None:
    now, before = figures.figures(asked({"from": "2026-02-01", "to": "2026-02-28"}, FEBRUARY).period)

    assert (now.orders, now.nameless, now.new_customers, now.customers) == (100, 0, 30, 50)
    assert (now.repeat_orders, now.repeat_customers) == (70, 35)
    assert (before.orders, before.new_customers, before.repeat_orders) == (20, 20, 0)
    assert [money.minor for money in now.amounts] == [1_000_000]


def test_every_column_of_the_course_opens_as_many_rows_as_it_says(seeded: FlaskClient, at: datetime) -> None:
    page = seeded.get(f"/insights?{PERIOD}", headers={"Accept-Language": "en"}).text
    links = re.findall(
        r'<a href="(/insights/rows/(?:new_customers|repeat_order_share|nameless)\?[^"]+)">(\d+)</a>', page
    )
    shown = [(html.unescape(address), int(number)) for address, number in links if "key=" not in address]
    assert len(shown) > 3
    for address, number in shown:
        name, _mark, args = address.rpartition("/")[2].partition("?")
        table = rows.table(name, asked(dict(parse_qsl(args)), at), Reader(a_lead(), "Asia/Shanghai"))
        assert table is not None
        assert len(list(table.plain())) - 1 == number
    assert sum(number for _address, number in shown) == 100


@pytest.mark.parametrize(
    ("measure", "more", "count"),
    [
        ("orders", {}, 100),
        ("nameless", {}, 0),
        ("new_customers", {}, 30),
        ("new_customers", {"key": "weibo"}, 10),
        ("new_customers", {"key": "print"}, 10),
        ("new_customers", {"key": "~link"}, 10),
        ("orders", {"channel": "weibo"}, 10),
        ("repeat_order_share", {}, 70),
        ("repeat_rate", {}, 35),
        ("customers", {}, 50),
        ("posts", {}, 0),
        ("visits", {}, 0),
        ("participants", {}, 0),
        ("after_complaint", {}, 0),
    ],
)
def test_behind_each_number_stand_as_many_rows(
    seeded: FlaskClient, measure: str, more: dict[str, str], count: int
) -> None:
    wanted = asked({"from": "2026-02-01", "to": "2026-02-28", **more}, FEBRUARY)
    found = rows.table(measure, wanted, Reader(make_staff(Role.EXECUTIVE), "Asia/Shanghai"))

    assert found is not None
    assert len(list(found.plain())) == count + 1


def test_every_number_on_the_page_leads_to_its_rows_and_its_definition(seeded: FlaskClient) -> None:
    page = seeded.get(f"/insights?{PERIOD}", headers={"Accept-Language": "en"}).text
    measures = re.findall(r'href="([^"]+)" data-measure="(\w+)"', page)

    assert {name for _href, name in measures} >= {"orders", "new_customers", "repeat_order_share", "repeat_rate"}
    for href, name in measures:
        assert "from=2026-02-01" in href
        assert seeded.get(href.replace("&amp;", "&")).status_code == 200
        assert f'id="{name}"' in seeded.get("/insights/definitions").text
        assert f"/insights/definitions#{name}" in page


def test_by_link_campaign_and_person_the_new_customers_are_the_same_thirty(seeded: FlaskClient) -> None:
    for by in ("source", "link", "post", "campaign", "person"):
        groups = figures.new_customers(
            asked({"from": "2026-02-01", "to": "2026-02-28", "by": by}, FEBRUARY), make_staff(Role.EXECUTIVE)
        )

        assert sum(group.customers.hits for group in groups) == 30
        for group in groups:
            page = seeded.get(f"/insights/rows/new_customers.csv?{PERIOD}&by={by}&key={group.key}", buffered=True).text
            assert len(page.splitlines()) == group.customers.hits + 1
