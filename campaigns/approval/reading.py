"""Finding requests: the queue of a person, what a page shows of one, what became of a delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from campaigns.approval.differences import Difference, differences
from campaigns.approval.models import OPEN, ApprovalItem, ApprovalRequest, RequestState
from campaigns.approval.people import is_named, is_own, may_decide
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.media.models import Picture, Video
from commons.paging import Page, page_of
from commons.permissions import Permission
from community.channels.models import ChannelAccount
from community.channels.protocol import channel_named
from community.channels.wording import text_sent, without_mark

PAGE = 30
MOST_PENDING = 300


@dataclass(frozen=True)
class Medium:
    """A picture or video as a page shows it. `url` is empty when it is gone."""

    url: str
    alt: str
    is_video: bool = False
    poster: str = ""


@dataclass(frozen=True)
class ShownPart:
    text: str
    media: Sequence[Medium]


@dataclass(frozen=True)
class Shown:
    """One item as its channel will show it."""

    item: ApprovalItem
    account: ChannelAccount
    label: Any
    icon: str
    parts: Sequence[ShownPart]
    first_comment: str
    content_warning: str
    ad: bool
    button: str  # where the channel shows the link as a button of its own
    differences: Sequence[Difference]
    compared: ApprovalRequest | None


@dataclass(frozen=True)
class Queue:
    mine: Sequence[ApprovalRequest]
    others: Sequence[ApprovalRequest]
    decided: Page[ApprovalRequest]


def queue(user: User, number: int = 1) -> Queue:
    """What waits for this person, what waits for others, and a page of what was decided, the latest first."""
    pending = _waiting(user)
    mine = [request for request in pending if may_decide(request, user)]
    over = ApprovalRequest.visible_to(user).where(ApprovalRequest.state != RequestState.PENDING)
    over = over.order_by(func.coalesce(ApprovalRequest.closed_at, ApprovalRequest.asked_at).desc(), ApprovalRequest.id)
    others = [request for request in pending if request not in mine]
    return Queue(mine, others, page_of(_loaded(over), number, PAGE))


def waiting_for(user: User) -> Sequence[ApprovalRequest]:
    """What waits for this person, the most urgent first."""
    if not user.can(Permission.POST_APPROVE):
        return []
    return [request for request in _waiting(user) if may_decide(request, user)]


def count_for(user: User) -> int:
    """How many requests wait for this person."""
    if not user.can(Permission.POST_APPROVE):
        return 0
    query = _pending(user).where(~is_own(user)).with_only_columns(ApprovalRequest.steps, ApprovalRequest.step)
    return sum(is_named(steps, step, user) for steps, step in db.session.execute(query.limit(MOST_PENDING)))


def next_for(user: User) -> ApprovalRequest | None:
    """What this person should look at next."""
    return next(iter(waiting_for(user)), None)


def shown(request: ApprovalRequest) -> list[Shown]:
    """What will be sent, item by item, as it was frozen, and what is new since somebody last decided on it."""
    items = request.live_items or request.items
    media = _media_of([item.content for item in items])
    return [_shown(item, media) for item in items]


def texts_of(item: ApprovalItem) -> list[str]:
    """The words of every part, as its channel will show them."""
    parts, link = item.content["parts"], item.content["link"]
    if channel_named(item.delivery.account.channel).facts.transactional:
        return [without_mark(part["text"]) for part in parts]
    return [text_sent(part["text"], link["url"] if link else "", number == 0) for number, part in enumerate(parts)]


def requests_of(delivery: Delivery) -> Sequence[ApprovalRequest]:
    """All that was ever asked about a delivery, oldest first; each with its decisions: who agreed to what, and when."""
    ids = select(ApprovalItem.request_id).where(ApprovalItem.delivery_id == delivery.id)
    query = select(ApprovalRequest).where(ApprovalRequest.id.in_(ids)).order_by(ApprovalRequest.id)
    return db.session.scalars(query.options(selectinload(ApprovalRequest.decisions))).all()


def ends_too_early(request: ApprovalRequest, at: datetime) -> bool:
    """Whether the approval, given now if it is not yet, is over before all of it has gone out."""
    ends_at = at + timedelta(days=request.lasts_days) if request.is_pending else request.ends_at
    open_now = request.state in OPEN
    return open_now and any(item.due_at is not None and item.due_at > ends_at for item in request.live_items)


def current_of(post: BrandPost) -> ApprovalRequest | None:
    """The newest request about a post, whatever its state."""
    query = select(ApprovalRequest).where(ApprovalRequest.post_id == post.id)
    return db.session.scalar(query.order_by(ApprovalRequest.id.desc()).limit(1))


def pictures_of(hashes: Sequence[str]) -> Mapping[str, Medium]:
    """Media by the hash of their bytes."""
    found = {one.sha256: Medium(one.url(960), "") for one in _by_hash(Picture, hashes)}
    videos = _by_hash(Video, hashes)
    return found | {v.sha256: Medium(v.url, "", True, v.poster.url(960) if v.poster else "") for v in videos}


def _pending(user: User) -> Select[ApprovalRequest]:
    waits = exists().where(
        ApprovalItem.request_id == ApprovalRequest.id,
        Delivery.id == ApprovalItem.live_delivery_id,
        Delivery.state == DeliveryState.IN_REVIEW,
    )
    return ApprovalRequest.visible_to(user).where(ApprovalRequest.state == RequestState.PENDING, waits)


def _waiting(user: User) -> Sequence[ApprovalRequest]:
    query = _loaded(_pending(user)).order_by(ApprovalRequest.id).limit(MOST_PENDING)
    return sorted(db.session.scalars(query).unique(), key=_urgency)


def _loaded(query: Select[ApprovalRequest]) -> Select[ApprovalRequest]:
    return query.options(
        contains_eager(ApprovalRequest.post).options(joinedload(BrandPost.author), joinedload(BrandPost.campaign)),
        joinedload(ApprovalRequest.asked_by),
        selectinload(ApprovalRequest.items),
        selectinload(ApprovalRequest.decisions),
    )


def _urgency(request: ApprovalRequest) -> tuple[bool, bool, float, int]:
    """The real-time lane first, then what goes out at once, then by time."""
    due = request.due_at
    return not request.fast, not request.at_once, due.timestamp() if due else float("inf"), request.id


def _shown(item: ApprovalItem, media: Mapping[str, Medium]) -> Shown:
    content, account = item.content, item.delivery.account
    channel = channel_named(account.channel)
    parts = [
        ShownPart(text, [_medium(one, media) for one in part["media"]])
        for text, part in zip(texts_of(item), content["parts"], strict=True)
    ]
    compared = _compared(item)
    return Shown(
        item=item,
        account=account,
        label=channel.facts.label,
        icon=channel.facts.icon,
        parts=parts,
        first_comment=content["first_comment"],
        content_warning=content["content_warning"],
        ad=content["ad"],
        button=content["link"]["target"] if channel.facts.transactional and content["link"] else "",
        differences=differences(compared.content, content) if compared else [],
        compared=compared.request if compared else None,
    )


def _compared(item: ApprovalItem) -> ApprovalItem | None:
    """The same delivery as somebody last decided on it, in an earlier request."""
    earlier = select(ApprovalItem).where(
        ApprovalItem.delivery_id == item.delivery_id, ApprovalItem.request_id < item.request_id
    )
    for one in db.session.scalars(earlier.order_by(ApprovalItem.id.desc())):
        if one.request.decisions:
            return one
    return None


def _medium(one: Mapping[str, Any], media: Mapping[str, Medium]) -> Medium:
    found = media.get(one["sha256"], Medium("", ""))
    return Medium(found.url, one["alt"], found.is_video, found.poster)


def _media_of(contents: Sequence[Mapping[str, Any]]) -> Mapping[str, Medium]:
    parts = [part for content in contents for part in content["parts"]]
    return pictures_of([one["sha256"] for part in parts for one in part["media"]])


def _by_hash(kind: Any, hashes: Sequence[str]) -> Sequence[Any]:
    return db.session.scalars(select(kind).where(kind.sha256.in_(hashes))).all() if hashes else []
