"""The composer in a real browser: honest counters at every keystroke, words that follow, two people in one draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from campaigns.links.making import make_link
from campaigns.posts.counting import count, shown
from campaigns.posts.models import BrandPost, SnippetKind
from campaigns.posts.snippets import make
from campaigns.publishing.models import Delivery
from commons import clock
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import accept, circle_account
from community.channels.models import ChannelAccount
from community.channels.protocol import Connection, Counting
from community.channels.wording import text_sent
from community.circle.wording import tidy
from tests.campaigns.posts.factories import make_post
from tests.commons.media.pictures import a_picture
from tests.factories import PASSWORD, make_fan, make_staff
from tests.servers.axe import violations
from tests.servers.browser import PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

WAYS = [Counting(), Counting(url=23, short_mentions=True), Counting(unit="halves"), Counting(short_addresses=True)]
HARD = [
    "",
    "今天的茶，三泡之后才开口。",
    "👨‍👩‍👧‍👦👍🏽🏴󠁧󠁢󠁳󠁣󠁴󠁿🇨🇳🇭🇰❤️‍🔥1️⃣",
    "é café à̧̖ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "각 한국어 ᄀᄀᄀ각ᆨᆨ",
    "क्षि স্ত্র நி ก็ ക്ഷ ສະບາຍດີ",
    "مرحبا \u202eعكس\u202c بالعالم",
    "𠮷野家 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🀄️",
    "一\r\n二\n\n\n\n三\t四   \n",
    "看https://example.org/a/very/long/path?with=query#and-more，好 (https://a.org/b_(c)). http://localhost:8000/x",
    "https://例子.测试/茶 https://a.cn这里 https://m.social/@tea@far.away http://a.b.c.example.com:8080",
    "@tea@mastodon.social @tea.house@社.中国! mail@example.org @tea，@a@b.c",
    "https://www.example.org/ https://www.example.org/a/very/long/path/😀😀?x=1). (https://a.org/x_(y)) https:// HTTPS://A.ORG/",
    "{link} 在前面 {link}",
    "看  {link}\n#春茶 #茶",
    "https://q.cn/l/xxxxxxxx 已经在了",
    "https://q.cn/l/xxxxxxxxyz 是别的",
    "字" * 4000 + "😀" * 200,
]
LINKS = ["", "https://q.cn/l/xxxxxxxx"]


@pytest.fixture
def author(beside: Flask) -> User:
    made = make_staff(name="阿岚")
    db.session.commit()
    return made


@pytest.fixture
def accounts(beside: Flask) -> Sequence[ChannelAccount]:
    """One on Mastodon, one on Bluesky, one on Weibo."""
    made = [accept(Connection(name, name, {}), name, clock.now()) for name in ("mastodon", "bluesky", "weibo")]
    db.session.commit()
    return made


@pytest.fixture
def post(author: User) -> BrandPost:
    made = make_post(author, text="今天的茶")
    db.session.commit()
    return made


def signed_in(windows: Windows, user: User, **how: object) -> Page:
    address = user.email or ""
    db.session.commit()  # an open transaction would hold the server up
    return come_in(windows.open(language="en", **how), address, PASSWORD)  # type: ignore[arg-type]


def composing(page: Page, post: BrandPost) -> Page:
    page.goto(post.url)
    page.wait_for_selector("#composer[data-ready]")
    return page


def meter(page: Page, account: ChannelAccount) -> str:
    return page.locator(f'[data-meter="{account.public_id}"] [data-meter-words]').inner_text()


def test_the_browser_and_the_server_count_the_same(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    page = composing(signed_in(windows, author), post)
    cases = [(text, link, first, way) for text in HARD for link in LINKS for first in (True, False) for way in range(4)]
    there = page.evaluate(
        """async ([cases, ways]) => {
            const counting = await import(document.querySelector('meta[name="counting-module"]').content);
            return cases.map(([text, link, first, way]) => {
                const sent = counting.textSent(counting.tidy(text), link, first);
                return [counting.count(sent, ways[way]), counting.bytes(sent, ways[way])];
            });
        }""",
        [
            [list(case) for case in cases],
            [
                {
                    "unit": way.unit,
                    "url": way.url,
                    "shortMentions": way.short_mentions,
                    "shortAddresses": way.short_addresses,
                }
                for way in WAYS
            ],
        ],
    )
    sent = [text_sent(tidy(text), link, first) for text, link, first, _way in cases]
    here = [
        [count(words, WAYS[case[3]]), len(shown(words, WAYS[case[3]]).encode())]
        for words, case in zip(sent, cases, strict=True)
    ]
    assert there == here


def test_an_ad_counts_its_label_where_the_channel_has_none(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    page = composing(signed_in(windows, author), post)
    network = next(account for account in accounts if account.channel == "mastodon")
    for account in (network, circle_account()):
        page.check(f'input[name=channel][value="{account.public_id}"]')
    page.fill("#text", "茶")
    before = meter(page, network), meter(page, circle_account())

    page.check("input[name=ad]")

    after = meter(page, network), meter(page, circle_account())
    assert (before[0].split(" ")[0], after[0].split(" ")[0]) == ("1", "5")
    assert before[1] == after[1]


def test_a_keystroke_reaches_every_counter_within_fifty_milliseconds(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    page = composing(signed_in(windows, author), post)
    for account in accounts:
        page.check(f'input[name=channel][value="{account.public_id}"]')
    shared = page.locator('[data-parts="more"]').first
    for number in range(8):
        shared.locator("[data-part-add]").click()
        shared.locator("textarea").last.fill(f"第{number}段 https://example.org/ " * 9)
    page.fill("#text", "今天的茶 👨‍👩‍👧‍👦 https://example.org/ @tea@m.social " * 60)
    spent = page.evaluate(
        """() => ["#text", '[data-parts="more"] textarea'].map((where) => {
            const area = document.querySelector(where);
            const spent = [];
            for (let number = 0; number < 20; number += 1) {
                area.value += "茶";
                const began = performance.now();
                area.dispatchEvent(new Event("input", { bubbles: true }));
                document.body.offsetHeight;
                spent.push(performance.now() - began);
            }
            return spent.sort((one, other) => one - other)[17];
        })"""
    )
    assert max(spent) < 50
    long = page.input_value("#text")
    used = count(tidy(long), Counting(short_addresses=True))
    assert meter(page, accounts[1]).startswith(f"{used:,} / 300")
    assert f"{used - 300:,} too many" in meter(page, accounts[1])


def test_a_channel_follows_until_it_is_edited_and_follows_again(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    page = composing(signed_in(windows, author), post)
    key = accounts[0].public_id
    page.check(f'input[name=channel][value="{key}"]')
    variant = page.locator(f'[data-variant="{key}"]')
    variant.locator("summary").click()
    page.fill("#text", "大家的话")
    expect(variant.locator(f"#text-{key}")).to_have_value("大家的话")
    variant.locator(f"#text-{key}").fill("只在这里")
    expect(variant.locator('[data-own="text"]')).to_contain_text("Edited for this channel")
    page.fill("#text", "大家的新话")
    expect(variant.locator(f"#text-{key}")).to_have_value("只在这里")
    assert meter(page, accounts[0]) == "4 / 500"
    expect(page.locator(f'[data-preview="{key}"]')).to_contain_text("只在这里")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved at")
    page.reload()
    page.wait_for_selector("#composer[data-ready]")
    expect(page.locator(f"#text-{key}")).to_have_value("只在这里")
    page.locator(f'[data-variant="{key}"] [data-own="text"] [data-follow]').click()
    expect(page.locator(f"#text-{key}")).to_have_value("大家的新话")
    assert meter(page, accounts[0]) == "5 / 500"
    assert violations(page) == []


def test_a_thread_grows_shrinks_and_changes_its_order(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    page = composing(signed_in(windows, author, size=PHONE), post)
    page.check(f'input[name=channel][value="{accounts[1].public_id}"]')
    shared = page.locator('[data-parts="more"]').first
    for words in ("第二", "第三", "第四"):
        shared.locator("[data-part-add]").click()
        shared.locator("textarea").last.fill(words)
    shared.locator('[data-part-act="up"]').nth(2).click()
    shared.locator('[data-part-act="remove"]').nth(0).click()
    expect(shared.locator("textarea").nth(0)).to_have_value("第四")
    expect(shared.locator("textarea").nth(1)).to_have_value("第三")
    expect(shared.locator("[data-part-count]").nth(0)).to_contain_text("2 / 300")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator('[data-parts="more"]').first.locator("textarea")).to_have_count(2)
    db.session.expire_all()
    assert post.more == ["第四", "第三"]
    db.session.commit()
    assert violations(page) == []


def test_names_are_offered_after_an_at_and_sets_go_in_at_the_caret(
    windows: Windows, author: User, post: BrandPost
) -> None:
    make_fan("小满爱茶")
    make(SnippetKind.HASHTAGS, "春天", "春茶 新茶", by=author, at=clock.now())
    db.session.commit()
    page = composing(signed_in(windows, author), post)
    page.fill("#text", "谢谢 ")
    page.locator("#text").press_sequentially("@小满")
    offer = page.locator("#text-mentions [role=option]")
    expect(offer).to_contain_text("小满爱茶")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("谢谢 @小满爱茶 ")
    page.locator(".insert summary").nth(1).click()
    page.locator('[data-insert="#春茶 #新茶"]').click()
    expect(page.locator("#text")).to_have_value(re.compile("谢谢 @小满爱茶 #春茶 #新茶"))


def test_two_people_in_one_draft_see_each_other_and_neither_overwrites(
    windows: Windows, author: User, post: BrandPost
) -> None:
    colleague = make_staff(name="小周")
    db.session.commit()
    mine, theirs = signed_in(windows, author), signed_in(windows, colleague)
    composing(mine, post)
    composing(theirs, post)
    expect(theirs.locator("#presence")).to_contain_text("阿岚 is in this draft")
    theirs.fill("#text", "小周写的")
    expect(theirs.locator("[data-autosave-state]")).to_contain_text("Saved at")
    mine.fill("#text", "阿岚写的")
    expect(mine.locator("[data-autosave-state]")).to_contain_text("Somebody else saved this post")
    mine.get_by_role("button", name="Save draft").click()
    expect(mine.locator("main")).to_contain_text("小周写的")
    expect(mine.locator("#text")).to_have_value("阿岚写的")
    mine.fill("#text", "阿岚写的，再加一句")
    mine.wait_for_timeout(1200)
    db.session.expire_all()
    assert post.text == "小周写的"
    db.session.commit()
    expect(mine.locator("[data-autosave-state]")).to_have_attribute("data-state", "unsaved")
    mine.get_by_role("button", name="Save draft").click()
    expect(mine.locator("[data-autosave-state]")).to_have_attribute("data-state", "saved")
    db.session.expire_all()
    assert post.text == "阿岚写的，再加一句"
    db.session.commit()


def test_a_picture_that_came_in_is_in_the_preview_and_wants_words(
    windows: Windows, author: User, post: BrandPost
) -> None:
    page = composing(signed_in(windows, author), post)
    page.set_input_files("input[name=files]", {"name": "tea.jpg", "mimeType": "image/jpeg", "buffer": a_picture()})
    expect(page.locator("#preview .picture")).to_have_count(1)
    expect(page.locator("#preview")).to_contain_text("Describe picture 1")
    expect(page.locator("#lacking")).to_contain_text("1 thing to do")
    page.fill(".alt-words", "一壶茶")
    expect(page.locator("#preview .picture")).to_have_attribute("alt", "一壶茶")
    expect(page.locator("#lacking")).not_to_contain_text("thing to do")


def test_a_link_to_something_for_sale_counts_the_ad_label_at_once(
    windows: Windows, author: User, post: BrandPost, accounts: Sequence[ChannelAccount]
) -> None:
    sold = make_link("/groupbuys/abc", by=author, at=clock.now()).public_id
    plain = make_link("/circle", by=author, at=clock.now()).public_id
    db.session.commit()
    page = composing(signed_in(windows, author), post)
    page.check(f'input[name=channel][value="{accounts[0].public_id}"]')
    page.select_option("#link", plain)
    before = int(meter(page, accounts[0]).split(" ")[0])
    page.select_option("#link", sold)
    assert int(meter(page, accounts[0]).split(" ")[0]) == before + len("【广告】")


def test_what_cannot_be_saved_is_told_why_and_is_not_left_behind_unasked(
    windows: Windows, author: User, post: BrandPost
) -> None:
    page = composing(signed_in(windows, author), post)
    page.evaluate("document.querySelector('#text').value = '长'.repeat(20001)")
    page.locator("#text").press_sequentially("长")
    expect(page.locator("[data-autosave-state]")).to_contain_text("20000")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/posts')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith(post.url)


def test_a_new_post_can_be_thrown_away_as_soon_as_it_is_kept(windows: Windows, author: User) -> None:
    page = signed_in(windows, author)
    page.goto("/posts/new")
    page.wait_for_selector("#composer[data-ready]")
    discard = page.get_by_role("button", name="Discard")
    expect(discard).to_be_hidden()
    page.fill("#text", "doch nicht")
    discard.click()
    expect(page.locator("main")).to_contain_text("The post was discarded")


def test_sending_at_once_is_asked_about_first(windows: Windows, author: User, post: BrandPost) -> None:
    page = composing(signed_in(windows, author), post)
    page.locator("#delivery [data-confirm] summary").click()
    expect(page.locator("dialog[open]")).to_contain_text("cannot be called back")
    page.locator("dialog[open] [data-close]").click()
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0
    db.session.commit()
    page.locator("#delivery [data-confirm] summary").click()
    page.locator("dialog[open] [formaction$='/now']").click()
    expect(page.locator("#delivery")).to_contain_text("Scheduled")
