"""Draws for the tests, made through the real verbs; and rounds of the beacon as it really gave them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from campaigns.draws import awarding, drawing, freezing, writing
from campaigns.draws.models import Draw, DrawAward, DrawEntry, Eligibility, Jurisdiction, Source
from campaigns.draws.writing import WantedPrize
from campaigns.planning.models import Campaign
from commons import clock, events
from commons.accounts.models import User
from commons.db import db
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import a_lead, make_campaign
from tests.factories import make_fan

# drand quicknet as published: rounds 1000 and 1001 stand as test vectors in the ideal-lab5/pallets repository (its verifier of
# the beacon) and in many others; 657413 in the read-me of python-drand-verify. Each is SHA-256(signature) = randomness.
ROUNDS = {
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    1001: "b33bf3667cbd5a82de3a24b4e0e9fe5513cc1a0e840368c6e31f5fcfa79bea03f73896b25883abf2853d10337fb8fa41",
    657413: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
}
RANDOMNESS = {
    1000: "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    657413: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}

LAUNCH = datetime(2023, 8, 23, 12, tzinfo=UTC)
CLOSE = datetime(2023, 8, 23, 15, tzinfo=UTC)
REVEAL = datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)
"""When round 1000 came out."""

ADDRESS = {"name": "小满", "phone": "0571 0000 0000", "place": "杭州市西湖区云脚路 8 号"}

_numbers = count(1)


def wanted_draw(**changes: Any) -> writing.Wanted:
    """Closes at CLOSE, draws with round 1000: one pot and two tags."""
    usual: dict[str, Any] = {
        "title": "春茶抽奖",
        "how": "在活动里说一句话。",
        "organiser": "云脚茶社",
        "eligibility": Eligibility.TAKING_PART,
        "jurisdiction": Jurisdiction.CHINA,
        "source": Source.BEACON,
        "closes": CLOSE.replace(tzinfo=None),
        "draws": REVEAL.replace(tzinfo=None) - timedelta(seconds=1),
        "zone": "UTC",
        "claim_days": 7,
        "prizes": [WantedPrize("冷泡壶", 1, Money(15900)), WantedPrize("茶签", 2, Money(2800), by_post=False)],
    }
    return writing.Wanted(**{**usual, **changes})


def make_draft(campaign: Campaign | None = None, by: User | None = None, **changes: Any) -> Draw:
    lead = by or a_lead()
    return writing.write(None, campaign or make_campaign(by=lead), wanted_draw(**changes), by=lead, at=clock.now())


def make_draw(campaign: Campaign | None = None, **changes: Any) -> Draw:
    """A draw that is launched; its list is open."""
    lead = a_lead()
    draw = make_draft(campaign, lead, **changes)
    writing.launch(draw, by=lead, at=clock.now())
    return draw


def take_part(draw: Draw, *fans: Member) -> None:
    """Each says something in the campaign, at the present moment."""
    for fan in fans:
        events.track(
            "interaction.comment",
            key=f"said {next(_numbers)}",
            at=clock.now(),
            member_id=fan.id,
            campaign_id=draw.campaign_id,
        )


def entrants(draw: Draw, number: int) -> list[Member]:
    fans = [make_fan(f"粉丝{one}") for one in range(number)]
    take_part(draw, *fans)
    return fans


def freeze(draw: Draw) -> None:
    """The clock comes to the close, and the list is frozen."""
    clock.set_to(draw.closes_at)
    assert freezing.freeze(draw.id, clock.now())


def draw_it(draw: Draw) -> None:
    """From an open list to the result, by the real round 1000 (or the number that was locked up)."""
    if draw.frozen_at is None:
        freeze(draw)
    clock.set_to(draw.reveals_at)
    if draw.source is Source.BEACON:
        assert draw.round is not None
        assert drawing.draw_by(draw, ROUNDS[draw.round], clock.now())
    else:
        assert drawing.draw_now(draw.id, clock.now())


def a_drawn(number: int = 6, **changes: Any) -> Draw:
    """A draw among so many fans that has taken place."""
    draw = make_draw(**changes)
    entrants(draw, number)
    draw_it(draw)
    return draw


def awards(draw: Draw) -> Sequence[DrawAward]:
    query = select(DrawAward).where(DrawAward.draw_id == draw.id).order_by(DrawAward.rank)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def entry_of(draw: Draw, fan: Member) -> DrawEntry:
    return db.session.scalars(
        select(DrawEntry).where(DrawEntry.draw_id == draw.id, DrawEntry.member_id == fan.id)
    ).one()


def accepted(draw: Draw, at: datetime) -> DrawAward:
    """The first prize, accepted."""
    award = awards(draw)[0]
    awarding.accept(award, at)
    return award
