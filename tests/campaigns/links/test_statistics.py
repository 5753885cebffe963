"""What visits come to: people, uniques, sites, devices, languages, regions."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from campaigns.links import reading, statistics
from campaigns.links.counting import write_visits
from campaigns.links.statistics import Line
from tests.campaigns.factories import a_link, visit
from tests.factories import make_staff, sign_in


def test_uniques_are_visitors_and_not_visits(app: Flask, at: datetime) -> None:
    link = a_link("/circle")
    hours = [0, 1, 2]
    write_visits([visit(link, at + timedelta(hours=hour), visitor="one") for hour in hours])
    write_visits([visit(link, at, visitor="two"), visit(link, at, visitor="robot", verdict="bot")])
    assert (reading.count(link).people, statistics.uniques(link)) == (4, 2)


def test_sites_are_put_together_by_host(app: Flask, at: datetime) -> None:
    link = a_link("/circle")
    referrers = ["https://weibo.com/1", "https://www.weibo.com/2", "", "https://mp.weixin.qq.com/s?x"]
    write_visits([visit(link, referrer=referrer) for referrer in referrers])
    assert statistics.sites(link) == [Line("weibo.com", 2, 0.5), Line("", 1, 0.25), Line("mp.weixin.qq.com", 1, 0.25)]


def test_people_are_told_by_device_language_and_region_and_machines_left_out(app: Flask, at: datetime) -> None:
    link = a_link("/circle")
    write_visits([
        visit(link, device="phone", language="zh", region="CN-ZJ"),
        visit(link, device="phone", language="en", region="CN-ZJ"),
        visit(link, device="computer", language="zh", region=""),
        visit(link, device="computer", verdict="bot"),
    ])  # fmt: skip
    found = statistics.breakdowns(link)
    assert found["devices"] == [Line("phone", 2, 2 / 3), Line("computer", 1, 1 / 3)]
    assert [line.value for line in found["languages"]] == ["zh", "en"]
    assert [line.value for line in found["regions"]] == ["CN-ZJ", ""]


def test_the_page_says_it_in_words(client: FlaskClient, at: datetime) -> None:
    link = a_link("/circle")
    write_visits([visit(link, device="phone", language="zh", region="CN-ZJ", referrer="https://weibo.com/")])
    sign_in(client, make_staff(language="en"))
    page = client.get(f"/links/{link.public_id}").text
    for words in ("Phones", "Chinese", "China (ZJ)", "weibo.com"):
        assert words in page


def test_the_page_of_a_link_without_visits_says_what_to_do(client: FlaskClient, at: datetime) -> None:
    link = a_link("/circle")
    sign_in(client, make_staff(language="en"))
    assert "Put the address into a post or print the QR code" in client.get(f"/links/{link.public_id}").text


def test_visits_go_on_where_the_page_stopped(client: FlaskClient, at: datetime) -> None:
    link = a_link("/circle")
    write_visits([visit(link, at + timedelta(seconds=n), browser=f"browser {n:02}") for n in range(30)])
    first = reading.visits(link)
    assert [hit.browser for hit in first.rows][:1] == ["browser 29"]
    older = reading.visits(link, first.older)
    assert [hit.browser for hit in older.rows] == [f"browser {n:02}" for n in range(4, -1, -1)]
    assert older.older is None
    sign_in(client, make_staff(language="en"))
    assert "browser 04" in client.get(f"/links/{link.public_id}?before={first.older}").text
