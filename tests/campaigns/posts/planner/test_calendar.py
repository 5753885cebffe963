"""The calendar over HTTP: what stands where, and what is said about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from campaigns.posts.models import BrandPost
from campaigns.posts.planner import slots
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db, random_id
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.posts.planner.factories import a_campaign, an_account, planned, planned_on
from tests.factories import make_staff, sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser; she reads times in Shanghai."""
    sign_in(client, author)
    return client


def cell(page: str, day: int) -> str:
    """The markup of one day of the month in question."""
    cells = [part for part in page.split('<td class="plan-day')[1:] if "is-outside" not in part.partition(">")[0]]
    return cells[day - 1]


def texts(page: str) -> list[str]:
    """What the entries say, in order."""
    return re.findall(r'class="entry-text" dir="auto">([^<]*)<', page)


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
    assert texts(day) == ["第〔0〕条", "第〔1〕条", "第〔2〕条"]
    assert re.search(r'class="plan-more"[^>]*>[^<]*3', day)
    assert "view=day&amp;day=2026-03-09" in day


def test_the_list_by_day_shows_all_of_them(client: FlaskClient, author: User, at: datetime) -> None:
    for minute in range(6):
        planned(author, at, f"第〔{minute}〕条", datetime(2026, 3, 9, 2, minute, tzinfo=UTC))
    assert len(texts(client.get("/posts/calendar?month=2026-03&view=list").text)) == 6


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
    [
        "month=2026-13",
        "month=nope",
        "day=2026-02-30",
        "view=nope",
        "channel=%27&campaign=a+b",
        "month=0000-00",
        "month=99999-01",
        "month=1999-12",
        "state=x",
        "campaign=%F0",
    ],
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


def test_deliveries_of_a_post_at_one_moment_are_one_entry_with_the_signs_of_its_channels(
    client: FlaskClient, author: User, at: datetime
) -> None:
    accounts = [an_account(name="茶@社交"), circle_account()]
    first, _second = planned_on(accounts, author, at, "两处的茶", datetime(2026, 3, 9, 2, tzinfo=UTC))
    day = cell(client.get("/posts/calendar?month=2026-03").text, 9)
    assert texts(day) == ["两处的茶"]
    assert "茶@社交" in day
    assert day.count("circle-dot") == 1
    scheduling.move(first, datetime(2026, 3, 9, 11), "Asia/Shanghai", by=author, at=at)
    assert texts(cell(client.get("/posts/calendar?month=2026-03").text, 9)) == ["两处的茶", "两处的茶"]


def test_channels_narrow_the_calendar_and_go_together(client: FlaskClient, author: User, at: datetime) -> None:
    accounts = [an_account(name="甲"), an_account(name="乙", number=2)]
    for number, account in enumerate(accounts):
        planned_on([account], author, at, account.name * 3, datetime(2026, 3, 9, 2 + number, tzinfo=UTC))
    planned(author, at, "圈子里", datetime(2026, 3, 9, 8, tzinfo=UTC))
    one, both = f"channel={accounts[0].public_id}", "&".join(f"channel={account.public_id}" for account in accounts)
    assert texts(client.get(f"/posts/calendar?month=2026-03&{one}").text) == ["甲甲甲"]
    assert texts(client.get(f"/posts/calendar?month=2026-03&{both}").text) == ["甲甲甲", "乙乙乙"]


def test_a_week_and_a_day_stand_by_the_hour(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "午夜以后", datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    week = client.get("/posts/calendar?view=week&day=2026-03-12").text
    hours = dict(re.findall(r'data-day="2026-03-10" data-hour="(\d+)">(.*?)</ul>', week, re.DOTALL))
    assert [int(hour) for hour in hours] == list(range(24))
    assert [hour for hour, markup in hours.items() if "午夜以后" in markup] == ["0"]
    assert texts(client.get("/posts/calendar?view=day&day=2026-03-10").text) == ["午夜以后"]
    assert texts(client.get("/posts/calendar?view=day&day=2026-03-09").text) == []


def test_an_hour_to_come_leads_to_a_post_at_that_hour(client: FlaskClient) -> None:
    page = client.get("/posts/calendar?view=day&day=2026-03-01").text
    assert [int(hour) for hour in re.findall(r"day=2026-03-01T(\d\d)(?::|%3A)00", page)] == [21, 22, 23]


def test_clashes_are_said_in_words(client: FlaskClient, author: User, at: datetime) -> None:
    text = "第一批明前龙井今天上午十点开团，先到先得"
    planned(author, at, text, datetime(2026, 3, 9, 2, tzinfo=UTC))
    planned(author, at, "水温其实没有那么玄", datetime(2026, 3, 9, 2, 12, tzinfo=UTC))
    planned(author, at, text + "！", datetime(2026, 3, 11, 2, tzinfo=UTC))
    english = {"Accept-Language": "en"}
    page = client.get("/posts/calendar?view=list&month=2026-03", headers=english).text
    assert page.count("Only 12 min from") == 2
    assert page.count("Nearly the same text as") == 2
    day = cell(client.get("/posts/calendar?month=2026-03", headers=english).text, 9)
    assert "12 min from another post" in day


def test_two_posts_at_one_moment_are_said_to_be_at_one_moment(client: FlaskClient, author: User, at: datetime) -> None:
    for text in ("第一个话题", "完全不同的事"):
        planned(author, at, text, datetime(2026, 3, 9, 2, tzinfo=UTC))
    english = {"Accept-Language": "en"}
    page = client.get("/posts/calendar?view=list&month=2026-03", headers=english).text
    assert "At the time of “第一个话题”" in page
    assert "0 min from" not in page
    assert "At the time of another post" in client.get("/posts/calendar?month=2026-03", headers=english).text


def test_channels_have_colours_of_their_own(client: FlaskClient, author: User, at: datetime) -> None:
    accounts = [an_account(name="茶@社交"), circle_account()]
    planned_on(accounts, author, at, "两处的茶", datetime(2026, 3, 9, 2, tzinfo=UTC))
    page = client.get("/posts/calendar?month=2026-03").text
    assert re.findall(r"icon on-(\w+)", cell(page, 9)) == ["circle", "mastodon"]
    assert set(re.findall(r"icon on-(\w+)", page.partition("calendar-filter")[2])) == {"circle", "mastodon"}


def test_what_a_channel_says_otherwise_is_no_repetition(client: FlaskClient, author: User, at: datetime) -> None:
    text = "第一批明前龙井今天上午十点开团，先到先得"
    planned(author, at, text, datetime(2026, 3, 9, 2, tzinfo=UTC))
    again = planned(author, at, text, datetime(2026, 3, 11, 2, tzinfo=UTC))
    again.post.variants[0].text = "水温其实没有那么玄：九十度，三十秒，先闻后喝"
    db.session.flush()
    page = client.get("/posts/calendar?view=list&month=2026-03", headers={"Accept-Language": "en"}).text
    assert "Nearly the same text" not in page


def test_what_is_out_no_longer_clashes_but_what_comes_near_it_does(
    client: FlaskClient, author: User, at: datetime
) -> None:
    planned(author, at, "已经发了", at).state = DeliveryState.PUBLISHED
    planned(author, at, "马上就发", at + timedelta(minutes=5))
    assert cell(client.get("/posts/calendar?month=2026-03").text, 1).count("entry-clash") == 1


def test_how_far_apart_is_the_teams_to_say(client: FlaskClient, author: User, at: datetime) -> None:
    for minute in (0, 12):
        planned(author, at, f"话题{minute}", datetime(2026, 3, 9, 2, minute, tzinfo=UTC))
    assert "entry-clash" in cell(client.get("/posts/calendar?month=2026-03").text, 9)
    slots.set_rules(10, "", by=author, at=at)
    assert "entry-clash" not in cell(client.get("/posts/calendar?month=2026-03").text, 9)


def test_empty_days_of_the_coming_two_weeks_are_gaps(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "有了", datetime(2026, 3, 9, 2, tzinfo=UTC))
    scheduling.cancel(planned(author, at, "没了", datetime(2026, 3, 10, 2, tzinfo=UTC)), by=author, at=at)
    page = client.get("/posts/calendar?month=2026-03").text
    gaps = [day for day in range(1, 32) if "is-gap" in cell(page, day).partition(">")[0]]
    assert gaps == [day for day in range(1, 15) if day != 9]


def test_planned_stands_beside_actual(client: FlaskClient, author: User, at: datetime) -> None:
    delivery = planned(author, at, "晚了一点", datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    delivery.state, delivery.published_at = DeliveryState.PUBLISHED, at + timedelta(seconds=4.2)
    db.session.flush()
    english = {"Accept-Language": "en"}
    assert "+4.2 s" in cell(client.get("/posts/calendar?month=2026-03", headers=english).text, 1)
    day = client.get("/posts/calendar?view=day&day=2026-03-01", headers=english).text
    assert "planned 20:00:00, out at 20:00:04, 4 seconds after its time" in day


def test_holidays_have_their_names_in_both_languages(client: FlaskClient, author: User) -> None:
    assert "清明节" in cell(client.get("/posts/calendar?month=2026-04", headers={"Accept-Language": "zh-CN"}).text, 5)
    english = client.get("/posts/calendar?month=2026-04", headers={"Accept-Language": "en"}).text
    assert "Tomb-Sweeping Day" in cell(english, 5)
    working = client.get("/posts/calendar?month=2026-02", headers={"Accept-Language": "en"}).text
    assert "Working day in lieu" in cell(working, 28)


def test_the_holidays_are_those_of_the_readers_country_or_the_chosen_one(
    client: FlaskClient, author: User, at: datetime
) -> None:
    author.zone = "Europe/Berlin"
    db.session.flush()
    english = {"Accept-Language": "en"}
    assert "German Unity Day" in cell(client.get("/posts/calendar?month=2026-10", headers=english).text, 3)
    slots.set_rules(30, "JP", by=author, at=at)
    assert "German Unity Day" not in client.get("/posts/calendar?month=2026-10", headers=english).text


def test_campaigns_are_bars_over_their_days(client: FlaskClient, author: User, at: datetime) -> None:
    a_campaign(author, at, "春茶季")
    page = client.get("/posts/calendar?month=2026-03").text
    bars = re.findall(r'<td colspan="(\d)"><a class="(bar-line[^"]*)"[^>]*>春茶季', page)
    assert [int(span) for span, _look in bars] == [1, 7, 7, 7, 7, 2]
    assert ["begins" in look for _span, look in bars] == [True, *[False] * 5]
    assert ["ends" in look for _span, look in bars] == [*[False] * 5, True]


@pytest.mark.parametrize("role", [Role.SOCIAL_MANAGER, Role.APPROVER, Role.EXECUTIVE])
def test_the_bar_of_a_campaign_leads_where_everybody_who_sees_it_may_go(
    client: FlaskClient, author: User, at: datetime, role: Role
) -> None:
    a_campaign(author, at, "春茶季")
    sign_in(client, make_staff(role, "顾安"))
    for query in ("month=2026-03", "view=week&day=2026-03-11"):
        found = re.search(r'class="bar-line[^>]*href="([^"]+)"', client.get(f"/posts/calendar?{query}").text)
        assert found is not None
        assert client.get(found[1]).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("view", ["", "&view=list", "&view=week&day=2026-03-11"])
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
