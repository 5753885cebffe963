"""What fans see of a page, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from PIL import Image
from sqlalchemy import select

from campaigns.pages import blocks, drafting
from campaigns.pages.blocks import Block, BlockForm, BlockKind, Scene
from campaigns.pages.rendering import fans_page, shown
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.db import db
from commons.media.forgetting import tidy
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.slots import Slot
from community.circle.checking_in import check_in
from community.loyalty.ranking import boards
from community.reviews import featuring
from tests.campaigns.factories import make_campaign, make_offer, mission
from tests.campaigns.pages.factories import a_page, published, text, writer
from tests.community.circle.factories import counted_queries
from tests.community.reviews.factories import published as a_share
from tests.community.reviews.factories import reviewer
from tests.factories import make_circle_post, make_fan

IN_ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def campaign(app: Flask, at: datetime) -> Campaign:
    return make_campaign(mission(MissionKind.CHECK_IN))


def a_picture(at: datetime) -> Picture:
    file = BytesIO()
    Image.new("RGB", (64, 48), "tan").save(file, "PNG")
    file.seek(0)
    return keep(file, "table.png", None, at)


def html(app: Flask, campaign: Campaign, *pieces: Block, language: str = "zh_Hans") -> str:
    with app.test_request_context(), force_locale(language):
        return str(fans_page(list(pieces), campaign, None, clock.now()).html())


def test_a_page_nobody_wrote_shows_the_usual_blocks(client: FlaskClient, campaign: Campaign) -> None:
    make_circle_post("第一泡", campaign_id=campaign.id)
    make_offer(campaign=campaign, title="龙井团购")
    page = client.get(f"/participation/{campaign.public_id}").text
    for words in (campaign.title, campaign.summary, "第一泡", "龙井团购", "check_in × 1"):
        assert words in page
    assert page.count("<h1") == 1


def test_fans_see_what_was_published_and_no_draft(client: FlaskClient, campaign: Campaign, at: datetime) -> None:
    page = a_page(campaign, "已经发布的话")
    published(page)
    drafting.change(page, "text0", text("还没发布的话"), revision=page.revision, by=writer(), at=at)
    seen = client.get(f"/participation/{campaign.public_id}").text
    assert "已经发布的话" in seen
    assert "还没发布的话" not in seen


def test_words_stand_in_the_visitors_language_or_are_marked_with_theirs(app: Flask, campaign: Campaign) -> None:
    both, chinese = Block("a", "text", text("你好", "Hello")), Block("b", "text", text("只有中文", title="标题"))
    assert "Hello" in html(app, campaign, both, language="en")
    assert "你好" in html(app, campaign, both)
    assert 'lang="zh-Hans">只有中文' in html(app, campaign, chinese, language="en")
    assert 'lang="zh-Hans">只有中文' not in html(app, campaign, chinese)


def test_nothing_that_is_typed_becomes_markup(app: Flask, campaign: Campaign) -> None:
    evil = "<script>alert(1)</script>"
    pieces = [
        Block("a", "hero", {"title_zh": evil, "text_zh": evil}),
        Block("b", "text", text(evil, title=evil)),
        Block("c", "questions", {"lines": [{"question_zh": evil, "answer_zh": evil}]}),
        Block("d", "countdown", {"to": "end", "title_zh": evil}),
    ]
    page = html(app, campaign, *pieces)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 7


def test_draws_and_the_like_stand_at_the_end_of_a_page_without_their_block(
    app: Flask, campaign: Campaign, at: datetime
) -> None:
    found = fans_page([Block("a", "text", text("话"))], campaign, None, at)
    assert [one.block.kind for one in found.context["blocks"]] == ["text", "more"]


def test_a_picture_has_its_words_and_is_kept_for_earlier_versions(app: Flask, campaign: Campaign, at: datetime) -> None:
    picture, page = a_picture(at), a_page(campaign)
    fields = {"picture": picture.public_id, "alt_zh": "一张茶桌", "alt_en": ""}
    block = drafting.add(page, "picture", fields, 1, by=writer(), at=at)
    assert 'alt="一张茶桌"' in html(app, campaign, *drafting.blocks_of(page))
    drafting.remove(page, block.id, revision=page.revision, by=writer(), at=at)
    clock.set_to(at + timedelta(days=90))
    tidy()
    assert picture.public_id in db.session.scalars(select(Picture.public_id)).all()


def test_the_leaderboard_names_nobody_who_does_not_want_it(app: Flask, campaign: Campaign, at: datetime) -> None:
    fan, shy = make_fan("小满"), make_fan("阿树")
    for one in (fan, shy):
        check_in(one, at)
    boards.stay_away(shy, at)
    page = html(app, campaign, Block("a", "leaderboard", {"most": 10}))
    assert "小满" in page
    assert "阿树" not in page


def test_the_gallery_shows_what_was_featured(app: Flask, campaign: Campaign, at: datetime) -> None:
    gallery = Block("a", "gallery", {"most": 6})
    assert "茶桌" not in html(app, campaign, gallery)
    share = a_share(make_fan("小满"), reviewer(), "窗边的一张茶桌")
    starts = datetime(2026, 3, 1, 19)
    featuring.feature(share, "shares", starts, starts + timedelta(days=9), "Asia/Shanghai", by=reviewer(), at=at)
    assert "窗边的一张茶桌" in html(app, campaign, gallery)


def test_a_group_buy_block_shows_all_or_the_one_that_was_chosen(app: Flask, campaign: Campaign) -> None:
    one, _other = make_offer(campaign=campaign, title="甲团"), make_offer(campaign=campaign, title="乙团")
    assert "乙团" in html(app, campaign, Block("a", "group_buy", {"offer": ""}))
    page = html(app, campaign, Block("a", "group_buy", {"offer": one.public_id}))
    assert "甲团" in page
    assert "乙团" not in page


def test_a_countdown_ends_with_its_own_words(app: Flask, campaign: Campaign) -> None:
    fields = {"to": "own", "when": "2026-03-01T21:00", "zone": "Asia/Shanghai", "title_zh": "还有", "over_zh": "结束了"}
    block = Block("a", "countdown", fields)
    assert "还有" in html(app, campaign, block)
    clock.advance(hours=2)
    assert "结束了" in html(app, campaign, block)


def test_another_room_brings_a_kind_of_block(app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    class Weather(BlockKind):
        name = "weather"
        label = "Weather"
        hint = "What it is like where the tea grows."
        icon = "sun"
        form = BlockForm
        template = "campaigns/pages/kinds/text.html"

        def read(self, found: Sequence[Block], scene: Scene) -> Mapping[str, Mapping[str, Any]]:
            return {block.id: {"sky": "clear"} for block in found}

    def brought() -> Iterable[BlockKind]:
        return (Weather(),)

    own: Slot[Any] = Slot("kinds")
    for plug in (*blocks.kinds, brought):
        own.plug(plug)
    monkeypatch.setattr(blocks, "kinds", own)
    with app.test_request_context():
        (one,) = shown([Block("a", "weather", text("晴"))], campaign, None, clock.now())
    assert one.context == {"sky": "clear"}
    with app.test_request_context():
        assert "晴" in one.html()


def test_a_kind_that_is_gone_is_not_shown(app: Flask, campaign: Campaign) -> None:
    assert "gone" not in html(app, campaign, Block("a", "gone", text("gone")))


def test_a_page_asks_the_same_number_of_queries_however_many_blocks(
    client: FlaskClient, campaign: Campaign, at: datetime
) -> None:
    by, page = writer(), a_page(campaign)
    make_offer(campaign=campaign)

    def more(times: int) -> None:
        for _time in range(times):
            picture = {"picture": a_picture(at).public_id, "alt_zh": "茶桌"}
            wanted: list[tuple[str, dict[str, Any]]] = [("text", text("话")), ("picture", picture)]
            wanted += [("leaderboard", {"most": 5}), ("gallery", {"most": 5}), ("group_buy", {"offer": ""})]
            wanted += [("countdown", {"to": "end"}), ("posts", {"most": 5})]
            for kind, fields in wanted:
                drafting.add(page, kind, fields, 99, by=by, at=at)
        published(page)

    asked = []
    for times in (1, 3):
        more(times)
        client.get(f"/participation/{campaign.public_id}")
        with counted_queries() as seen:
            client.get(f"/participation/{campaign.public_id}")
        asked.append([one for one in seen if "link_domain" not in one])  # looked up once a second, whoever asks
    assert len(asked[0]) == len(asked[1]), set(asked[1]) - set(asked[0])
    assert len(asked[1]) < 40
