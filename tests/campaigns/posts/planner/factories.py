"""What stands in a calendar of tests: planned posts, accounts, a campaign."""

from __future__ import annotations

from datetime import datetime

from campaigns.planning.models import Campaign, CampaignKind
from campaigns.planning.writing import Wanted, set_up
from campaigns.posts.models import PostVariant
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.zones import to_local
from community.channels.accounts import circle_account, connect
from community.channels.models import ChannelAccount
from tests.campaigns.posts.factories import make_post


def planned(
    by: User, at: datetime, text: str, due: datetime, zone: str = "Asia/Shanghai", campaign: Campaign | None = None
) -> Delivery:
    """A post for the circle, planned for the moment `due`."""
    post = make_post(by, text=text, campaign=campaign)
    return scheduling.schedule(post, circle_account(), to_local(due, zone), zone, by=by, at=at)


def planned_on(
    accounts: list[ChannelAccount], by: User, at: datetime, text: str, due: datetime, zone: str = "Asia/Shanghai"
) -> list[Delivery]:
    """A post for several accounts, planned for the same moment on all of them."""
    post = make_post(by, text=text)
    post.variants.clear()
    db.session.flush()
    post.variants.extend(PostVariant(account=account) for account in accounts)
    db.session.flush()
    return scheduling.schedule_all(post, to_local(due, zone), zone, by=by, at=at)


def an_account(channel: str = "mastodon", name: str = "云脚", number: int = 1) -> ChannelAccount:
    return connect(channel, f"{channel}-{number}", name, clock.now())


def a_campaign(by: User, at: datetime, title: str = "春茶") -> Campaign:
    """A campaign of March, in Shanghai."""
    wanted = Wanted(
        title, "", CampaignKind.CONTENT, "", 10, datetime(2026, 3, 1), datetime(2026, 4, 1), "Asia/Shanghai", []
    )
    return set_up(wanted, by=by, at=at)
