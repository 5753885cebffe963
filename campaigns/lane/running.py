"""The acts of the lane: a topic is seen, an idea is drawn from it, sent for approval, or the topic is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from campaigns.approval import asking, deciding, voiding
from campaigns.approval.models import ApprovalRequest
from campaigns.lane.models import HotTopic, Idea, LaneTarget
from campaigns.lane.reading import is_live
from campaigns.posts import writing
from campaigns.posts.previewing import deliveries_of
from campaigns.posts.writing import Draft, Edited
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from commons.media.models import Picture
from community.channels.models import ChannelAccount

TITLE_LENGTH, REASON_LENGTH, SOURCE_LENGTH = 120, 300, 2000
LONGEST_AGO = timedelta(hours=12)


def see(title: str, source: str = "", *, by: User, at: datetime, seen_at: datetime | None = None) -> HotTopic:
    """Note a hot topic: the stopwatch runs since `seen_at`, or since now. Raises `Invalid`."""
    title, source = " ".join(title.split())[:TITLE_LENGTH], source.strip()
    if not title:
        raise Invalid(_("Say what people talk about."))
    if source and (urlsplit(source).scheme not in {"http", "https"} or len(source) > SOURCE_LENGTH):
        raise Invalid(_("The source is no address."), _("Begin with https://, or leave it empty."))
    seen_at = min(at, max(seen_at or at, at - LONGEST_AGO))
    topic = HotTopic(title=title, source=source, seen_at=seen_at, seen_by=by)
    db.session.add(topic)
    db.session.flush()
    _tell("lane.seen", topic, by, at)
    return topic


def draw(
    topic: HotTopic,
    text: str,
    accounts: Sequence[ChannelAccount],
    *,
    by: User,
    at: datetime,
    picture: Picture | None = None,
    alt: str = "",
) -> Idea:
    """Make a post of it, for these accounts, with a picture or without. Raises `Invalid`, `Conflict` (dropped, or live)."""
    _require_running(topic)
    if not accounts:
        raise Invalid(_("Choose at least one channel."))
    post = writing.begin(random_id(), by=by, at=at)
    alts = {}
    if picture is not None:
        writing.add_picture(post, picture, by=by, at=at)
        alts = {picture.public_id: alt}
    variants = {account: Edited() for account in accounts}
    writing.save(post, Draft(text=text, alts=alts, variants=variants), revision=post.revision, by=by, at=at)
    idea = Idea(topic=topic, post=post, drawn_at=at, drawn_by=by)
    db.session.add(idea)
    db.session.flush()
    _tell("lane.drawn", topic, by, at, text=post.text[:80])
    return idea


def send(idea: Idea, *, by: User, at: datetime) -> ApprovalRequest:
    """Ask every approver at once; the first who agrees sets it live everywhere. Raises `NotReady`, `Conflict`."""
    _require_running(idea.topic)
    request = asking.ask_fast(idea.post, [variant.account for variant in idea.post.variants], by=by, at=at)
    _tell("lane.sent", idea.topic, by, at)
    return request


def drop(topic: HotTopic, reason: str, *, by: User, at: datetime) -> None:
    """Let the topic go, and say why: nothing of it goes out, what is asked is withdrawn. A second time changes nothing.

    Raises `Invalid`; and `Conflict` when something of it is planned or on its way.
    """
    if topic.dropped_at is not None:
        return
    if not reason.strip():
        raise Invalid(_("Say why it is dropped: the next one will be quicker for it."))
    _require_running(topic)
    for idea in topic.ideas:
        _withdraw(idea, by, at)
    topic.dropped_at, topic.dropped_by, topic.dropped_reason = at, by, " ".join(reason.split())[:REASON_LENGTH]
    db.session.flush()
    _tell("lane.dropped", topic, by, at, reason=topic.dropped_reason)


def take_up(topic: HotTopic, *, by: User, at: datetime) -> None:
    """Go on with a topic that was dropped; the stopwatch has run all the time."""
    if topic.dropped_at is not None:
        topic.dropped_at, topic.dropped_by, topic.dropped_reason = None, None, ""
        db.session.flush()
        _tell("lane.taken_up", topic, by, at)


def set_target(minutes: int, *, by: User, at: datetime) -> None:
    """In how many minutes a topic should be live, from now on."""
    db.session.add(LaneTarget(minutes=minutes, set_at=at, set_by_id=by.id))
    db.session.flush()
    events.track(
        "lane.target_set",
        key=f"lane.target_set:{random_id()}",
        at=at,
        actor_id=by.id,
        payload={"minutes": minutes},
    )


def _withdraw(idea: Idea, by: User, at: datetime) -> None:
    asking.hold(idea.post)
    for request in asking.open_requests(idea.post):
        if not request.is_pending:
            raise Conflict(_("This is approved and on its way."), _("Cancel the post first."))
        deciding.withdraw(request, by=by, at=at)
    for delivery in deliveries_of(idea.post):
        if delivery.state is DeliveryState.IN_REVIEW:  # changes were wanted, or it took too long: nobody is asked
            scheduling.take_back(delivery, by=by, at=at)
        elif delivery.is_fixed or delivery.state in voiding.WAITING:
            raise Conflict(_("A post of it is planned or on its way."), _("Cancel the post first."))


def _require_running(topic: HotTopic) -> None:
    if topic.dropped_at is not None:
        raise Conflict(_("This topic was dropped."), _("Take it up again first."))
    if is_live(topic):
        raise Conflict(_("This topic is live already."))


def _tell(kind: str, topic: HotTopic, by: User, at: datetime, **more: Any) -> None:
    key = f"{kind}:{topic.public_id}:{random_id()}"
    payload = {"topic": topic.public_id, "title": topic.title, **more}
    events.track(kind, key=key, at=at, actor_id=by.id, subject=topic, payload=payload)
