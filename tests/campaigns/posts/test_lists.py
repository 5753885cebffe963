"""The list of posts over HTTP."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.posts import listing
from campaigns.posts.models import Label
from campaigns.posts.series.recurring import Every, Rule
from campaigns.posts.writing import discard
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.planner.factories import a_campaign, an_account, planned, planned_on
from tests.campaigns.posts.series.factories import a_series, delivery_on, rows
from tests.factories import sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser; she reads times in Shanghai."""
    sign_in(client, author)
    return client


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
        for tab in ("all", "draft", "review", "scheduled", "published", "attention", "cancelled")
    }
    assert shown == {
        "all": {"一份草稿", "排好的", "发过的", "取消的"},
        "draft": {"一份草稿"},
        "review": set(),
        "scheduled": {"排好的"},
        "published": {"发过的"},
        "attention": set(),
        "cancelled": {"取消的"},
    }
    assert re.findall(r'tab-count">(\d+)', client.get("/posts").text) == ["4", "1", "0", "1", "1", "0", "1"]


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


def test_a_post_for_several_channels_is_one_row_with_the_state_that_needs_to_be_seen(
    client: FlaskClient, author: User, at: datetime
) -> None:
    first, second = planned_on([an_account(), circle_account()], author, at, "两处的茶", at + timedelta(days=1))
    first.state, second.state = DeliveryState.UNKNOWN, DeliveryState.PUBLISHED
    db.session.flush()
    page = client.get("/posts?tab=attention").text
    assert page.count("两处的茶") == 1
    assert re.findall(r'tab-count">(\d+)', page) == ["1", "0", "0", "0", "0", "1", "0"]


def test_channel_and_label_narrow_the_list(client: FlaskClient, author: User, at: datetime) -> None:
    account = an_account()
    planned_on([account], author, at, "外面的茶", at + timedelta(days=1))
    label = Label(name="新品", made_at=at)
    post = make_post(author, text="家里的茶")
    post.labels.append(label)
    db.session.flush()
    of_channel = client.get(f"/posts?channel={account.public_id}").text
    of_label = client.get(f"/posts?label={label.public_id}").text
    assert ("外面的茶" in of_channel, "家里的茶" in of_channel) == (True, False)
    assert ("外面的茶" in of_label, "家里的茶" in of_label) == (False, True)


DAILY = Rule(Every.DAY)


def test_of_a_series_only_the_next_post_stands_in_the_list_and_says_how_many_follow(
    client: FlaskClient, author: User
) -> None:
    series = a_series(author, "每天一问", rule=DAILY)
    made = len(rows(series))
    make_post(author, text="单独的一条")
    assert made > 3
    for tab in ("all", "scheduled"):
        page = client.get(f"/posts?tab={tab}", headers={"Accept-Language": "en"}).text
        assert (page.count("每天一问"), page.count("单独的一条")) == (1, int(tab == "all"))
        assert f"{made - 1} more scheduled" in page
    assert re.findall(r'tab-count">(\d+)', client.get("/posts").text) == ["2", "1", "0", "1", "0", "0", "0"]


def test_every_post_of_a_series_can_be_seen_and_one_series_by_itself(client: FlaskClient, author: User) -> None:
    first = a_series(author, "每天一问", rule=DAILY)
    a_series(author, "周一早安", name="周一")
    page = client.get("/posts?series=each").text
    assert page.count("每天一问") == len(rows(first))
    one = client.get(f"/posts?series={first.public_id}").text
    assert (one.count("每天一问"), one.count("周一早安")) == (len(rows(first)), 0)


def test_a_post_of_a_series_that_needs_somebody_or_fits_a_filter_is_not_folded(
    client: FlaskClient, author: User
) -> None:
    series = a_series(author, "每天一问", rule=DAILY)
    days = [row.day for row in rows(series)]
    delivery_on(series, days[2]).state = DeliveryState.FAILED
    third = delivery_on(series, days[3]).post
    third.text = "换了话的那天"
    db.session.flush()
    assert client.get("/posts").text.count("每天一问") == 2
    assert "每天一问" in client.get("/posts?tab=attention").text
    assert client.get("/posts?words=换了话").text.count("换了话的那天") == 1


def test_an_export_holds_what_the_list_folds(client: FlaskClient, author: User) -> None:
    series = a_series(author, "每天一问", rule=DAILY)
    assert len(listing.ids_of(listing.Filter(), author)) == len(rows(series))


def test_what_was_thrown_away_is_found_and_taken_back(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="差点没了")
    make_post(author, text="还在的")
    discard(post, by=author, at=at)
    assert "差点没了" not in client.get("/posts").text
    page = client.get("/posts?tab=discarded").text
    assert ("差点没了" in page, "还在的" in page) == (True, False)
    assert f"{post.url}/restore" in page
    assert client.post(f"{post.url}/restore").status_code == 303
    assert "差点没了" not in client.get("/posts?tab=discarded").text
