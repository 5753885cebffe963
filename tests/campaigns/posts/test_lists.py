"""The list and the calendar over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from campaigns.planning.models import Campaign, CampaignKind
from campaigns.planning.writing import Wanted, set_up
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db, random_id
from commons.zones import to_local
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.factories import sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser; she reads times in Shanghai."""
    sign_in(client, author)
    return client


def planned(
    by: User, at: datetime, text: str, due: datetime, zone: str = "Asia/Shanghai", campaign: Campaign | None = None
) -> Delivery:
    post = make_post(by, text=text, campaign=campaign)
    return scheduling.schedule(post, circle_account(), to_local(due, zone), zone, by=by, at=at)


def a_campaign(by: User, at: datetime) -> Campaign:
    wanted = Wanted(
        "春茶", "", CampaignKind.CONTENT, "", 10, datetime(2026, 3, 1), datetime(2026, 4, 1), "Asia/Shanghai", []
    )
    return set_up(wanted, by=by, at=at)


def cell(page: str, day: int) -> str:
    """The markup of one day of the month in question."""
    cells = [part for part in page.split("<td ")[1:] if "is-outside" not in part.partition(">")[0]]
    return cells[day - 1]


def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    assert "/posts/new" in client.get("/posts").text


def test_each_tab_shows_its_states_and_counts_them(client: FlaskClient, author: User, at: datetime) -> None:
    make_post(author, text="一份草稿")
    planned(author, at, "排好的", at + timedelta(days=1))
    planned(author, at, "发过的", at + timedelta(seconds=0))
    scheduling.cancel(planned(author, at, "取消的", at + timedelta(days=2)), by=author, at=at)
    jobs.drain(at)
    shown = {
        tab: {
            text for text in ("一份草稿", "排好的", "发过的", "取消的") if text in client.get(f"/posts?tab={tab}").text
        }
        for tab in ("all", "draft", "scheduled", "published", "attention", "cancelled")
    }
    assert shown == {
        "all": {"一份草稿", "排好的", "发过的", "取消的"},
        "draft": {"一份草稿"},
        "scheduled": {"排好的"},
        "published": {"发过的"},
        "attention": set(),
        "cancelled": {"取消的"},
    }
    assert re.findall(r'tab-count">(\d+)', client.get("/posts").text) == ["4", "1", "1", "1", "0", "1"]


def test_words_and_campaign_narrow_the_list(client: FlaskClient, author: User, at: datetime) -> None:
    campaign = a_campaign(author, at)
    make_post(author, text="百分之 100% 的茶", campaign=campaign)
    make_post(author, text="别的")
    assert "别的" not in client.get("/posts?words=100%25").text
    assert "100%" not in client.get("/posts?words=1_0").text
    found = client.get(f"/posts?campaign={campaign.public_id}").text
    assert "100%" in found
    assert "别的" not in found


def test_the_list_pages(client: FlaskClient, author: User) -> None:
    for number in range(27):
        make_post(author, text=f"第〔{number}〕条")
    first, second = client.get("/posts").text, client.get("/posts?page=2").text
    numbers = [re.findall(r"第〔(\d+)〕条", page) for page in (first, second)]
    assert [len(found) for found in numbers] == [25, 2]
    assert len(set(numbers[0] + numbers[1])) == 27


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=0", "page=99999999999", "tab=nope", "words=%00", "campaign=%00x", "page=٣", "discarded=%00"],
)
def test_an_odd_query_is_no_crash(client: FlaskClient, query: str) -> None:
    assert client.get(f"/posts?{query}").status_code == (400 if "%00" in query else 200)


def test_a_post_stands_on_its_day_in_the_readers_zone(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "午夜以后", datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    page = client.get("/posts/calendar?month=2026-03").text
    assert "午夜以后" in cell(page, 10)
    assert "00:30" in cell(page, 10)


def test_another_zone_shows_its_own_time_too(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "柏林的早晨", datetime(2026, 3, 9, 8, 0, tzinfo=UTC), zone="Europe/Berlin")
    assert "09:00 Berlin" in cell(client.get("/posts/calendar?month=2026-03").text, 9)


def test_a_full_day_shows_three_and_how_many_more(client: FlaskClient, author: User, at: datetime) -> None:
    for minute in range(6):
        planned(author, at, f"第〔{minute}〕条", datetime(2026, 3, 9, 2, minute, tzinfo=UTC))
    day = cell(client.get("/posts/calendar?month=2026-03").text, 9)
    assert re.findall(r"第〔(\d)〕条", day) == ["0", "1", "2"]
    assert re.search(r'class="plan-more"[^>]*>[^<]*3', day)
    assert "view=list#day-2026-03-09" in day.replace("&amp;", "&").replace("month=2026-03&", "")


def test_the_list_by_day_shows_all_of_them(client: FlaskClient, author: User, at: datetime) -> None:
    for minute in range(6):
        planned(author, at, f"第〔{minute}〕条", datetime(2026, 3, 9, 2, minute, tzinfo=UTC))
    assert len(re.findall(r"第〔\d〕条", client.get("/posts/calendar?month=2026-03&view=list").text)) == 6


def test_today_is_marked_and_days_to_come_lead_to_a_new_post(client: FlaskClient) -> None:
    page = client.get("/posts/calendar").text
    assert 'aria-current="date"' in cell(page, 1)
    assert "/posts/new?day=2026-03-20" in cell(page, 20)


def test_campaign_and_state_narrow_the_calendar(client: FlaskClient, author: User, at: datetime) -> None:
    campaign = a_campaign(author, at)
    planned(author, at, "春茶的", datetime(2026, 3, 9, 2, tzinfo=UTC), campaign=campaign)
    scheduling.cancel(planned(author, at, "取消的", datetime(2026, 3, 9, 3, tzinfo=UTC)), by=author, at=at)
    of_campaign = client.get(f"/posts/calendar?month=2026-03&campaign={campaign.public_id}").text
    of_state = client.get("/posts/calendar?month=2026-03&state=cancelled").text
    assert ("春茶的" in of_campaign, "取消的" in of_campaign) == (True, False)
    assert ("春茶的" in of_state, "取消的" in of_state) == (False, True)


def test_months_follow_each_other_over_the_year(client: FlaskClient) -> None:
    page = client.get("/posts/calendar?month=2026-12").text
    assert "month=2026-11" in page
    assert "month=2027-01" in page


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "month=nope", "month=0000-00", "month=99999-01", "month=1999-12", "state=x", "campaign=%F0"],
)
def test_what_is_no_month_is_this_one(client: FlaskClient, query: str) -> None:
    page = client.get(f"/posts/calendar?{query}")
    assert page.status_code == 200
    assert 'aria-current="date"' in page.text


def test_the_signs_speak_the_readers_language_each_time(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "一条", datetime(2026, 3, 9, 2, tzinfo=UTC))
    client.get("/posts/calendar?view=list", headers={"Accept-Language": "zh-CN"})
    english = client.get("/posts/calendar?view=list", headers={"Accept-Language": "en"}).text
    assert 'entry-state"> Scheduled' in english


@pytest.mark.slow
@pytest.mark.parametrize("view", ["", "&view=list"])
def test_a_month_of_two_thousand_posts_is_one_query_and_a_few_more(
    client: FlaskClient, author: User, at: datetime, view: str
) -> None:
    _insert_many(author, at, 2000)
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    page = client.get(f"/posts/calendar?month=2026-03{view}")
    event.remove(db.engine, "before_cursor_execute", note)
    assert page.status_code == 200
    assert len([one for one in asked if "FROM delivery" in one]) == 1


def _insert_many(author: User, at: datetime, count: int) -> None:
    posts = [
        {
            "public_id": random_id(),
            "text": f"第 {number} 条",
            "author_id": author.id,
            "created_at": at,
            "changed_at": at,
        }
        for number in range(count)
    ]
    db.session.execute(insert(BrandPost), posts)
    ids = db.session.scalars(select(BrandPost.id)).all()
    account_id = circle_account().id
    rows = [
        {
            "public_id": random_id(), "post_id": post_id, "account_id": account_id, "state": DeliveryState.SCHEDULED,
            "wall_clock": "2026-03-01T00:00:00", "zone": "Asia/Shanghai", "due_at": at + timedelta(minutes=20 * number),
        }
        for number, post_id in enumerate(ids)
    ]  # fmt: skip
    db.session.execute(insert(Delivery), rows)
