"""The circle as a channel. It is a table of ours, so publishing commits or rolls back with whatever asked for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.db import db, random_id
from community.channels.models import ChannelAccount, ChannelPost, ChannelPostPicture
from community.channels.protocol import Limits, Outgoing


class Circle:
    """The brand's own community. Publishing the same `key` twice gives the same post."""

    name = "circle"
    limits = Limits(characters=2000, pictures=9)

    def publish(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> ChannelPost:
        """Put the post into the feed as of `at`. Flushed, not committed."""
        external_id = outgoing.key or random_id()
        query = select(ChannelPost).where(ChannelPost.account_id == account.id, ChannelPost.external_id == external_id)
        return db.session.scalar(query) or _add(account, external_id, outgoing, at)


def _add(account: ChannelAccount, external_id: str, outgoing: Outgoing, at: datetime) -> ChannelPost:
    post = ChannelPost(
        account=account,
        external_id=external_id,
        text=outgoing.text,
        link_slug=outgoing.link_slug,
        campaign_id=outgoing.campaign_id,
        author_name=outgoing.author_name,
        published_at=at,
        recorded_at=at,
        facts={"ad": True} if outgoing.ad else {},
        pictures=[
            ChannelPostPicture(picture_id=picture_id, position=position, alt=alt)
            for position, (picture_id, alt) in enumerate(outgoing.pictures)
        ],
    )
    db.session.add(post)
    db.session.flush()
    return post
