"""The circle in a real browser: what arrives by itself, and what must not get lost meanwhile."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, expect

from commons import clock
from commons.db import db
from community.channels.models import ChannelPost
from community.circle import checking_in
from community.members.models import Member
from tests.community.circle.factories import make_comment
from tests.factories import PASSWORD, make_circle_post, make_fan
from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows, come_in
from tests.servers.processes import await_true

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


@pytest.fixture
def post(beside: Flask) -> ChannelPost:
    made = make_circle_post()
    db.session.commit()
    return made


@pytest.fixture
def fan(beside: Flask) -> Member:
    made = make_fan("小满")
    db.session.commit()
    return made


@pytest.fixture
def page(windows: Windows, post: ChannelPost, fan: Member) -> Page:
    """The fan's phone, signed in."""
    assert fan.user is not None
    address = fan.user.email
    db.session.commit()
    return come_in(windows.open(size=PHONE), address, PASSWORD)


def test_new_posts_come_in_on_top_and_are_told_of(page: Page, post: ChannelPost) -> None:
    page.goto("/circle")
    posts = page.locator("article.post")
    before = posts.count()
    for text in ("第二泡", "第三泡"):
        make_circle_post(text)
    db.session.commit()
    expect(posts).to_have_count(before + 2)
    expect(posts.first).to_contain_text("第三泡")
    expect(page.locator("#feed-news")).to_have_text(re.compile("2"))
    make_circle_post("第四泡")
    db.session.commit()
    expect(posts).to_have_count(before + 3)
    expect(posts.first).to_contain_text("第四泡")


def test_a_draft_and_its_focus_outlive_what_others_say(page: Page, post: ChannelPost) -> None:
    old = make_comment(post, make_fan("阿青"), "旧的一句")
    db.session.commit()
    page.goto(f"/circle/posts/{post.public_id}")
    area = page.locator("#text-new")
    area.press_sequentially("我正在写")
    make_comment(post, make_fan("老周"), "新的一句")
    make_comment(post, make_fan("小林"), "回复旧的", reply_to=old)
    db.session.commit()
    expect(page.locator("#threads")).to_contain_text("新的一句")
    expect(page.locator(f"#replies-{old.public_id}")).to_contain_text("回复旧的")
    expect(page.locator("#comment-count")).to_have_text("3")
    area.press_sequentially("一半")
    expect(area).to_be_focused()
    expect(area).to_have_value("我正在写一半")


def test_a_comment_appears_once_and_the_form_is_ready_again(page: Page, post: ChannelPost) -> None:
    page.goto(f"/circle/posts/{post.public_id}")
    expect(page.locator("#no-comments")).to_be_visible()
    page.fill("#text-new", "好茶!")
    page.locator("#text-new").press("Control+Enter")
    expect(page.locator(".thread")).to_have_count(1)
    expect(page.locator(".thread")).to_contain_text("好茶!")
    expect(page.locator("#text-new")).to_have_value("")
    expect(page.locator("#no-comments")).to_have_count(0)
    page.reload()
    expect(page.locator("#text-new")).to_have_value("")
    expect(page.locator(".thread")).to_have_count(1)


def test_an_answer_to_an_answer_begins_with_its_name(page: Page, post: ChannelPost) -> None:
    root = make_comment(post, make_fan("阿青"), "有人喝过吗")
    make_comment(post, make_fan("老周"), "喝过", reply_to=root)
    db.session.commit()
    page.goto(f"/circle/posts/{post.public_id}")
    page.click("[data-mention]")
    area = page.locator(f"#text-{root.public_id}")
    expect(area).to_have_value("@老周 ")
    expect(area).to_be_focused()
    area.press_sequentially("怎么样")
    page.click(f"#send-{root.public_id}")
    expect(page.locator(f"#replies-{root.public_id}")).to_contain_text("@老周 怎么样")


def test_a_draft_is_there_again_after_a_reload(page: Page, post: ChannelPost) -> None:
    page.goto(f"/circle/posts/{post.public_id}")
    page.fill("#text-new", "写到一半")
    await_true(lambda: page.evaluate("Object.values(sessionStorage).includes('写到一半')"), "the draft is kept")
    page.reload()
    expect(page.locator("#text-new")).to_have_value("写到一半")


def test_whoever_signs_out_leaves_no_words_behind(page: Page, post: ChannelPost) -> None:
    page.goto(f"/circle/posts/{post.public_id}")
    page.fill("#text-new", "写到一半")
    await_true(lambda: page.evaluate("Object.values(sessionStorage).includes('写到一半')"), "the draft is kept")
    page.click(".account-menu summary")

    page.click("[data-sign-out]")

    expect(page.locator(".btn-signin")).to_be_visible()
    assert not page.evaluate("Object.values(sessionStorage).includes('写到一半')")


def test_words_that_were_begun_are_there_for_the_same_person_only(page: Page, post: ChannelPost, fan: Member) -> None:
    page.goto(f"/circle/posts/{post.public_id}")
    page.fill("#text-new", "写到一半")
    await_true(lambda: page.evaluate("Object.values(sessionStorage).includes('写到一半')"), "the draft is kept")
    other = make_fan("老周").user
    assert other is not None
    address = other.email
    db.session.commit()
    page.context.clear_cookies()

    come_in(page, address, PASSWORD)
    page.goto(f"/circle/posts/{post.public_id}")

    expect(page.locator("#text-new")).to_have_value("")


def test_too_many_characters_are_counted_before_they_are_sent(page: Page, post: ChannelPost) -> None:
    page.goto(f"/circle/posts/{post.public_id}")
    page.fill("#text-new", "👨‍👩‍👧‍👦" * 501)
    expect(page.locator("[data-counter-for=text-new]")).to_have_class(re.compile("is-over"))
    page.fill("#text-new", "👨‍👩‍👧‍👦" * 500)
    expect(page.locator("[data-counter-for=text-new]")).not_to_have_class(re.compile("is-over"))


def test_withdrawing_asks_first_and_leaves_a_word_in_its_place(page: Page, post: ChannelPost, fan: Member) -> None:
    make_comment(post, fan, "我说错了")
    db.session.commit()
    page.goto(f"/circle/posts/{post.public_id}")
    page.click(".comment-who .confirm summary")
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#threads")).to_contain_text("我说错了")
    page.click(".comment-who .confirm summary")
    dialog.locator(".btn-danger, [type=submit]").first.click()
    expect(page.locator("#threads")).not_to_contain_text("我说错了")
    expect(page.locator(".comment-gone")).to_be_visible()
    expect(page.locator("#comment-count")).to_have_text("0")


def test_a_like_shows_at_once_and_goes_back_if_it_was_not_taken(page: Page, post: ChannelPost) -> None:
    page.goto("/circle")
    button = page.locator(f"#like-button-{post.public_id}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("1")
    expect(page.locator(f"#like-{post.public_id} [name=on]")).to_have_value("0")
    page.route("**/like", lambda route: route.fulfill(status=500, body="", content_type="text/plain"))
    button.click()
    expect(page.locator(".flash-bad")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("1")


def test_the_share_panel_holds_an_own_address_and_its_code(page: Page, post: ChannelPost) -> None:
    page.goto("/circle")
    page.click(f"#post-{post.public_id} form[action$=share] button")
    panel = page.locator(f"#share-{post.public_id}")
    expect(panel.locator("input")).to_have_value(re.compile(r"/l/\w+$"))
    panel.locator("summary").click()
    picture = panel.locator("img")
    expect(picture).to_be_visible()
    await_true(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"), "the picture is there")
    assert not violations(page)


def test_points_and_level_move_before_the_eyes(page: Page, post: ChannelPost, fan: Member) -> None:
    from community.loyalty import ledger
    from community.loyalty.models import Currency

    ledger.earn(fan, Currency.GROWTH, 47, key=f"nearly:{fan.public_id}", at=clock.now())
    db.session.commit()
    page.goto("/circle/me")
    expect(page.locator("#points")).to_have_text("0")
    page.click("#check-in form button")
    expect(page.locator("#points")).to_have_text("2")
    expect(page.locator("#streak .day.is-done")).to_have_count(1)
    expect(page.locator("#level-news")).to_be_empty()
    make_comment(post, fan, "好茶!")
    db.session.commit()
    expect(page.locator("#points")).to_have_text("7")
    expect(page.locator("#standing-name")).to_have_text("常客")
    expect(page.locator("#level-news")).to_contain_text("常客")
    expect(page.locator("#reasons .fact")).to_have_count(3)
    assert not violations(page)


def test_nobody_is_asked_while_nobody_looks(page: Page, post: ChannelPost) -> None:
    page.goto("/circle")
    asked: list[str] = []

    def note(request: Request) -> None:
        if "arrivals" in request.url:
            asked.append(request.url)

    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.isAway})")
    page.evaluate("window.isAway = true")
    page.on("request", note)
    for _ in range(3):
        page.evaluate("document.getElementById('feed-poller').dispatchEvent(new CustomEvent('every'))")
    with page.expect_request(re.compile("arrivals")):
        page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert len(asked) == 1


def test_the_card_is_public_while_it_is_switched_on(page: Page, windows: Windows, fan: Member) -> None:
    page.goto("/circle/me")
    page.click("#card-button")
    expect(page.locator("#card a[href*='/circle/cards/']")).to_be_visible()
    stranger = windows.open(size=LAPTOP, language="en")
    stranger.goto(f"/circle/cards/{fan.public_id}")
    expect(stranger.locator("h1")).to_have_text("小满")
    assert not violations(stranger)
    page.click("#card-button")
    expect(page.locator("#card a[href*='/circle/cards/']")).to_have_count(0)
    answer = stranger.reload()
    assert answer is not None
    assert answer.status == 404


def test_everything_can_be_done_without_scripts(windows: Windows, page: Page, post: ChannelPost, fan: Member) -> None:
    plain = windows.open(size=PHONE, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"/circle/posts/{post.public_id}")
    plain.fill("#text-new", "没有脚本也能说话")
    plain.click("#send-new")
    expect(plain.locator(".thread")).to_contain_text("没有脚本也能说话")
    plain.click(f"#like-button-{post.public_id}")
    expect(plain.locator(f"#like-button-{post.public_id}")).to_have_attribute("aria-pressed", "true")
    plain.goto("/circle")
    plain.click("#check-in form button")
    expect(plain.locator("#check-in.is-done")).to_be_visible()
    assert len(checking_in.days_of(fan)) == 1
    db.session.commit()
    plain.goto(f"/circle/posts/{post.public_id}")
    plain.click("form[action$=share] button")
    expect(plain.locator(".share input")).to_have_value(re.compile("/l/"))
