"""Publishing in the circle what is due at once: the same as `delivering.deliver` for each, in a fixed number of statements.

Only plain posts go this way. Whatever needs a second look (too late by now, a first comment, an approval to compare) is left
to be done one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from typing import cast as typed

from sqlalchemy import ARRAY, BigInteger, Row, Select, Table, bindparam, cast, func, literal, or_, select, update

from campaigns.links.models import Link
from campaigns.posts.models import BrandPost, PostPicture, PostVariant, sells
from campaigns.publishing.content import frozen, picture_media
from campaigns.publishing.models import Attempt, AttemptKind, AttemptOutcome, Delivery, DeliveryState
from campaigns.publishing.slots import looked_at_singly
from commons import bulk, clock
from commons.accounts.models import User
from commons.db import db
from commons.events import Event, Evidence
from commons.media.models import Picture
from commons.web import absolute_url
from community.channels.models import ChannelAccount, ChannelPost, ChannelPostPicture
from community.channels.protocol import Media, Outgoing
from community.channels.wording import without_mark

Found = Row[*tuple[Any, ...]]
Live = tuple[int, str]
"""The id and the public id of a post in the feed."""


def deliver_many(delivery_ids: Sequence[int], at: datetime) -> set[int]:
    """Publish those of the claimed deliveries that are plain; which. The others are as they were. Flushed, not committed."""
    bulk.look_up_by_key(db.session.connection())
    singly = {delivery_id for ask in looked_at_singly for delivery_id in ask(delivery_ids)}
    rows = db.session.execute(_plain([one for one in delivery_ids if one not in singly], at)).all()
    if not rows:
        return set()
    pictures = _pictures({row.post_id for row in rows})
    outgoing = {row.id: _outgoing(row, pictures.get(row.post_id, ())) for row in rows}
    live = _publish(rows, outgoing, at)
    _write_attempts(rows, outgoing, live, at)
    _write_facts(rows, live, at)
    _stand(live, at)
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
            Link.slug, Link.target, User.name.label("author"), BrandPost.author_id, func.coalesce(last, 0).label("tries"),
        )
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .join(BrandPost, BrandPost.id == Delivery.post_id)
        .join(User, User.id == BrandPost.author_id)
        .outerjoin(Link, Link.id == BrandPost.link_id)
        .outerjoin(PostVariant, mine)
        .where(bulk.among(Delivery.id, delivery_ids), Delivery.state == DeliveryState.PUBLISHING)
        .where(ChannelAccount.channel == "circle", or_(Delivery.late_at.is_(None), Delivery.late_at >= at))
        .where(comment == "", BrandPost.video_id.is_(None))
        .order_by(Delivery.due_at, Delivery.id)
        .with_for_update(of=Delivery)
    )  # fmt: skip


def _pictures(post_ids: set[int]) -> Mapping[int, Sequence[Media]]:
    query = select(PostPicture.post_id, PostPicture.alt, Picture).join(Picture, Picture.id == PostPicture.picture_id)
    found: dict[int, list[Media]] = {}
    for post_id, alt, picture in db.session.execute(
        query.where(bulk.among(PostPicture.post_id, post_ids)).order_by(PostPicture.post_id, PostPicture.position)
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
        author_id=row.author_id,
        ad=row.ad or bool(row.target and sells(row.target)),
        key=row.public_id,
        language=row.language,
    )


def _publish(rows: Sequence[Found], outgoing: Mapping[int, Outgoing], at: datetime) -> Mapping[int, Live]:
    """Put the posts into the feed; by delivery, what stands there."""
    connection = db.session.connection()
    live = dict(
        zip(
            (row.id for row in rows),
            zip(bulk.reserve_ids(connection, _table(ChannelPost), len(rows)), bulk.random_ids(len(rows)), strict=True),
            strict=True,
        )
    )
    columns = (
        "id", "public_id", "account_id", "external_id", "text", "link_slug", "campaign_id", "author_name", "url",
        "published_at", "recorded_at", "facts",
    )  # fmt: skip
    posts = (
        (*live[row.id], row.account_id, row.public_id, without_mark(said.text), said.link_slug, said.campaign_id, said.author_name, "",
         at, at, {"ad": True} if said.ad else {})
        for row in rows
        if (said := outgoing[row.id])
    )  # fmt: skip
    bulk.write(connection, _table(ChannelPost), columns, posts)
    shown = [
        (live[row.id][0], picture.id, position, picture.alt)
        for row in rows
        for position, picture in enumerate(outgoing[row.id].pictures)
    ]
    if shown:
        bulk.write(connection, _table(ChannelPostPicture), ("post_id", "picture_id", "position", "alt"), shown)
    return live


def _write_attempts(
    rows: Sequence[Found], outgoing: Mapping[int, Outgoing], live: Mapping[int, Live], at: datetime
) -> None:
    columns = (
        "delivery_id", "number", "round", "part", "kind", "request", "progress", "outcome", "answer", "started_at",
        "ended_at",
    )  # fmt: skip
    attempts: Iterable[bulk.Row] = (
        (row.id, row.tries + 1, row.round, 1, AttemptKind.SEND, frozen(outgoing[row.id]), {}, AttemptOutcome.PUBLISHED,
         live[row.id][1], at, at)
        for row in rows
    )  # fmt: skip
    bulk.write(db.session.connection(), _table(Attempt), columns, attempts)


def _write_facts(rows: Sequence[Found], live: Mapping[int, Live], at: datetime) -> None:
    """As `events.track` writes them. No member is in them, so nothing follows from them."""
    columns = (
        "kind", "subject_type", "subject_id", "campaign_id", "evidence", "occurred_at", "recorded_at", "payload", "key",
    )  # fmt: skip
    recorded_at = clock.now()
    facts = (
        ("post.published", ChannelPost.__tablename__, live[row.id][0], row.campaign_id, Evidence.NETWORK, at, recorded_at,
         _payload(row, at), f"post.published:{row.public_id}")
        for row in rows
    )  # fmt: skip
    bulk.write(db.session.connection(), _table(Event), columns, facts)


def _payload(row: Found, at: datetime) -> dict[str, Any]:
    return {
        "post": row.post_public_id,
        "delivery": row.public_id,
        "text": row.post_text[:80],
        "lateness": (at - row.due_at).total_seconds() if row.due_at else None,
    }


def _stand(live: Mapping[int, Live], at: datetime) -> None:
    """The deliveries are published: on PostgreSQL in one statement that is the same for any number of them."""
    table = _table(Delivery)
    done = {"state": DeliveryState.PUBLISHED, "reason": "", "published_at": at, "lease": None, "lease_until": None}
    posts = {delivery_id: post_id for delivery_id, (post_id, _name) in live.items()}
    if db.engine.dialect.name == "postgresql":
        ids, made = (
            cast(literal(list(some), ARRAY(BigInteger)), ARRAY(BigInteger)) for some in (posts, posts.values())
        )
        pairs = func.unnest(ids, made).table_valued("delivery", "post").render_derived("standing")
        db.session.execute(
            update(table).where(table.c.id == pairs.c.delivery).values(**done, channel_post_id=pairs.c.post)
        )
    else:
        change = update(table).where(table.c.id == bindparam("delivery"))
        rows = [{"delivery": delivery_id, "post": post_id} for delivery_id, post_id in posts.items()]
        db.session.execute(change.values(**done, channel_post_id=bindparam("post")), rows)


def _table(model: Any) -> Table:
    return typed("Table", model.__table__)
