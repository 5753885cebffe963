"""Comments on the page: writing, arriving, withdrawing, addresses."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.channels.models import ChannelPost
from community.circle import commenting, threads
from community.inbox.models import Interaction
from community.members.models import Member
from tests.community.circle.factories import HTMX, make_comment
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in


@pytest.fixture
def post(app: Flask) -> ChannelPost:
    clock.set_to(NOON)
    return make_circle_post(at=NOON)


@pytest.fixture
def fan(app: Flask) -> Member:
    return make_fan("小满")


@pytest.fixture
def browser(client: FlaskClient, fan: Member) -> FlaskClient:
    """The fan's browser."""
    assert fan.user is not None
    sign_in(client, fan.user)
    return client


def address_of(post: ChannelPost) -> str:
    return f"/circle/posts/{post.public_id}"


def said(post: ChannelPost) -> list[Interaction]:
    return list(db.session.scalars(threads.comments_of(post).order_by(Interaction.id)))


def test_a_plain_form_posts_and_leads_to_the_comment_in_its_place(browser: FlaskClient, post: ChannelPost) -> None:
    form = {"text": "好茶!", "key": "onekey0001", "reply_to": ""}
    answer = browser.post(f"{address_of(post)}/comments", data=form)
    comment = said(post)[0]
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address_of(post)}?start={comment.public_id}#comment-{comment.public_id}"
    assert "好茶!" in browser.get(answer.headers["Location"].split("#")[0]).text


def test_htmx_gets_an_empty_form_back_and_the_list_is_told_to_look(browser: FlaskClient, post: ChannelPost) -> None:
    form = {"text": "好茶!", "key": "onekey0001", "reply_to": ""}
    answer = browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "circle:said"
    assert "data-said" in answer.text
    assert "onekey0001" not in answer.text
    assert "好茶!" not in answer.text


def test_a_double_tap_makes_one_comment(browser: FlaskClient, post: ChannelPost) -> None:
    form = {"text": "好茶!", "key": "onekey0001", "reply_to": ""}
    for _ in range(3):
        assert browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX).status_code == 200
    assert len(said(post)) == 1


@pytest.mark.parametrize("text", ["", " \u200b ", "字" * 501])
def test_a_refusal_keeps_the_words_in_the_form(browser: FlaskClient, post: ChannelPost, text: str) -> None:
    form = {"text": text, "key": "onekey0001", "reply_to": ""}
    answer = browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert f"{text}</textarea>" in answer.text
    assert said(post) == []


def test_haste_is_answered_with_429_and_keeps_the_words(browser: FlaskClient, post: ChannelPost, fan: Member) -> None:
    for number in range(commenting.MOST_A_MINUTE):
        make_comment(post, fan, f"第 {number} 句")
    form = {"text": "再来一句", "key": "onekey0001", "reply_to": ""}
    answer = browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX)
    assert answer.status_code == 429
    assert "再来一句</textarea>" in answer.text


def test_a_reply_hangs_under_its_thread(browser: FlaskClient, post: ChannelPost) -> None:
    root = make_comment(post, make_fan("阿青"))
    form = {"text": "同感", "key": "onekey0001", "reply_to": root.public_id}
    browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX)
    assert said(post)[1].parent_id == root.id


def test_nobody_answers_a_comment_of_another_post(browser: FlaskClient, post: ChannelPost) -> None:
    elsewhere = make_comment(make_circle_post(at=NOON), make_fan("阿青"))
    form = {"text": "同感", "key": "onekey0001", "reply_to": elsewhere.public_id}
    assert browser.post(f"{address_of(post)}/comments", data=form, headers=HTMX).status_code == 404


def test_strangers_are_led_to_sign_in_and_mute_staff_find_nothing(client: FlaskClient, post: ChannelPost) -> None:
    form = {"text": "好茶!", "key": "onekey0001", "reply_to": ""}
    assert client.post(f"{address_of(post)}/comments", data=form).status_code == 303
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.post(f"{address_of(post)}/comments", data=form).status_code == 404
    assert said(post) == []


def test_staff_speak_as_the_brand_with_its_label(client: FlaskClient, post: ChannelPost) -> None:
    sign_in(client, make_staff(name="阿岚"))
    form = {"text": "谢谢大家", "key": "onekey0001", "reply_to": ""}
    client.post(f"{address_of(post)}/comments", data=form)
    page = client.get(address_of(post)).text.split('id="threads"')[1]
    assert "staff-label" in page
    assert "阿岚" not in page


def test_new_comments_arrive_without_touching_what_somebody_types(browser: FlaskClient, post: ChannelPost) -> None:
    old = make_comment(post, make_fan("阿青"), "旧的")
    mark = threads.page(post).newest
    poll = f"{address_of(post)}/comments/arrivals?after={mark}&top=1"
    assert browser.get(poll, headers=HTMX).status_code == 204
    clock.advance(minutes=1)
    make_comment(post, make_fan("老周"), "新的一句")
    make_comment(post, make_fan("小林"), "回复旧的", reply_to=old)
    answer = browser.get(poll, headers=HTMX).text
    assert "新的一句" in answer
    assert f'hx-target="#replies-{old.public_id}"' in answer
    assert 'id="composer-new"' not in answer
    assert 'hx-target="#comment-count" hx-swap="textContent">3<' in answer


def test_on_an_older_page_new_threads_are_announced_instead_of_mixed_in(
    browser: FlaskClient, post: ChannelPost
) -> None:
    make_comment(post, make_fan("阿青"), "旧的")
    mark = threads.page(post).newest
    make_comment(post, make_fan("老周"), "新的一句")
    answer = browser.get(f"{address_of(post)}/comments/arrivals?after={mark}&top=0", headers=HTMX).text
    assert "新的一句" not in answer
    assert 'hx-target="#newer"' in answer


def test_hundreds_of_comments_come_in_pages(browser: FlaskClient, post: ChannelPost) -> None:
    fan = make_fan("阿青")
    for number in range(25):
        make_comment(post, fan, f"第{number}句", NOON + timedelta(minutes=number))
    page = browser.get(address_of(post)).text
    assert page.count('class="thread"') == 20
    older = parse_qs(urlsplit(page.split('id="threads-more"')[1].split('href="')[1].split('"')[0]).query)["before"][0]
    fragment = browser.get(f"{address_of(post)}?before={older}", headers=HTMX).text
    assert fragment.count('class="thread"') == 5
    assert "<html" not in fragment


def test_every_comment_has_an_address_of_its_own(client: FlaskClient, post: ChannelPost) -> None:
    fan = make_fan("阿青")
    root = make_comment(post, fan, at=NOON)
    replies = [make_comment(post, fan, f"第{n}句", NOON + timedelta(minutes=n + 1), root) for n in range(6)]
    answer = client.get(f"/circle/comments/{replies[0].public_id}")
    assert answer.headers["Location"].endswith(f"#comment-{replies[0].public_id}")
    page = client.get(answer.headers["Location"].split("#")[0]).text
    assert f'id="comment-{replies[0].public_id}"' in page


def test_earlier_replies_come_as_lines_and_without_scripts_as_a_page(client: FlaskClient, post: ChannelPost) -> None:
    fan = make_fan("阿青")
    root = make_comment(post, fan, at=NOON)
    replies = [make_comment(post, fan, f"第{n}句", NOON + timedelta(minutes=n + 1), root) for n in range(6)]
    address = f"/circle/comments/{replies[3].public_id}/earlier"
    fragment = client.get(address, headers=HTMX).text
    assert [f"第{n}句" in fragment for n in range(6)] == [True, True, True, False, False, False]
    whole = client.get(client.get(address).headers["Location"].split("#")[0]).text
    assert all(f"第{n}句" in whole for n in range(6))


def test_the_author_withdraws_and_nobody_else_can(browser: FlaskClient, post: ChannelPost, fan: Member) -> None:
    mine, others = make_comment(post, fan, "我说错了"), make_comment(post, make_fan("阿青"), "我没错")
    answer = browser.post(f"/circle/comments/{mine.public_id}/withdraw", headers=HTMX)
    assert "comment-gone" in answer.text
    assert browser.post(f"/circle/comments/{others.public_id}/withdraw", headers=HTMX).status_code == 404
    page = browser.get(address_of(post)).text
    assert "我说错了" not in page
    assert "我没错" in page


def test_only_own_comments_offer_to_be_withdrawn(browser: FlaskClient, post: ChannelPost, fan: Member) -> None:
    mine, others = make_comment(post, fan), make_comment(post, make_fan("阿青"))
    page = browser.get(address_of(post)).text
    assert f"/circle/comments/{mine.public_id}/withdraw" in page
    assert f"/circle/comments/{others.public_id}/withdraw" not in page


def test_hostile_words_are_shown_and_harm_nothing(browser: FlaskClient, post: ChannelPost) -> None:
    text = "<img src=x onerror=alert(1)> \u202egnp.exe " + "e" + "\u0301" * 60
    browser.post(f"{address_of(post)}/comments", data={"text": text, "key": "onekey0001", "reply_to": ""})
    page = browser.get(address_of(post)).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "\u202e" not in page
    assert "\u0301" * 10 not in page


def test_a_comment_earns_and_taking_it_back_takes_that_back(
    browser: FlaskClient, post: ChannelPost, fan: Member
) -> None:
    from community.loyalty.accounts import balance
    from community.loyalty.models import Currency

    mine = make_comment(post, fan)
    assert balance(fan, Currency.POINTS) == 5
    browser.post(f"/circle/comments/{mine.public_id}/withdraw", headers=HTMX)
    assert balance(fan, Currency.POINTS) == 0


def test_the_level_of_a_regular_stands_beside_the_name(client: FlaskClient, post: ChannelPost, fan: Member) -> None:
    from community.loyalty import ledger
    from community.loyalty.models import Currency

    make_comment(post, fan)
    assert "level-word" not in client.get(address_of(post)).text
    ledger.earn(fan, Currency.GROWTH, 60, key="test", at=NOON)
    assert "level-word" in client.get(address_of(post)).text
