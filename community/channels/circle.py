"""The circle as a channel. It is a table of ours, so publishing commits or rolls back with whatever asked for it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.db import db, random_id
from community.channels.accounts import pictures_of
from community.channels.models import ChannelAccount, ChannelPost
from community.channels.protocol import Facts, Limits, Outgoing
from community.channels.slots import first_comments
from community.channels.wording import without_mark


class Circle:
    """The brand's own community. Publishing the same `key` twice gives the same post."""

    name = "circle"
    facts = Facts(
        label=_l("Circle"),
        icon="circle-dot",
        transactional=True,
        labels_ads=True,
        needs_alt=True,
        first_comment=True,
        replies=("comment",),
    )
    fields = ()

    def limits(self, account: ChannelAccount) -> Limits:
        return Limits(characters=2000, pictures=9, alt_characters=1500, comment_characters=500)

    def publish(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> ChannelPost:
        """Put the post into the feed as of `at`. Flushed, not committed."""
        external_id = outgoing.key or random_id()
        query = select(ChannelPost).where(ChannelPost.account_id == account.id, ChannelPost.external_id == external_id)
        known = db.session.scalar(query)
        if known is not None:
            return known
        post = _add(account, external_id, outgoing, at)
        if outgoing.first_comment:
            for say in first_comments:
                say(post, outgoing, at)
        return post


def _add(account: ChannelAccount, external_id: str, outgoing: Outgoing, at: datetime) -> ChannelPost:
    post = ChannelPost(
        account=account,
        external_id=external_id,
        text=without_mark(outgoing.text),
        link_slug=outgoing.link_slug,
        campaign_id=outgoing.campaign_id,
        author_name=outgoing.author_name,
        published_at=at,
        recorded_at=at,
        facts={"ad": True} if outgoing.ad else {},
        pictures=pictures_of(outgoing),
    )
    db.session.add(post)
    db.session.flush()
    return post
