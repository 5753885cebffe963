"""Likes and shares: one of each per post and member, on or off however often somebody taps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ScalarSelect, select

from commons.db import db
from commons.web import absolute_url
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount, ChannelPost
from community.circle.slots import share_link
from community.inbox.incoming import Incoming
from community.inbox.models import Interaction, InteractionKind
from community.inbox.receiving import receive
from community.members.models import Member


def like(post: ChannelPost, by: Member, at: datetime) -> None:
    """The member likes the post. Already so: nothing happens."""
    known = _interaction(like_id(post, by))
    if known is None:
        receive(circle_account(), [_incoming(InteractionKind.LIKE, like_id(post, by), post, by, at)], at)
    elif known.withdrawn_at is not None:
        known.withdrawn_at = None
        db.session.flush()


def unlike(post: ChannelPost, by: Member, at: datetime) -> None:
    """The member takes the like back. There is none: nothing happens."""
    known = _interaction(like_id(post, by))
    if known is not None and known.withdrawn_at is None:
        known.withdrawn_at = at
        db.session.flush()


def share(post: ChannelPost, by: Member, at: datetime) -> str:
    """The absolute address by which this member shares the post; asking for it is the (self-declared) share."""
    receive(circle_account(), [_incoming(InteractionKind.SHARE, share_id(post, by), post, by, at)], at)
    for plug in share_link:
        return plug(by, post, at)
    return absolute_url("circle.post", public_id=post.public_id)


def account_id() -> ScalarSelect[int]:
    """The key of the circle's account, as a part of a larger query."""
    query = select(ChannelAccount.id).where(ChannelAccount.channel == "circle", ChannelAccount.external_id == "circle")
    return query.scalar_subquery()


def like_id(post: ChannelPost, member: Member) -> str:
    return f"like:{post.public_id}:{member.public_id}"


def share_id(post: ChannelPost, member: Member) -> str:
    return f"share:{post.public_id}:{member.public_id}"


def _interaction(external_id: str) -> Interaction | None:
    query = select(Interaction).where(Interaction.account_id == account_id(), Interaction.external_id == external_id)
    return db.session.scalar(query)


def _incoming(kind: InteractionKind, external_id: str, post: ChannelPost, by: Member, at: datetime) -> Incoming:
    return Incoming(
        external_id=external_id,
        kind=kind,
        author_external_id=by.public_id,
        author_name=by.name,
        occurred_at=at,
        post_external_id=post.external_id,
    )
