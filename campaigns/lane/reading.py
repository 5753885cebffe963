"""Finding topics, and how far each has got: read off its posts, their requests and their deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select

from campaigns.approval.models import ApprovalRequest, RequestState
from campaigns.lane.models import TARGET_MINUTES, HotTopic, Idea, LaneTarget
from campaigns.lane.timing import LEGS, Marks
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission

RUNNING_SHOWN, PAST_SHOWN, DROPPED_SHOWN = 20, 50, 20

ON_ITS_WAY = frozenset({DeliveryState.SCHEDULED, DeliveryState.PUBLISHING})
STUCK = frozenset(
    {
        DeliveryState.FAILED,
        DeliveryState.MISSED,
        DeliveryState.UNKNOWN,
        DeliveryState.PARTIAL,
        DeliveryState.HELD,
    }
)


@dataclass(frozen=True)
class Progress:
    """How far one idea has got: its marks, the newest request about it, the states that its deliveries are in."""

    idea: Idea
    marks: Marks
    request: ApprovalRequest | None
    states: frozenset[DeliveryState]


@dataclass(frozen=True)
class Run:
    """A topic with the idea that has got furthest, and its marks."""

    topic: HotTopic
    marks: Marks
    lead: Progress | None

    @property
    def stage(self) -> str:
        """`dropped`, `live`, `stuck` (it did not go out), `returned` (not approved), or the last mark that was reached."""
        if self.topic.dropped_at is not None:
            return "dropped"
        if self.lead is None:
            return "seen"
        if self.marks.live is not None:
            return "live"
        if self.lead.states & STUCK:
            return "stuck"
        request = self.lead.request
        if request is not None and request.state not in {RequestState.PENDING, RequestState.APPROVED}:
            return "returned"
        return ("seen", *LEGS)[self.marks.reached]

    @property
    def is_over(self) -> bool:
        return self.stage in {"dropped", "live"}

    @property
    def is_going_out(self) -> bool:
        """Live somewhere, and on its way elsewhere."""
        return self.stage == "live" and self.lead is not None and bool(self.lead.states & ON_ITS_WAY)

    @property
    def fell_short(self) -> bool:
        """Live somewhere, and not everywhere it was meant to be."""
        return self.stage == "live" and self.lead is not None and bool(self.lead.states & STUCK)


def target_seconds() -> int:
    """In how many seconds a topic should be live."""
    minutes = db.session.scalar(select(LaneTarget.minutes).order_by(LaneTarget.id.desc()).limit(1))
    return (minutes or TARGET_MINUTES) * 60


def running(user: User) -> list[Run]:
    """Topics under way, the newest first."""
    query = HotTopic.visible_to(user).where(HotTopic.dropped_at.is_(None), ~_live())
    return _runs(db.session.scalars(query.order_by(HotTopic.seen_at.desc()).limit(RUNNING_SHOWN)))


def past(user: User) -> list[Run]:
    """Topics that went live, the newest first."""
    query = HotTopic.visible_to(user).where(HotTopic.dropped_at.is_(None), _live())
    return _runs(db.session.scalars(query.order_by(HotTopic.seen_at.desc()).limit(PAST_SHOWN)))


def dropped(user: User) -> Sequence[HotTopic]:
    query = HotTopic.visible_to(user).where(HotTopic.dropped_at.is_not(None))
    return db.session.scalars(query.order_by(HotTopic.dropped_at.desc()).limit(DROPPED_SHOWN)).all()


def run_of(topic: HotTopic) -> Run:
    return _runs([topic])[0]


def is_live(topic: HotTopic) -> bool:
    """Whether a post of it stands somewhere."""
    query = select(HotTopic.id).where(HotTopic.id == topic.id, _live())
    return db.session.scalar(query) is not None


def running_panel(user: User, at: datetime) -> Panel | None:
    """On the start page: topics whose stopwatch runs; nothing when none does."""
    if not user.can(Permission.POST_READ):
        return None
    runs = running(user)[:3]
    return (
        Panel("campaigns/lane/_panel.html", {"runs": runs, "target": target_seconds(), "at": at}, 6) if runs else None
    )


def _live() -> ColumnElement[bool]:
    return exists().where(
        Idea.topic_id == HotTopic.id, Delivery.post_id == Idea.post_id, Delivery.published_at.is_not(None)
    )


def _runs(topics: Iterable[HotTopic]) -> list[Run]:
    found = list(topics)
    ideas = [idea for topic in found for idea in topic.ideas]
    posts = [idea.post_id for idea in ideas]
    asked, requests, sent = _asked(posts), _newest_requests(posts), _deliveries(posts)
    runs = []
    for topic in found:
        progress = [
            _progress(topic, idea, asked.get(idea.post_id), requests.get(idea.post_id), sent.get(idea.post_id, []))
            for idea in topic.ideas
        ]
        lead = max(progress, key=lambda one: (one.marks.live is not None, one.marks.reached, one.idea.id), default=None)
        runs.append(Run(topic, lead.marks if lead else Marks(topic.seen_at), lead))
    return runs


def _progress(
    topic: HotTopic,
    idea: Idea,
    asked: tuple[datetime, datetime | None] | None,
    request: ApprovalRequest | None,
    deliveries: Sequence[Delivery],
) -> Progress:
    live = min((one.published_at for one in deliveries if one.published_at is not None), default=None)
    sent, approved = asked or (None, None)
    marks = Marks(topic.seen_at, idea.drawn_at, sent, approved, live)
    return Progress(idea, marks, request, frozenset(one.state for one in deliveries))


def _asked(posts: Sequence[int]) -> Mapping[int, tuple[datetime, datetime | None]]:
    """By post: when it was first asked for, and when it was approved."""
    approved = ApprovalRequest.state == RequestState.APPROVED
    query = (
        select(
            ApprovalRequest.post_id,
            func.min(ApprovalRequest.asked_at),
            func.min(case((approved, ApprovalRequest.closed_at))),
        )
        .where(ApprovalRequest.post_id.in_(posts))
        .group_by(ApprovalRequest.post_id)
    )
    return {post: (sent, agreed) for post, sent, agreed in db.session.execute(query)}


def _newest_requests(posts: Sequence[int]) -> Mapping[int, ApprovalRequest]:
    query = select(ApprovalRequest).where(ApprovalRequest.post_id.in_(posts)).order_by(ApprovalRequest.id)
    return {request.post_id: request for request in db.session.scalars(query)}


def _deliveries(posts: Sequence[int]) -> Mapping[int, list[Delivery]]:
    by_post: dict[int, list[Delivery]] = {}
    for delivery in db.session.scalars(select(Delivery).where(Delivery.post_id.in_(posts)).order_by(Delivery.id)):
        by_post.setdefault(delivery.post_id, []).append(delivery)
    return by_post
