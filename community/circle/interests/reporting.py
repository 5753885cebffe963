"""Reporting a post, the list of what was reported, and telling who reported what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons import events
from commons.db import db, insert_new, random_id
from commons.errors import NotAllowed
from community.circle.interests.models import CirclePost, Complaint, InterestCircle, Reason, Report, Settled
from community.members.models import Handle, Member
from community.notices.telling import tell

REASONS = {
    Reason.ADVERTISING: _l("Advertising or spam"),
    Reason.ABUSE: _l("Attacks or insults somebody"),
    Reason.PRIVATE: _l("Shows somebody's private data"),
    Reason.OFF_TOPIC: _l("Does not belong in this circle"),
    Reason.OTHER: _l("Something else"),
}


One = TypeVar("One", bound=Complaint)


@dataclass(slots=True)
class Reports(Generic[One]):
    """What was said against one thing, oldest report first."""

    reports: list[One] = field(default_factory=list)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Each reason in words with how often it was given, the commonest first."""
        counts = Counter(report.reason for report in self.reports)
        return [(str(REASONS[reason]), count) for reason, count in counts.most_common()]

    @property
    def notes(self) -> list[str]:
        return [report.note for report in self.reports if report.note]


@dataclass(slots=True, kw_only=True)
class Reported(Reports[Report]):
    """A post with what was said against it."""

    post: CirclePost


def report(post: CirclePost, by: Member, reason: Reason, at: datetime, note: str = "") -> None:
    """Say that the post breaks a rule. Nobody but hosts and staff learns who said so; the second time changes nothing."""
    if post.author.member_id == by.id:
        raise NotAllowed(_("This is your own post; you can withdraw it."))
    row = {
        "public_id": random_id(), "post_id": post.id, "reporter_id": by.id, "reason": reason, "note": note[:500],
        "reported_at": at,
    }  # fmt: skip
    insert_new(Report, row)


def leave(post: CirclePost, by: Handle, at: datetime) -> None:
    """The post breaks no rule and stays. Nobody answers what was said against his own words."""
    if by.is_same_person(post.author):
        raise NotAllowed(_("This is your own post; somebody else answers the reports about it."))
    settle(post, Settled.LEFT, by, at)


def settle(post: CirclePost, settled: Settled, by: Handle, at: datetime) -> None:
    """Answer every open report about the post; who reported is told what became of it."""
    reports = db.session.scalars(select(Report).where(Report.post_id == post.id, Report.settled_at.is_(None))).all()
    circle = {"circle": {"zh": post.circle.name.zh, "en": post.circle.name.en}}
    for one in reports:
        one.settled_at, one.settled_by_id, one.settled = at, by.id, settled
        url = f"/circle/interests/{post.circle.public_id}"
        kind, key = f"circle.report_{settled.value}", f"circle.report:{one.public_id}"
        tell(one.reporter_id, kind, key=key, at=at, url=url, details=circle)
    if reports and settled is not Settled.WITHDRAWN:
        key = f"circle.reports_settled:{post.public_id}:{at.isoformat()}"
        payload = {**circle, "count": len(reports)}
        events.track(
            "circle.reports_settled", key=key, at=at, actor_id=by.acting_account, subject=post, payload=payload
        )


def open_reports(circle: InterestCircle | None = None, limit: int = 50) -> list[Reported]:
    """Posts with open reports, those reported first at the top."""
    query = (
        select(Report)
        .join(CirclePost, CirclePost.id == Report.post_id)
        .options(joinedload(Report.post).joinedload(CirclePost.author), joinedload(Report.reporter))
        .where(Report.settled_at.is_(None))
    )
    if circle is not None:
        query = query.where(CirclePost.circle_id == circle.id)
    found: dict[int, Reported] = {}
    for one in db.session.scalars(query.order_by(Report.reported_at, Report.id)):
        found.setdefault(one.post_id, Reported(post=one.post)).reports.append(one)
    return list(found.values())[:limit]


def has_reported(posts: Sequence[CirclePost], member: Member) -> set[int]:
    """Which of the posts the member has reported already, by key."""
    query = select(Report.post_id).where(
        Report.post_id.in_([post.id for post in posts]), Report.reporter_id == member.id
    )
    return set(db.session.scalars(query))
