"""The day before a task is due its owner gets a letter."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.planning.models import Campaign, Task
from commons import i18n, mail, zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.web import absolute_url

A_DAY = timedelta(days=1)


def remind(at: datetime) -> int:
    """Write to the owners of tasks that are due within a day, once for each owner and date; to how many.

    Whoever was asked for it less than a day before knows it, and is not written to.
    """
    query = (
        select(Task)
        .join(Task.campaign)
        .where(
            Task.done_at.is_(None),
            Task.reminded_at.is_(None),
            Task.due_at > at,
            Task.due_at <= at + A_DAY,
            Campaign.cancelled_at.is_(None),
        )
    )
    due = [task for task in db.session.scalars(query.order_by(Task.id)) if task.asked_at <= task.due_at - A_DAY]
    return sum(_write(task, at) for task in due)


def _write(task: Task, at: datetime) -> bool:
    still = (Task.id == task.id, Task.reminded_at.is_(None), Task.done_at.is_(None))
    if changed(update(Task).where(*still).values(reminded_at=at)) == 0:
        return False
    owner = task.owner
    if not owner.is_active or not owner.is_staff or not owner.email:
        return False
    with force_locale(_language(owner)):
        subject = _("Due tomorrow: %(task)s", task=task.title)
        mail.send_later(owner.email, str(subject), "\n\n".join(filter(None, _lines(task, owner))) + "\n", at)
    return True


def _lines(task: Task, owner: User) -> list[str]:
    return [
        _("Hello %(name)s,", name=owner.name),
        _(
            "your task “%(task)s” in the campaign “%(title)s” is due at %(time)s, %(zone)s.",
            task=task.title,
            title=task.campaign.title,
            time=f"{zones.to_local(task.due_at, owner.zone):%Y-%m-%d %H:%M}",
            zone=owner.zone,
        ),
        task.note,
        absolute_url("planning.section", public_id=task.campaign.public_id, name="tasks"),
    ]


def _language(owner: User) -> str:
    return owner.language if owner.language in i18n.LANGUAGES else i18n.DEFAULT_LANGUAGE
