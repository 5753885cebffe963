"""Campaigns, offers and visits for the tests, made through the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from campaigns.groupbuys import offering
from campaigns.groupbuys.models import GroupBuy
from campaigns.links.making import make_link, personal_link
from campaigns.links.models import Link
from campaigns.planning import launching, writing
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import Campaign, CampaignKind, MissionKind
from commons import clock, zones
from commons.accounts.models import User
from commons.money import Money
from commons.permissions import Role
from community.members.models import Member
from tests.factories import make_circle_post, make_fan, make_staff, sign_in

SHANGHAI = "Asia/Shanghai"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0"

_numbers = count(1)


def a_lead() -> User:
    return make_staff(Role.CAMPAIGN_LEAD)


def signed_in_fan(client: FlaskClient, name: str = "小满") -> Member:
    """A new fan who reads English; `client` is their browser from now on."""
    fan = make_fan(name, language="en")
    assert fan.user is not None
    sign_in(client, fan.user)
    return fan


def wanted_campaign(**changes: Any) -> writing.Wanted:
    """From a day ago for ten days, with one mission: to comment once."""
    begin = zones.to_local(clock.now(), SHANGHAI).replace(second=0, microsecond=0) - timedelta(days=1)
    usual: dict[str, Any] = {
        "title": "春茶第一泡",
        "summary": "拍下你的第一泡。",
        "kind": CampaignKind.CONTENT,
        "goal": "三百张照片",
        "goal_participants": 100,
        "starts": begin,
        "ends": begin + timedelta(days=10),
        "zone": SHANGHAI,
        "missions": [mission(MissionKind.COMMENT)],
    }
    return writing.Wanted(**{**usual, **changes})


def mission(kind: MissionKind, needed: int = 1, **changes: Any) -> WantedMission:
    return WantedMission(kind.value, f"{kind.value} × {needed}", needed, **changes)


def make_campaign(*missions: WantedMission, by: User | None = None, **changes: Any) -> Campaign:
    """A campaign that was launched before it began, or now."""
    lead = by or a_lead()
    campaign = make_plan(*missions, by=lead, **changes)
    launching.launch(campaign, by=lead, at=min(clock.now(), campaign.starts_at))
    return campaign


def make_plan(*missions: WantedMission, by: User | None = None, **changes: Any) -> Campaign:
    """The draft of a campaign."""
    if missions:
        changes["missions"] = list(missions)
    return writing.set_up(wanted_campaign(**changes), by=by or a_lead(), at=clock.now())


def wanted_offer(**changes: Any) -> offering.Wanted:
    """Ten seats of which two are needed, until tomorrow."""
    usual: dict[str, Any] = {
        "title": "明前龙井 50 克",
        "description": "今年的第一批。",
        "picture": None,
        "picture_alt": "",
        "price": Money(12800),
        "usual_price": Money(16800),
        "needed": 2,
        "seats": 10,
        "deadline": zones.to_local(clock.now(), SHANGHAI) + timedelta(days=1),
        "zone": SHANGHAI,
        "campaign": None,
    }
    return offering.Wanted(**{**usual, **changes})


def make_draft(by: User | None = None, **changes: Any) -> GroupBuy:
    return offering.write_offer(None, wanted_offer(**changes), by=by or a_lead(), at=clock.now())


def make_offer(by: User | None = None, **changes: Any) -> GroupBuy:
    """An offer that fans can join."""
    lead = by or a_lead()
    group_buy = make_draft(lead, **changes)
    offering.open_offer(group_buy, by=lead, at=clock.now())
    return group_buy


def a_link(target: str = "https://example.org/tea", **changes: Any) -> Link:
    return make_link(target, by=changes.pop("by", None) or a_lead(), at=clock.now(), **changes)


def personal_link_of(fan: Member, at: datetime) -> Link:
    """The link by which a fan shares a post."""
    return personal_link(fan, make_circle_post(), at)


def visit(link: Link, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """One line of the spool."""
    number = next(_numbers)
    usual: dict[str, Any] = {
        "uid": f"uid{number}",
        "link_id": link.id,
        "occurred_at": (at or clock.now()).isoformat(),
        "verdict": "human",
        "visitor": f"visitor{number}",
        "referrer": "",
        "browser": PHONE,
        "user_id": None,
    }
    return {**usual, **changes}
