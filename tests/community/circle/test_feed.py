"""Reading the feed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.db import db
from community.channels.accounts import connect
from community.channels.models import ChannelPost
from community.circle import feed, liking
from tests.community.circle.factories import HTMX, counted_queries, make_comment
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in


def posts(count: int) -> list[ChannelPost]:
    """So many posts, a minute apart, oldest first."""
    return [make_circle_post(f"第 {number} 泡", at=NOON + timedelta(minutes=number)) for number in range(count)]


def shown(page: feed.FeedPage) -> list[int]:
    return [card.post.id for card in page.cards]


def test_the_newest_post_comes_first_and_pages_meet_without_a_gap(app: Flask) -> None:
    made = posts(30)
    first = feed.page(None)
    second = feed.page(None, before=next(post for post in made if post.public_id == first.older))
    third = feed.page(None, before=next(post for post in made if post.public_id == second.older))
    assert shown(first) + shown(second) + shown(third) == [post.id for post in reversed(made)]
    assert third.older is None


def test_posts_of_the_same_second_are_neither_lost_nor_repeated(app: Flask) -> None:
    made = [make_circle_post(at=NOON) for _ in range(20)]
    first = feed.page(None)
    second = feed.page(None, before=next(post for post in made if post.public_id == first.older))
    assert sorted(shown(first) + shown(second)) == [post.id for post in made]


def test_posts_of_other_accounts_do_not_stand_in_the_circle(app: Flask) -> None:
    account = connect("imported", "weibo:1", "进口", NOON)
    other = ChannelPost(account=account, external_id="1", text="别处", published_at=NOON, recorded_at=NOON)
    db.session.add(other)
    mine = make_circle_post(at=NOON)
    assert shown(feed.page(None)) == [mine.id]


def test_each_post_says_what_it_was_answered_with(app: Flask) -> None:
    first, second = posts(2)
    fan, other = make_fan("小满"), make_fan("阿青")
    make_comment(first, fan, at=NOON)
    liking.like(first, fan, NOON)
    liking.like(first, other, NOON)
    liking.like(second, other, NOON)
    liking.unlike(second, other, NOON)
    cards = {card.post.id: (card.likes, card.comments, card.liked) for card in feed.page(fan).cards}
    assert cards == {first.id: (2, 1, True), second.id: (0, 0, False)}


def test_a_topic_shows_the_posts_that_name_it(app: Flask) -> None:
    named = make_circle_post("今天 #春茶# 到了", at=NOON)
    make_circle_post("春茶 100%", at=NOON)
    assert shown(feed.page(None, topic="春茶")) == [named.id]
    assert shown(feed.page(None, topic="%")) == []


def test_arrivals_are_the_posts_since_the_mark_newest_first(app: Flask) -> None:
    posts(3)
    mark = feed.page(None).newest
    assert feed.arrivals(None, mark) == []
    new = [make_circle_post(at=NOON + timedelta(hours=1)), make_circle_post(at=NOON + timedelta(hours=2))]
    found = feed.arrivals(None, mark)
    assert [card.post.id for card in found] == [new[1].id, new[0].id]
    assert feed.newest_of(found) == new[1].public_id


def test_a_post_that_was_recorded_late_still_arrives(app: Flask) -> None:
    make_circle_post(at=NOON)
    mark = feed.page(None).newest
    late = make_circle_post(at=NOON - timedelta(minutes=3))
    assert [card.post.id for card in feed.arrivals(None, mark)] == [late.id]


def test_the_first_post_ever_arrives_on_an_empty_page(app: Flask) -> None:
    assert feed.page(None).newest == ""
    first = make_circle_post(at=NOON)
    assert [card.post.id for card in feed.arrivals(None, "")] == [first.id]


@pytest.mark.parametrize("viewer", ["stranger", "fan", "staff"])
def test_the_page_takes_the_same_queries_however_many_posts(client: FlaskClient, viewer: str) -> None:
    fan = make_fan()
    if viewer == "fan" and fan.user is not None:
        sign_in(client, fan.user)
    elif viewer == "staff":
        sign_in(client, make_staff())
    asked = []
    for more in (1, 11):
        for post in posts(more):
            make_comment(post, make_fan(), at=NOON)
            liking.like(post, fan, NOON)
        client.get("/circle")
        with counted_queries() as seen:
            assert client.get("/circle").text.count("<article") == (1 if more == 1 else 12)
        asked.append(seen)
    assert len(asked[0]) == len(asked[1]), set(asked[1]) - set(asked[0])
    assert len(asked[1]) <= 15


def test_everybody_may_read_and_the_start_page_leads_here(client: FlaskClient) -> None:
    make_circle_post("<script>alert(1)</script>")
    assert client.get("/").headers["Location"] == "/circle"
    page = client.get("/circle")
    assert page.status_code == 200
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text


def test_a_stranger_is_invited_and_led_back_after_signing_in(client: FlaskClient) -> None:
    post = make_circle_post()
    page = client.get("/circle").text
    assert f"/accounts/sign-in?next=/circle/posts/{post.public_id}" in page
    assert "hx-post" not in page.split("<main", 1)[1]


def test_polling_answers_204_until_there_is_something(client: FlaskClient) -> None:
    make_circle_post(at=NOON)
    mark = feed.page(None).newest
    quiet = client.get(f"/circle/arrivals?after={mark}", headers=HTMX)
    assert (quiet.status_code, quiet.text) == (204, "")
    new = make_circle_post("新的一泡", at=NOON + timedelta(minutes=1))
    answer = client.get(f"/circle/arrivals?after={mark}", headers=HTMX)
    assert "新的一泡" in answer.text
    assert f"after={new.public_id}" in answer.text
    assert "is-new" in answer.text


def test_older_posts_come_as_a_fragment_and_as_a_page(client: FlaskClient) -> None:
    posts(13)
    older = feed.page(None).older
    fragment = client.get(f"/circle?before={older}", headers=HTMX).text
    assert "<html" not in fragment
    assert fragment.count("<article") == 1
    page = client.get(f"/circle?before={older}").text
    assert "<html" in page
    assert "feed-poller" not in page
    assert client.get("/circle?before=nosuchpost").status_code == 404


def test_an_empty_circle_says_what_comes_next(client: FlaskClient) -> None:
    assert "empty-state" in client.get("/circle").text
    sign_in(client, make_staff())
    assert "/posts/new" in client.get("/circle").text


def test_a_post_with_a_buying_link_is_marked_as_advertising(client: FlaskClient) -> None:
    post = make_circle_post("团购开了")
    post.link_slug, post.facts = "spring", {"ad": True}
    page = client.get("/circle").text
    assert "ad-label" in page
    assert 'href="/l/spring"' in page


def test_the_clock_decides_how_long_ago(client: FlaskClient) -> None:
    clock.set_to(NOON + timedelta(hours=3))
    make_circle_post(at=NOON)
    assert "3小时前" in client.get("/circle").text


def test_the_posts_of_a_campaign_can_be_asked_for(app: Flask) -> None:
    first = make_circle_post(campaign_id=7, at=NOON)
    second = make_circle_post(campaign_id=7, at=NOON + timedelta(hours=1))
    make_circle_post(campaign_id=8, at=NOON)
    assert list(feed.posts_of_campaign(7)) == [second, first]
