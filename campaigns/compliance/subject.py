"""What the checks look at, gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from campaigns.chains.following import reward_depth
from campaigns.compliance.models import Disclosure, Preset
from campaigns.draws.models import Draw
from campaigns.groupbuys.models import GroupBuy
from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import PLANNED, Delivery
from commons.admin import brand
from commons.db import db
from community.channels.models import ChannelAccount

CHINESE_ZONES = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "PRC"})


@dataclass(frozen=True)
class Subject:
    """A campaign with everything that belongs to it. `posts` are those that have not gone out, with the places they go to."""

    campaign: Campaign
    preset: Preset
    disclosure: Disclosure | None
    draws: Sequence[Draw]
    offers: Sequence[GroupBuy]
    posts: Sequence[BrandPost]
    places: Sequence[ChannelAccount]
    reward_depth: int
    guardian_age: int

    @property
    def missions(self) -> frozenset[str]:
        """The kinds of its missions."""
        return frozenset(str(mission.kind) for mission in self.campaign.missions)


def gather(campaign: Campaign) -> Subject:
    draws = select(Draw).where(Draw.campaign_id == campaign.id).order_by(Draw.id)
    offers = select(GroupBuy).where(GroupBuy.campaign_id == campaign.id).order_by(GroupBuy.id)
    ahead = select(Delivery.post_id).where(Delivery.state.in_(PLANNED))
    posts = select(BrandPost).where(
        BrandPost.campaign_id == campaign.id, BrandPost.discarded_at.is_(None), BrandPost.id.in_(ahead)
    )
    going = select(Delivery.account_id).join(BrandPost, BrandPost.id == Delivery.post_id)
    going = going.where(BrandPost.campaign_id == campaign.id, Delivery.state.in_(PLANNED))
    places = select(ChannelAccount).where(ChannelAccount.id.in_(going)).order_by(ChannelAccount.id)
    return Subject(
        campaign=campaign,
        preset=preset_of(campaign),
        disclosure=disclosure_of(campaign),
        draws=db.session.scalars(draws).all(),
        offers=db.session.scalars(offers).all(),
        posts=db.session.scalars(posts.order_by(BrandPost.id)).all(),
        places=db.session.scalars(places).all(),
        reward_depth=reward_depth(),
        guardian_age=brand.current().guardian_age,
    )


def disclosure_of(campaign: Campaign) -> Disclosure | None:
    """What the campaign discloses; None while nobody has written it."""
    query = select(Disclosure).where(Disclosure.campaign_id == campaign.id)
    return db.session.scalars(query).one_or_none()


def preset_of(campaign: Campaign) -> Preset:
    """The law the campaign is held against: the one chosen for it, else that of the brand's zone."""
    disclosure = disclosure_of(campaign)
    if disclosure is not None:
        return disclosure.preset
    return Preset.CHINA if brand.shown().zone in CHINESE_ZONES else Preset.EU_US
