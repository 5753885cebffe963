"""Where findings are seen: on the delivery's page, on the start page, on a page of all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask.testing import FlaskClient

from campaigns.links.making import make_link
from campaigns.publishing import preflight, today
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from tests.campaigns.publishing.scripted import HOUR
from tests.campaigns.publishing.test_preflight import DAY, planned
from tests.factories import make_fan, make_staff, sign_in


def doubtful(by: User, at: datetime, due: datetime, text: str) -> None:
    preflight.check(planned(by, at, due, text=text, link=make_link("/nowhere", by=by, at=at)).id, at, asked=True)


def test_all_findings_stand_on_their_page_what_goes_out_next_first(client: FlaskClient, at: datetime) -> None:
    author = make_staff(language="en")
    words = ["山里的新茶到了。", "周末来喝一杯？", "器物展开幕。", "换水，三点回来。", "五月的课表。", "谢谢大家。"]
    for number, text in reversed(list(enumerate(words))):
        doubtful(author, at, at + DAY + number * HOUR, text)
    sign_in(client, author)
    assert client.get("/staff").text.count("Change the link") == today.MOST
    page = client.get("/publishing/findings").text
    assert page.count("Change the link") == len(words)
    assert [page.index(text) for text in words] == sorted(page.index(text) for text in words)


def test_with_nothing_in_the_way_the_page_says_so(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    page = client.get("/publishing/findings", headers={"Accept-Language": "en"}).text
    assert "Nothing is known to stand in the way" in page


def test_fans_find_no_findings(client: FlaskClient, at: datetime) -> None:
    fan = make_fan().user
    assert fan is not None
    sign_in(client, fan)
    assert client.get("/publishing/findings").status_code == 404


def test_what_is_out_no_longer_says_what_stood_in_its_way(client: FlaskClient, at: datetime) -> None:
    author = make_staff(language="en")
    delivery = planned(author, at, at + HOUR, link=make_link("/nowhere", by=author, at=at))
    preflight.check(delivery.id, at, asked=True)
    sign_in(client, author)
    assert "Change the link" in client.get(delivery.url).text
    jobs.drain(at + HOUR + timedelta(seconds=1))
    assert "Change the link" not in client.get(delivery.url).text


def test_the_page_of_a_delivery_shows_what_is_said_on_its_channel(
    client: FlaskClient, author: User, at: datetime
) -> None:
    delivery = planned(author, at, text="大家好")
    delivery.post.variants[0].text = "圈子里的各位好"
    delivery.post.variants[0].more = ["第二条也在这里"]
    db.session.flush()
    sign_in(client, author)
    page = client.get(delivery.url).text
    assert "圈子里的各位好" in page
    assert "第二条也在这里" in page
