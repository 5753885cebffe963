"""Publishing in the circle what is due at once: the same as `delivering.deliver` for each, in a fixed number of statements.

Only plain posts go this way. Whatever needs a second look (too late by now, a first comment, an approval to compare) is left
to be done one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Select, Table, func, insert, or_, select, update

from campaigns.links.models import Link
from campaigns.posts.models import BrandPost, PostPicture, PostVariant, sells
from campaigns.publishing.content import picture_media
from campaigns.publishing.models import Attempt, AttemptKind, AttemptOutcome, Delivery, DeliveryState
from campaigns.publishing.slots import looked_at_singly
from commons import clock
from commons.accounts.models import User
from commons.db import db, random_id
from commons.events import Event, Evidence
from commons.media.models import Picture
from commons.web import absolute_url
from community.channels.models import ChannelAccount, ChannelPost, ChannelPostPicture
from community.channels.protocol import Media, Outgoing

Found = Row[*tuple[Any, ...]]


def deliver_many(delivery_ids: Sequence[int], at: datetime) -> set[int]:
    """Publish those of the claimed deliveries that are plain; which. The others are as they were. Flushed, not committed."""
    singly = {delivery_id for ask in looked_at_singly for delivery_id in ask(delivery_ids)}
    rows = db.session.execute(_plain([one for one in delivery_ids if one not in singly], at)).all()
    if not rows:
        return set()
    pictures = _pictures({row.post_id for row in rows})
    outgoing = {row.id: _outgoing(row, pictures.get(row.post_id, ())) for row in rows}
    live = _publish(rows, outgoing, at)
    _write_attempts(rows, outgoing, live, at)
    _write_facts(rows, live, at)
    _stand([row.id for row in rows], at)
    return {row.id for row in rows}


def _plain(delivery_ids: Sequence[int], at: datetime) -> Select[*tuple[Any, ...]]:
    last = select(func.max(Attempt.number)).where(Attempt.delivery_id == Delivery.id).scalar_subquery()
    mine = (PostVariant.post_id == Delivery.post_id) & (PostVariant.account_id == Delivery.account_id)
    comment = func.coalesce(PostVariant.first_comment, BrandPost.first_comment)
    return (
        select(
            Delivery.id, Delivery.public_id, Delivery.post_id, Delivery.account_id, Delivery.due_at, Delivery.round,
            func.coalesce(PostVariant.text, BrandPost.text).label("text"), BrandPost.text.label("post_text"),
            BrandPost.public_id.label("post_public_id"), BrandPost.campaign_id, BrandPost.ad, BrandPost.language,
            Link.slug, Link.target, User.name.label("author"), func.coalesce(last, 0).label("tries"),
        )
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(BrandPost, BrandPost.id == Delivery.post_id)
        .join(User, User.id == BrandPost.author_id)
        .outerjoin(Link, Link.id == BrandPost.link_id)
        .outerjoin(PostVariant, mine)
        .where(Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.PUBLISHING)
        .where(ChannelAccount.channel == "circle", or_(Delivery.late_at.is_(None), Delivery.late_at >= at))
        .where(comment == "", BrandPost.video_id.is_(None))
        .order_by(Delivery.due_at, Delivery.id)
        .with_for_update(of=Delivery)
    )  # fmt: skip


def _pictures(post_ids: set[int]) -> Mapping[int, Sequence[Media]]:
    query = select(PostPicture.post_id, PostPicture.alt, Picture).join(Picture, Picture.id == PostPicture.picture_id)
    found: dict[int, list[Media]] = {}
    for post_id, alt, picture in db.session.execute(
        query.where(PostPicture.post_id.in_(post_ids)).order_by(PostPicture.post_id, PostPicture.position)
    ):
        found.setdefault(post_id, []).append(picture_media(picture, alt))
    return found


def _outgoing(row: Found, pictures: Sequence[Media]) -> Outgoing:
    return Outgoing(
        text=row.text,
        pictures=tuple(pictures),
        link_slug=row.slug,
        link_url=absolute_url("links.follow", slug=row.slug) if row.slug else "",
        campaign_id=row.campaign_id,
        author_name=row.author,
        ad=row.ad or bool(row.target and sells(row.target)),
        key=row.public_id,
        language=row.language,
    )


def _publish(rows: Sequence[Found], outgoing: Mapping[int, Outgoing], at: datetime) -> Mapping[int, tuple[int, str]]:
    """Put the posts into the feed: delivery id → (id, public id) of what stands there."""
    values = []
    for row in rows:
        said = outgoing[row.id]
        values.append(
            {
                "public_id": random_id(),
                "account_id": row.account_id,
                "external_id": row.public_id,
                "text": said.text,
                "link_slug": said.link_slug,
                "campaign_id": said.campaign_id,
                "author_name": said.author_name,
                "url": "",
                "published_at": at,
                "recorded_at": at,
                "facts": {"ad": True} if said.ad else {},
            }
        )
    table = _table(ChannelPost)
    returned = insert(table).returning(table.c.id, table.c.public_id, table.c.external_id)
    by_key = {made.external_id: (made.id, made.public_id) for made in db.session.execute(returned, values)}
    live = {row.id: by_key[row.public_id] for row in rows}
    shown = [
        {"post_id": live[row.id][0], "picture_id": picture.id, "position": position, "alt": picture.alt}
        for row in rows
        for position, picture in enumerate(outgoing[row.id].pictures)
    ]
    if shown:
        db.session.execute(insert(_table(ChannelPostPicture)), shown)
    return live


def _write_attempts(
    rows: Sequence[Found], outgoing: Mapping[int, Outgoing], live: Mapping[int, tuple[int, str]], at: datetime
) -> None:
    same = {
        "part": 1,
        "kind": AttemptKind.SEND,
        "progress": {},
        "outcome": AttemptOutcome.PUBLISHED,
        "started_at": at,
        "ended_at": at,
    }
    values = [
        {
            **same,
            "delivery_id": row.id,
            "number": row.tries + 1,
            "round": row.round,
            "request": asdict(outgoing[row.id]),
            "answer": live[row.id][1],
        }
        for row in rows
    ]
    db.session.execute(insert(_table(Attempt)), values)


def _write_facts(rows: Sequence[Found], live: Mapping[int, tuple[int, str]], at: datetime) -> None:
    """As `events.track` writes them. No member is in them, so nothing follows from them."""
    same = {
        "kind": "post.published",
        "subject_type": ChannelPost.__tablename__,
        "evidence": Evidence.NETWORK,
        "occurred_at": at,
        "recorded_at": clock.now(),
    }
    values = [
        {
            **same,
            "key": f"post.published:{row.public_id}",
            "subject_id": live[row.id][0],
            "campaign_id": row.campaign_id,
            "payload": {
                "post": row.post_public_id,
                "delivery": row.public_id,
                "text": row.post_text[:80],
                "lateness": (at - row.due_at).total_seconds() if row.due_at else None,
            },
        }
        for row in rows
    ]
    db.session.execute(insert(_table(Event)), values)


def _stand(delivery_ids: Sequence[int], at: datetime) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids))
        .where(ChannelPost.account_id == Delivery.account_id, ChannelPost.external_id == Delivery.public_id)
        .values(
            state=DeliveryState.PUBLISHED,
            reason="",
            published_at=at,
            channel_post_id=ChannelPost.id,
            lease=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)
