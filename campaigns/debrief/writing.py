"""Writing down what a campaign taught, and seeing to what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.debrief.models import Lesson, NextTime
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import db


def learn(campaign: Campaign, text: str, *, by: User, at: datetime, public_id: str) -> Lesson:
    """Keep a lesson. `public_id` is chosen by the page that it is written on: a form sent twice makes one."""
    there = db.session.scalar(select(Lesson).where(Lesson.public_id == public_id))
    if there is not None:
        return there
    lesson = Lesson(public_id=public_id, campaign=campaign, text=text.strip(), author_id=by.id, written_at=at)
    db.session.add(lesson)
    db.session.flush()
    _tell("campaign.lesson", lesson, by, at)
    return lesson


def decide(campaign: Campaign, text: str, *, by: User, at: datetime, public_id: str) -> NextTime:
    """Decide something for the next campaign; a form sent twice makes one."""
    there = db.session.scalar(select(NextTime).where(NextTime.public_id == public_id))
    if there is not None:
        return there
    decision = NextTime(public_id=public_id, campaign=campaign, text=text.strip(), decided_by_id=by.id, decided_at=at)
    db.session.add(decision)
    db.session.flush()
    _tell("campaign.next_time", decision, by, at)
    return decision


def settle(decision: NextTime, *, by: User, at: datetime) -> None:
    """It is seen to. Twice is once."""
    if decision.done_at is None:
        decision.done_at, decision.done_by_id = at, by.id
        db.session.flush()
        _tell("campaign.next_time_done", decision, by, at)


def lessons(campaign: Campaign) -> Sequence[Lesson]:
    """The oldest first."""
    query = select(Lesson).where(Lesson.campaign_id == campaign.id).options(joinedload(Lesson.author))
    return db.session.scalars(query.order_by(Lesson.id)).all()


def decisions(campaign: Campaign) -> Sequence[NextTime]:
    """What is still to be seen to first, each in the order in which it was decided."""
    query = select(NextTime).where(NextTime.campaign_id == campaign.id)
    query = query.options(joinedload(NextTime.decided_by), joinedload(NextTime.done_by))
    return db.session.scalars(query.order_by(NextTime.done_at.is_not(None), NextTime.id)).all()


def _tell(kind: str, thing: Lesson | NextTime, by: User, at: datetime) -> None:
    campaign = thing.campaign
    events.track(
        kind,
        key=f"{kind}:{thing.public_id}",
        at=at,
        actor_id=by.id,
        subject=thing,
        campaign_id=campaign.id,
        payload={"title": campaign.title, "text": thing.text[:80]},
    )
