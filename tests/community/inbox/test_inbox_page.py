"""The inbox as staff see it: everything, narrowed down, page by page, kept up to date, and as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.permissions import Permission, Role, allows
from community.channels.accounts import circle_account
from community.inbox import listing
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from tests.community.inbox.factories import come_in, incoming, make_account, make_post
from tests.factories import NOON, make_circle_post, make_fan, make_staff, make_user, sign_in


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    clock.set_to(NOON + timedelta(minutes=30))
    sign_in(client, make_staff(language="en"))
    return client


def texts(page: str) -> list[str]:
    return re.findall(r'<p class="inbox-text">(.*?)</p>', page)


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_may_read_it_find_it(app: Flask, client: FlaskClient, role: Role) -> None:
    sign_in(client, make_user(role, "某人"))
    expected = 200 if allows(role, Permission.INBOX_READ) else 404
    for address in ("/inbox", "/inbox/newer", "/inbox/inbox.csv", "/inbox/threads"):
        assert client.get(address, buffered=True).status_code == expected


def test_a_stranger_is_led_to_sign_in(app: Flask, client: FlaskClient) -> None:
    assert client.get("/inbox").status_code == 303


def test_an_empty_inbox_says_so_and_what_next(staff: FlaskClient) -> None:
    page = staff.get("/inbox")
    assert page.status_code == 200
    assert "Nothing has come back yet" in page.text
    assert 'href="/posts"' in page.text


def test_each_item_says_who_where_what_when_and_in_answer_to_what(staff: FlaskClient) -> None:
    account = make_account()
    make_post(account, text="春茶到店。")
    come_in(account, "c1", text="请问多少钱？")
    come_in(account, "c2", text="<b>88</b> 元", author_external_id="lao", author_name="老张", parent_external_id="c1")
    page = staff.get("/inbox").text
    assert texts(page) == ["&lt;b&gt;88&lt;/b&gt; 元", "请问多少钱？"]
    assert "In answer to 小满: 请问多少钱？" in page
    assert "Under the post “春茶到店。”" in page
    assert "elsewhere · 茶馆" in page
    assert "1 Mar 2026, 20:01" in page
    assert "1 Mar 2026, 20:00" in page
    assert "/inbox/threads/" in page


def test_an_item_of_the_circle_leads_to_its_place_there(staff: FlaskClient) -> None:
    fan, post = make_fan(), make_circle_post()
    come_in(circle_account(), "comment:1", author_external_id=fan.public_id, post_external_id=post.external_id)
    assert f'href="/circle/posts/{post.public_id}"' in staff.get("/inbox").text


def test_what_was_withdrawn_shows_no_words_and_what_waits_says_so(staff: FlaskClient) -> None:
    account = make_account()
    [gone, _waiting] = come_in(account, "c1", text="不该说") + come_in(account, "c2", parent_external_id="later")
    gone.withdrawn_at = NOON
    page = staff.get("/inbox").text
    assert "不该说" not in page
    assert "Withdrawn" in page
    assert "In answer to something that has not arrived yet" in page


def test_filters_narrow_by_kind_channel_post_author_words_and_days(staff: FlaskClient) -> None:
    account, other = make_account(), make_account(channel="imported")
    post = make_post(account)
    come_in(account, "c1", text="茶好香 100%", author_external_id="a", author_name="甲")
    [mention] = come_in(account, "c2", text="@茶馆", kind=InteractionKind.MENTION, post_external_id=None)
    come_in(other, "c3", text="Tea_time", at=NOON - timedelta(days=3))
    author = mention.author.public_id
    for query, expected in [
        ("kind=mention", ["@茶馆"]),
        ("channel=imported", ["Tea_time"]),
        (f"post={post.public_id}", ["茶好香 100%"]),
        (f"author={author}", ["@茶馆"]),
        ("q=0%25", ["茶好香 100%"]),
        ("q=tEA_", ["Tea_time"]),
        ("q=%25_", []),
        ("since=2026-03-01", ["@茶馆", "茶好香 100%"]),
        ("until=2026-02-27", ["Tea_time"]),
        ("since=2026-02-26&until=2026-02-26&kind=comment&channel=imported&q=time", ["Tea_time"]),
    ]:
        assert texts(staff.get(f"/inbox?{query}").text) == expected, query


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "channel=nowhere", "since=yesterday", "until=2026-13-45", "q=" + "x" * 101],
)
def test_a_filter_that_cannot_be_used_is_told_at_its_place(staff: FlaskClient, query: str) -> None:
    page = staff.get(f"/inbox?{query}")
    assert page.status_code == 422
    assert "The filter cannot be used" in page.text
    assert "field-error" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%ed%a0%80",
        "post=%ed%a0%80",
        "author=%27%3B--",
        "before=%f0%9f",
        "before=nobody",
        "since=0001-01-01&until=9999-12-31",
    ],
)
def test_hostile_addresses_find_nothing_or_everything_but_do_not_break(staff: FlaskClient, query: str) -> None:
    come_in(make_account(), "c1")
    assert staff.get(f"/inbox?{query}").status_code == 200
    assert staff.get(f"/inbox/newer?{query}&after=%ff").status_code == 200
    assert staff.get(f"/inbox/inbox.csv?{query}", buffered=True).status_code == 200


def test_pages_follow_each_other_without_a_gap(staff: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    account = make_account()
    for hour in range(5):
        some = [incoming(f"c{hour}-{n}", text=f"{hour}-{n}") for n in range(5)]
        receive(account, some, NOON + timedelta(hours=hour // 2))
    seen: list[str] = []
    address = "/inbox"
    while address:
        page = staff.get(address).text
        seen += texts(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [f"{hour}-{n}" for hour in reversed(range(5)) for n in reversed(range(5))]


def test_newer_ones_are_told_while_one_looks(staff: FlaskClient) -> None:
    account = make_account()
    [first] = come_in(account, "c1")
    page = staff.get("/inbox").text
    asks = re.search(r'hx-get="(/inbox/newer[^"]+)"', page)
    assert asks is not None
    assert f"after={first.public_id}" in asks.group(1)
    assert "btn" not in staff.get(asks.group(1)).text
    come_in(account, "c2", "c3", at=NOON + timedelta(minutes=1))
    assert "2 newer: show them" in staff.get(asks.group(1)).text
    assert "newer" not in texts(staff.get(f"{asks.group(1)}&kind=like").text)
    assert "newer: show" not in staff.get(f"{asks.group(1)}&kind=like").text


def test_very_many_newer_ones_are_not_counted_one_by_one(staff: FlaskClient) -> None:
    [first] = come_in(make_account(), "c0")
    receive(make_account(), [incoming(f"n{n}") for n in range(150)], NOON + timedelta(minutes=1))
    assert "More than 100 newer" in staff.get(f"/inbox/newer?after={first.public_id}").text


def sheet(answer: Any) -> list[list[str]]:
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_file_holds_what_the_filter_shows_oldest_first(staff: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 3)
    account = make_account()
    post = make_post(account)
    receive(account, [incoming(f"c{n}", text=f"第{n}") for n in range(8)], NOON)
    come_in(account, "like", kind=InteractionKind.LIKE, text="")
    head, *rows = sheet(staff.get("/inbox/inbox.csv?kind=comment", buffered=True))
    assert head[:8] == ["Received", "Platform time", "Channel", "Account", "Kind", "Author", "Author ID", "Text"]
    assert [row[7] for row in rows] == [f"第{n}" for n in range(8)]
    assert rows[0][:6] == ["2026-03-01 20:00:00", "2026-03-01 20:01:00", "elsewhere", "茶馆", "Comment", "小满"]
    assert rows[0][11:] == [post.public_id, "春茶到店。"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_only_text(staff: FlaskClient, text: str) -> None:
    come_in(make_account(), "c1", text=text)
    assert sheet(staff.get("/inbox/inbox.csv", buffered=True))[1][7] == "'" + text


def test_the_summary_counts_the_last_hour_and_day(staff: FlaskClient) -> None:
    account = make_account()
    receive(account, [incoming(f"now{n}", author_external_id=f"a{n % 3}") for n in range(12)], NOON)
    come_in(account, "today", at=NOON - timedelta(hours=20))
    come_in(account, "before", at=NOON - timedelta(days=2))
    found = listing.pulse(clock.now())
    assert (found.hour, found.day, found.people, found.last) == (12, 13, 4, NOON)
