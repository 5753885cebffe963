"""What a campaign is held against before it is launched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from campaigns.chains.models import RewardDepth
from campaigns.compliance import checking
from campaigns.compliance.checking import Wanted
from campaigns.compliance.checks import CHECKS
from campaigns.compliance.models import Preset
from campaigns.compliance.rules import RULES, Weight
from campaigns.draws.models import Jurisdiction
from campaigns.draws.writing import WantedPrize
from campaigns.planning.models import Campaign, MissionKind
from campaigns.posts.models import BrandPost
from commons.admin import brand
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from commons.money import Money
from commons.permissions import Role
from community.channels.models import ChannelAccount
from tests.campaigns.draws.factories import make_draft as make_draw
from tests.campaigns.factories import a_lead, make_campaign, make_offer, mission
from tests.factories import NOON, make_fan, make_staff, sign_in

ENGLISH = {"Accept-Language": "en"}


def under(campaign: Campaign, preset: Preset, **said: str) -> None:
    usual = {"organiser": "云脚茶社", "contact": "0571 0000 0000", "terms": "每人一次。"} | said
    terms = Words(usual["terms"], "")
    checking.disclose(campaign, Wanted(preset, usual["organiser"], usual["contact"], terms), by=a_lead(), at=NOON)


def found(campaign: Campaign) -> dict[str, Weight]:
    return {result.rule.name: result.weight for result in checking.check(campaign)}


def test_every_rule_has_a_check_and_every_check_a_rule() -> None:
    assert {rule.name for rule in RULES} == set(CHECKS)


def test_every_rule_names_where_it_is_written() -> None:
    silent = {rule.name for rule in RULES for law in rule.laws.values() if not law.reference}

    assert silent == {"channel_rules"}  # each place has rules of its own, which the finding names


@pytest.mark.parametrize("preset", list(Preset))
def test_a_plain_campaign_that_says_who_runs_it_is_clean(app: Flask, preset: Preset) -> None:
    campaign = make_campaign()
    under(campaign, preset)

    assert found(campaign).keys() <= {"young_people"}


@pytest.mark.parametrize("lacking", ["organiser", "contact", "terms"])
def test_what_is_not_said_warns_and_blocks_where_there_are_prizes(app: Flask, lacking: str) -> None:
    plain = make_campaign()
    under(plain, Preset.CHINA, **{lacking: " "})
    assert found(plain)["organiser"] is Weight.WARNS

    draw = make_draw()
    under(draw.campaign, Preset.CHINA, **{lacking: " "})
    assert found(draw.campaign)["prize_terms"] is Weight.BLOCKS
    assert "organiser" not in found(draw.campaign)


def test_a_prize_above_the_cap_blocks_in_china_only(app: Flask) -> None:
    prizes = [WantedPrize("茶席", 1, Money(60_000_00))]
    draw = make_draw(jurisdiction=Jurisdiction.ELSEWHERE, prizes=prizes)

    under(draw.campaign, Preset.CHINA)
    assert found(draw.campaign)["prize_cap"] is Weight.BLOCKS
    under(draw.campaign, Preset.EU_US)
    assert "prize_cap" not in found(draw.campaign)


def test_many_dollars_want_registration_in_the_united_states(app: Flask) -> None:
    prizes = [WantedPrize("Tea set", 6, Money(1_000_00, "USD"))]
    draw = make_draw(jurisdiction=Jurisdiction.ELSEWHERE, prizes=prizes)
    under(draw.campaign, Preset.EU_US)

    assert found(draw.campaign)["prize_registration"] is Weight.WARNS


def test_a_draw_in_draft_is_told(app: Flask) -> None:
    draw = make_draw()
    under(draw.campaign, Preset.CHINA)

    assert found(draw.campaign)["prize_published"] is Weight.WARNS


def test_a_draw_only_for_buyers_blocks_in_europe_and_america(app: Flask) -> None:
    campaign = make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    make_draw(campaign=campaign)
    under(campaign, Preset.EU_US)
    assert found(campaign)["no_purchase"] is Weight.BLOCKS

    free = make_campaign(mission(MissionKind.JOIN_GROUP_BUY), mission(MissionKind.COMMENT))
    make_draw(campaign=free)
    under(free, Preset.EU_US)
    assert "no_purchase" not in found(free)


def test_rewarded_sharing_is_told(app: Flask) -> None:
    campaign = make_campaign(mission(MissionKind.SHARE))
    under(campaign, Preset.CHINA)

    assert found(campaign) == {"induced_sharing": Weight.WARNS}


@pytest.mark.parametrize(
    ("channel", "name", "kind", "reference"),
    [
        ("weibo", "云脚茶社", "draw", "微博抽奖平台规则"),
        ("handoff", "微信公众号 云脚", "share", "微信外部链接内容管理规范"),
        ("handoff", "小红书 云脚", "draw", "小红书社区规范"),
        ("handoff", "抖音", "draw", "抖音社区自律公约"),
        ("handoff", "Instagram", "share", "Meta Pages, Groups and Events Policies: Promotions"),
        ("mastodon", "tea@example.social", "draw", "/about"),
        ("bluesky", "tea.example", "draw", ""),
    ],
)
def test_what_the_places_ask_is_told_with_their_own_rules(
    app: Flask, monkeypatch: pytest.MonkeyPatch, channel: str, name: str, kind: str, reference: str
) -> None:
    campaign = make_campaign(mission(MissionKind.SHARE if kind == "share" else MissionKind.COMMENT))
    if kind == "draw":
        make_draw(campaign=campaign)
    under(campaign, Preset.CHINA)
    place = ChannelAccount(channel=channel, external_id="1", name=name, address="", public_id="aplace000001")
    gather = checking.gather
    monkeypatch.setattr(checking, "gather", lambda of: replace(gather(of), places=[place]))

    told = [one for one in checking.check(campaign) if one.rule.name == "channel_rules"]

    assert [one.reference for one in told] == ([reference] if reference else [])
    assert all(one.weight is Weight.WARNS and name in one.words for one in told)


def test_a_post_that_sells_without_a_label_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make_campaign()
    under(campaign, Preset.CHINA)
    words = ("新茶上市，88 元一盒，下单立减。", "今天的山里起雾了。")
    sells, tells = (
        BrandPost(text=text, public_id=f"apost{number:07}", revision=1) for number, text in enumerate(words)
    )
    labelled = BrandPost(text=words[0], public_id="apost0000009", revision=1, ad=True)
    gather = checking.gather
    monkeypatch.setattr(checking, "gather", lambda of: replace(gather(of), posts=[sells, tells, labelled]))

    (told,) = (one for one in checking.check(campaign) if one.rule.name == "ad_label")

    assert told.mend_url == f"/posts/{sells.public_id}"
    assert "广告法" in told.reference


@pytest.mark.parametrize(("preset", "weight"), [(Preset.CHINA, Weight.BLOCKS), (Preset.EU_US, Weight.WARNS)])
def test_a_reward_for_people_of_people(app: Flask, preset: Preset, weight: Weight) -> None:
    campaign = make_campaign()
    under(campaign, preset)
    db.session.add(RewardDepth(depth=2, set_at=NOON, set_by_id=make_staff().id))
    db.session.flush()

    assert found(campaign)["reward_depth"] is weight


@pytest.mark.parametrize(
    ("age", "china", "west"),
    [
        (0, {"children"}, {"children"}),
        (13, {"children"}, {"young_people"}),
        (14, set(), {"young_people"}),
        (16, set(), set()),
    ],
)
def test_the_age_below_which_a_guardian_is_asked(app: Flask, age: int, china: set[str], west: set[str]) -> None:
    campaign = make_campaign()
    brand.current().guardian_age = age
    db.session.flush()

    under(campaign, Preset.CHINA)
    assert set(found(campaign)) == china
    under(campaign, Preset.EU_US)
    assert set(found(campaign)) == west


def test_a_price_that_is_struck_out_wants_a_proof(app: Flask) -> None:
    campaign = make_campaign()
    under(campaign, Preset.CHINA)
    make_offer(campaign=campaign)

    assert found(campaign) == {"price_compared": Weight.WARNS}


def test_the_law_follows_the_zone_of_the_brand_until_somebody_chooses(app: Flask) -> None:
    from campaigns.compliance.subject import preset_of

    campaign = make_campaign()
    assert preset_of(campaign) is Preset.CHINA
    under(campaign, Preset.EU_US)
    assert preset_of(campaign) is Preset.EU_US


def test_a_warning_looked_at_stands_in_every_language_until_something_else_is_found(app: Flask) -> None:
    campaign, lead = make_campaign(), a_lead()
    under(campaign, Preset.CHINA, contact="")
    (result,) = checking.check(campaign)
    with force_locale("en"):
        checking.acknowledge(campaign, "organiser", result.mark, "Stands on the posters.", by=lead, at=NOON)

    assert [one.is_open for one in checking.check(campaign)] == [False]
    assert checking.before_launch(campaign, NOON) == []
    under(campaign, Preset.CHINA, contact="", organiser="")
    assert [one.is_open for one in checking.check(campaign)] == [True]


def test_what_blocks_cannot_be_waved_through(app: Flask) -> None:
    draw, lead = make_draw(), a_lead()
    under(draw.campaign, Preset.CHINA, terms="")
    result = next(one for one in checking.check(draw.campaign) if one.weight is Weight.BLOCKS)

    with pytest.raises(Invalid):
        checking.acknowledge(draw.campaign, result.rule.name, result.mark, "because", by=lead, at=NOON)


@pytest.mark.parametrize(("mark", "reason"), [("gone", "because"), (None, "  ")])
def test_a_warning_stands_for_a_reason_and_while_it_is_found(app: Flask, mark: str | None, reason: str) -> None:
    campaign = make_campaign()
    under(campaign, Preset.CHINA, contact="")
    (result,) = checking.check(campaign)

    with pytest.raises(Invalid):
        checking.acknowledge(campaign, "organiser", mark or result.mark, reason, by=a_lead(), at=NOON)


@pytest.fixture
def lead(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD))
    return client


def sent(**changes: Any) -> dict[str, str]:
    usual = {
        "preset": "china",
        "organiser": "云脚茶社",
        "contact": "0571",
        "terms_zh": "每人一次。",
        "terms_en": "Once each.",
    }
    return usual | changes


def test_the_page_shows_what_was_found_and_takes_what_is_disclosed(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    db.session.commit()
    address = f"/compliance/{campaign.public_id}"

    assert "Not said yet: who runs it, how to reach them, the terms." in lead.get(address, headers=ENGLISH).text
    lead.post(address, data=sent(), headers=ENGLISH)

    assert "Nothing was found" in lead.get(address, headers=ENGLISH).text
    fans = lead.get(f"/participation/{campaign.public_id}", headers=ENGLISH).text
    assert "Run by 云脚茶社" in fans
    assert "Once each." in fans


def test_a_law_that_there_is_not_is_refused(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    db.session.commit()

    assert lead.post(f"/compliance/{campaign.public_id}", data=sent(preset="moon")).status_code == 422
    assert lead.post(f"/compliance/{campaign.public_id}", data=sent(organiser="x" * 121)).status_code == 422


def test_a_warning_is_let_stand_on_the_page_and_told_in_the_table(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    under(campaign, Preset.CHINA, contact="")
    db.session.commit()
    (result,) = checking.check(campaign)

    data = {"rule": "organiser", "mark": result.mark, "reason": "=1+1 in the shop"}
    lead.post(f"/compliance/{campaign.public_id}/acknowledge", data=data)

    table = lead.get(f"/compliance/{campaign.public_id}/findings.csv", headers=ENGLISH, buffered=True).text
    assert "in the shop" in table
    assert '"=1+1' not in table.replace("'=", "")


@pytest.mark.parametrize("preset", ["china", "eu_us", "moon"])
def test_all_rules_stand_on_a_page_with_their_references(lead: FlaskClient, preset: str) -> None:
    page = lead.get(f"/compliance/rules?preset={preset}", headers=ENGLISH).text

    assert ("16 CFR 312.5" if preset == "eu_us" else "个人信息保护法") in page


def test_fans_see_neither_check_nor_rules(client: FlaskClient) -> None:
    campaign, fan = make_campaign(), make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.get(f"/compliance/{campaign.public_id}").status_code == 404
    assert client.get("/compliance/rules").status_code == 404
    assert client.post(f"/compliance/{campaign.public_id}", data=sent()).status_code == 404
