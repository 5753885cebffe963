"""A thread as staff see it: the tree, the curve, the hubs and every node."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.channels.models import ChannelPost
from community.inbox import figure, thread_views, threads
from community.inbox.importing import load
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from community.inbox.threadline import parse
from tests.community.inbox.factories import as_line, come_in, found, incoming, make_account, make_post, thread_line
from tests.factories import NOON, make_fan, make_staff, sign_in


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_staff(language="en"))
    return client


@pytest.fixture
def post(app: Flask) -> ChannelPost:
    """A post with four nodes: b and c answer a, d answers b; e is a like."""
    account = make_account()
    made = make_post(account)
    receive(
        account,
        [
            incoming(
                "a", text="甲说", author_external_id="a", author_name="甲", occurred_at=NOON + timedelta(seconds=30)
            ),
            incoming("b", text="", kind=InteractionKind.REPOST, parent_external_id="a", author_external_id="b"),
            incoming("c", text="丙说", parent_external_id="a", occurred_at=NOON + timedelta(hours=2)),
            incoming("d", text="丁说", parent_external_id="b", occurred_at=NOON + timedelta(days=3)),
            incoming("e", text="", kind=InteractionKind.LIKE),
        ],
        NOON,
    )
    return made


def address(post: ChannelPost) -> str:
    return f"/inbox/threads/{post.public_id}"


def test_the_tree_has_a_dot_for_every_node_and_the_original(staff: FlaskClient, post: ChannelPost) -> None:
    page = staff.get(address(post)).text
    assert page.count('<circle class="dot ') == 5
    assert page.count("dot-original") == 1
    assert page.count("dot-repost") == 1
    assert "<title>甲 · +30 s · direct answers: 2\n甲说</title>" in page
    assert "<title>The original, by 茶馆</title>" in page
    assert "style=" not in page


def test_the_numbers_are_those_of_the_thread(staff: FlaskClient, post: ChannelPost) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", staff.get(address(post)).text))
    assert "Nodes 4 3 people" in page
    assert "Depth 3" in page
    assert "In the first 20 minutes 50%" in page
    assert "Largest hub 50% 甲, 2 direct answers" in page
    assert "The original 25% 1 direct answer" in page
    assert "甲 50% 2 direct answers · +30 s" in page
    assert "Longest silence 3 days" in page
    assert "Likes 1" in page


def test_nodes_are_listed_in_order_with_level_and_parent(staff: FlaskClient, post: ChannelPost) -> None:
    page = staff.get(address(post)).text
    account = post.account
    order = re.findall(r'<li class="inbox-item" id="node-(\w+)"', page)
    assert order == [found(account, name).public_id for name in "abcd"]
    assert re.findall(r"level (\d)</span>", page) == ["1", "2", "2", "3"]
    assert page.count("In answer to 甲") == 2


def test_the_list_has_pages_and_a_node_is_found_on_its_own(
    staff: FlaskClient, post: ChannelPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (threads, thread_views):
        monkeypatch.setattr(module, "NODES_ON_A_PAGE", 3)
    last = found(post.account, "d").public_id
    assert last not in re.findall(r'id="node-(\w+)"', staff.get(address(post)).text)
    page = staff.get(f"{address(post)}?node={last}").text
    assert re.findall(r'<li class="inbox-item is-chosen" id="node-(\w+)" aria-current="true"', page) == [last]
    assert page.count("is-chosen") == 2
    assert re.findall(r'id="node-(\w+)"', staff.get(f"{address(post)}?page=2").text) == [last]


@pytest.mark.parametrize("query", ["page=0", "page=-7", "page=99999", "page=x", "node=nobody", "node=%ff"])
def test_whatever_page_is_asked_for_there_is_one(staff: FlaskClient, post: ChannelPost, query: str) -> None:
    assert staff.get(f"{address(post)}?{query}").status_code == 200


def test_the_curve_counts_each_kind_by_the_minute(staff: FlaskClient, post: ChannelPost) -> None:
    curve = staff.get(f"{address(post)}/curve").get_json()
    start = int(NOON.timestamp())
    assert [series["label"] for series in curve["series"]] == ["Comment", "Repost"]
    by_time = {
        (moment - start) // 60: tuple(s["values"][at] for s in curve["series"]) for at, moment in enumerate(curve["x"])
    }
    assert by_time[0] == (1, 0)
    assert by_time[1] == (0, 1)
    assert by_time[120] == (1, 0)
    assert by_time[121] == (0, 0)
    assert by_time[3 * 24 * 60] == (1, 0)
    assert len(by_time) < 12
    assert curve["x"] == sorted(curve["x"])
    assert curve["unit"] == "a minute"


@pytest.mark.parametrize(("hours", "last"), [("1", 1), ("24", 120), ("999999999999", 4320), ("-5", 1), ("x", 4320)])
def test_the_curve_can_be_that_of_the_first_hours(staff: FlaskClient, post: ChannelPost, hours: str, last: int) -> None:
    curve = staff.get(f"{address(post)}/curve?hours={hours}").get_json()
    assert curve["x"][-1] == int(NOON.timestamp()) + (last + 1) * 60


def test_a_post_that_nobody_answered_has_a_page_and_an_empty_curve(staff: FlaskClient) -> None:
    quiet = make_post(make_account())
    assert "Nobody has answered yet" in staff.get(address(quiet)).text
    assert staff.get(f"{address(quiet)}/curve").get_json()["x"] == []


def test_parents_that_go_round_in_circles_are_drawn_all_the_same(staff: FlaskClient) -> None:
    account = make_account()
    post = make_post(account)
    receive(account, [incoming("a", parent_external_id="b"), incoming("b", parent_external_id="a")], NOON)
    page = staff.get(address(post))
    assert page.status_code == 200
    assert page.text.count('<circle class="dot ') == 3


def test_a_node_from_before_the_original_counts_as_at_once(staff: FlaskClient) -> None:
    account = make_account()
    post = make_post(account)
    come_in(account, "early", occurred_at=NOON - timedelta(hours=1))
    assert staff.get(address(post)).status_code == 200
    assert min(staff.get(f"{address(post)}/curve").get_json()["x"]) == int(NOON.timestamp())


def test_a_very_large_thread_is_drawn_without_its_small_branches(
    staff: FlaskClient, post: ChannelPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure, "MOST_DRAWN", 3)
    page = staff.get(address(post)).text
    assert page.count('<circle class="dot ') == 3
    assert "2 nodes in small branches are not drawn" in page
    assert "<title>甲 · +30 s" in page


def test_what_came_with_an_import_is_shown(staff: FlaskClient) -> None:
    load(parse(as_line(thread_line())), NOON)
    listed = staff.get("/inbox/threads").text
    link = re.search(r'href="(/inbox/threads/\w+)"', listed)
    assert link is not None
    page = staff.get(link.group(1)).text
    for words in ("non-rumor", "1,200", "福建", "u012345"):
        assert words in page


def test_words_of_strangers_stay_words(staff: FlaskClient) -> None:
    account = make_account()
    post = make_post(account, text="<script>alert(1)</script>")
    come_in(account, "c1", text="<img src=x onerror=alert(1)>", author_name="<b>x</b>")
    for page in (staff.get(address(post)).text, staff.get("/inbox").text, staff.get("/inbox/threads").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>x</b>" not in page


def test_a_fan_finds_no_threads(app: Flask, client: FlaskClient, post: ChannelPost) -> None:
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)
    assert client.get(address(post)).status_code == 404
    assert client.get(f"{address(post)}/curve").status_code == 404


def test_threads_are_listed_newest_or_largest_first_page_by_page(
    staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PAGE", 2)
    account = make_account()
    sizes = {"一": 2, "二": 5, "三": 2, "四": 9, "五": 1}
    for age, (text, size) in enumerate(sizes.items()):
        one = make_post(account, external_id=text, text=text)
        one.published_at = NOON - timedelta(days=age)
        receive(account, [incoming(f"{text}{n}", post_external_id=text) for n in range(size)], NOON)
    make_post(account, external_id="quiet", text="没有人")
    assert walk(staff, "/inbox/threads") == ["一", "二", "三", "四", "五"]
    assert walk(staff, "/inbox/threads?order=largest") == ["四", "二", "三", "一", "五"]
    assert staff.get("/inbox/threads?order=nonsense&before=%ff").status_code == 200


def walk(client: FlaskClient, address: str) -> list[str]:
    seen: list[str] = []
    while address:
        page = client.get(address).text
        seen += re.findall(r'thread-words"><a href="[^"]+">(.*?)</a>', page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = further.group(1).replace("&amp;", "&") if further else ""
    return seen
