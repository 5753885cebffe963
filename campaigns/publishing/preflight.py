"""The look before something goes out: a day before, half an hour before, and whenever somebody asks.

When the next look is due stands with the delivery (`check_at`). What has to be asked outside (see `asking`) is asked between
two transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select

from campaigns.posts.models import BrandPost
from campaigns.publishing import asking, checks, findings, warnings_by_mail
from campaigns.publishing.findings import STILL_TO_GO, Finding, Seen, Stage
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db
from commons.jobs.leasing import take_due

DAY = timedelta(hours=24)
HALF_HOUR = timedelta(minutes=30)
SETTLES = timedelta(minutes=1)
LEASE = timedelta(minutes=10)


def first_look(due_at: datetime, at: datetime) -> datetime | None:
    """When something that was planned just now is looked over first: a day before, or once the writing has settled."""
    if due_at <= at + 2 * SETTLES:
        return None
    return max(due_at - DAY, at + SETTLES)


def next_look(due_at: datetime, at: datetime) -> datetime | None:
    """When it is looked over again after `at`."""
    return next((moment for moment in (due_at - DAY, due_at - HALF_HOUR) if moment > at), None)


def stage_at(due_at: datetime | None, at: datetime) -> Stage:
    """Which look this is."""
    if due_at is None or due_at - at > DAY:
        return Stage.ASKED
    return Stage.HALF_HOUR if due_at - at <= HALF_HOUR else Stage.DAY


def plan(post: BrandPost, by: User | None, at: datetime) -> None:
    """For the slot `scheduling.changed`: what is planned anew, or says something else now, is looked over again. Flushed."""
    query = select(Delivery).where(Delivery.post_id == post.id, Delivery.state.in_(STILL_TO_GO))
    for delivery in db.session.scalars(query):
        delivery.check_at = first_look(delivery.due_at, at) if delivery.due_at else None
    db.session.flush()


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` deliveries whose look is due; who takes one and is lost leaves it to the next. Flushed."""
    return take_due(Delivery.check_at, at, limit, Delivery.state.in_(STILL_TO_GO), lease=LEASE)


def check(delivery_id: int, at: datetime, *, asked: bool = False) -> None:
    """Look a delivery over and write down what stands in its way; its owner is told. Commits in between.

    What is on its way or over is left alone. `asked`: somebody waits for the answer, so that no letter is needed.
    """
    delivery = db.session.get(Delivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state not in STILL_TO_GO:
        return
    stage = Stage.ASKED if asked else stage_at(delivery.due_at, at)
    questions = asking.questions_about(delivery, stage, at, patient=asked)
    words_of = _in_the_language_of_its_owner(delivery, asked)
    db.session.commit()
    with words_of:
        seen = asking.ask(questions, at)
    _write_down(delivery_id, stage, seen, at)
    db.session.commit()


def _in_the_language_of_its_owner(delivery: Delivery, asked: bool) -> AbstractContextManager[object]:
    """Whoever asked reads the answer in his own language."""
    return nullcontext() if asked else force_locale(warnings_by_mail.language_of(delivery))


def _write_down(delivery_id: int, stage: Stage, seen: Sequence[Seen], at: datetime) -> None:
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(of=Delivery)
    delivery = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if delivery.state not in STILL_TO_GO:
        return
    delivery.check_at = next_look(delivery.due_at, at) if delivery.due_at else None
    fresh = findings.note(delivery, stage, [*checks.look_over(delivery, at), *seen], at)
    found = findings.open_of(delivery)
    if _is_worth_a_letter(stage, fresh, found):
        warnings_by_mail.warn(delivery, found, at)


def _is_worth_a_letter(stage: Stage, fresh: Sequence[Finding], found: Sequence[Finding]) -> bool:
    """What is new is told at once; what would stop the post is told once more half an hour before."""
    return stage is not Stage.ASKED and (
        bool(fresh) or (stage is Stage.HALF_HOUR and any(finding.grave for finding in found))
    )
