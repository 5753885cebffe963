"""Tasks of a campaign: done, taken up again, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.planning.models import Campaign, Task
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import NotAllowed
from commons.permissions import Permission

SOON = timedelta(days=7)


def finish(task: Task, *, by: User, at: datetime) -> None:
    """The task is done. Twice is once. `NotAllowed` for who neither owns it nor sets campaigns up."""
    _may(task, by)
    db.session.refresh(task, with_for_update=True)
    if task.done_at is None:
        task.done_at, task.done_by_id = at, by.id
        _settle("plan.task_done", task, by, at)


def reopen(task: Task, *, by: User, at: datetime) -> None:
    """It was not done after all. Twice is once."""
    _may(task, by)
    db.session.refresh(task, with_for_update=True)
    if task.done_at is not None:
        task.done_at, task.done_by_id = None, None
        _settle("plan.task_reopened", task, by, at)


def waiting_for(user: User, at: datetime) -> Sequence[Task]:
    """The open tasks of a person that are overdue or due within a week, the most urgent first; none of campaigns called off."""
    query = select(Task).join(Task.campaign).where(Task.owner_id == user.id, Task.done_at.is_(None))
    query = query.where(Task.due_at <= at + SOON, Campaign.cancelled_at.is_(None)).options(joinedload(Task.campaign))
    return db.session.scalars(query.order_by(Task.due_at, Task.id)).all()


def _may(task: Task, by: User) -> None:
    if by.id != task.owner_id and not by.can(Permission.CAMPAIGN_WRITE):
        raise NotAllowed(_("This task belongs to %(name)s.", name=task.owner.name))


def _settle(kind: str, task: Task, by: User, at: datetime) -> None:
    task.revision += 1
    db.session.flush()
    events.track(
        kind,
        key=f"{kind}:{task.public_id}:{task.revision}",
        at=at,
        actor_id=by.id,
        subject=task,
        campaign_id=task.campaign_id,
        payload={
            "title": task.campaign.title,
            "what": task.title,
            "revision": task.revision,
            "changes": [["done_at", "", "+"] if task.done_at else ["done_at", "+", ""]],
        },
    )
