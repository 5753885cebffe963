"""Making feeds, giving them new addresses, ending them. The secret is told once, to whoever made it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from campaigns.planning.models import Campaign
from campaigns.posts.feeds.models import CalendarFeed, FeedKind
from commons import events
from commons.accounts import tokens
from commons.accounts.models import User
from commons.db import db, random_id
from commons.permissions import Permission
from community.channels.models import ChannelAccount


def make(of: ChannelAccount | Campaign | None, *, by: User, at: datetime) -> tuple[CalendarFeed, str]:
    """A feed of everything, of one account or of one campaign; with the secret, which is kept nowhere."""
    token = tokens.fresh()
    feed = CalendarFeed(
        kind=_kind(of),
        account=of if isinstance(of, ChannelAccount) else None,
        campaign=of if isinstance(of, Campaign) else None,
        token_hash=tokens.hash_of(token),
        made_by=by,
        made_at=at,
        renewed_at=at,
    )
    db.session.add(feed)
    db.session.flush()
    _tell("feed.made", feed, by, at)
    return feed, token


def renew(feed: CalendarFeed, *, by: User, at: datetime) -> str:
    """Another secret; at the old address there is nothing any more. The feed now stands on the rights of `by`."""
    token = tokens.fresh()
    feed.token_hash, feed.made_by, feed.renewed_at = tokens.hash_of(token), by, at
    _tell("feed.renewed", feed, by, at)
    return token


def end(feed: CalendarFeed, *, by: User, at: datetime) -> None:
    """Nothing is at its address any more. Safe to call twice."""
    if feed.ended_at is None:
        feed.ended_at = at
        _tell("feed.ended", feed, by, at)


def of_token(token: str) -> CalendarFeed | None:
    """The feed that this secret opens; None for a wrong one, an ended feed, or one whose maker may not read posts."""
    query = select(CalendarFeed).where(
        CalendarFeed.token_hash == tokens.hash_of(token), CalendarFeed.ended_at.is_(None)
    )
    feed = db.session.scalar(query)
    return feed if feed is not None and feed.made_by.can(Permission.POST_READ) else None


def title_of(feed: CalendarFeed) -> str:
    """What the feed is of, in words."""
    if feed.account is not None:
        return str(_("Posts on %(name)s", name=feed.account.name))
    if feed.campaign is not None:
        return str(_("Posts of %(name)s", name=feed.campaign.title))
    return str(_("All posts"))


def acts() -> dict[str, Any]:
    return {
        "feed.made": _l("made a calendar feed: %(title)s"),
        "feed.renewed": _l("gave a calendar feed a new address: %(title)s"),
        "feed.ended": _l("ended a calendar feed: %(title)s"),
    }


def _kind(of: ChannelAccount | Campaign | None) -> FeedKind:
    if of is None:
        return FeedKind.TEAM
    return FeedKind.ACCOUNT if isinstance(of, ChannelAccount) else FeedKind.CAMPAIGN


def _tell(kind: str, feed: CalendarFeed, by: User, at: datetime) -> None:
    db.session.flush()
    key = f"{kind}:{feed.public_id}:{random_id()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=feed, payload={"title": title_of(feed)})
