"""The look before something goes out: a day before, half an hour before, and whenever somebody asks.

When the next look is due stands with the delivery (`check_at`). What is asked outside (does the link answer, does the sign-in
hold) is asked between two transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import inspect, select, update

from campaigns.links.models import Link
from campaigns.posts import checking
from campaigns.posts.models import BrandPost
from campaigns.publishing import checks, findings, warnings_by_mail
from campaigns.publishing.findings import STILL_TO_GO, Seen, Stage, Word
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db
from community.channels import connecting
from community.channels.models import ChannelAccount
from community.channels.protocol import channel_named

DAY = timedelta(hours=24)
HALF_HOUR = timedelta(minutes=30)
SETTLES = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked outside about a delivery: copies that belong to no transaction."""

    link: Link | None
    account: ChannelAccount | None


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
    due = select(Delivery.id).where(Delivery.check_at <= at, Delivery.state.in_(STILL_TO_GO))
    chosen = due.order_by(Delivery.check_at).limit(limit).with_for_update(skip_locked=True)
    change = (
        update(Delivery)
        .where(Delivery.id.in_(chosen.scalar_subquery()))
        .values(check_at=at + LEASE)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(change))


def check(delivery_id: int, at: datetime, *, asked: bool = False) -> None:
    """Look a delivery over and write down what stands in its way; its owner is told of what is new. Commits in between.

    What is on its way or over is left alone. `asked`: somebody waits for the answer, so that no letter is needed.
    """
    delivery = db.session.get(Delivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state not in STILL_TO_GO:
        return
    stage = Stage.ASKED if asked else stage_at(delivery.due_at, at)
    questions = _questions(delivery, stage, at)
    db.session.commit()
    seen = _ask(questions, at)
    _write_down(delivery_id, stage, seen, at)
    db.session.commit()


def _questions(delivery: Delivery, stage: Stage, at: datetime) -> Questions:
    account, link = delivery.account, delivery.post.link
    is_network = not channel_named(account.channel).facts.transactional and account.disconnected_at is None
    is_due = stage is not Stage.DAY and (account.checked_at is None or account.checked_at < at - FRESH)
    leads = link is not None and link.ended_at is None
    return Questions(_apart(link) if link and leads else None, account if is_network and is_due else None)


def _ask(questions: Questions, at: datetime) -> list[Seen]:
    seen = []
    if questions.link is not None:
        answer = checking.check(questions.link)
        if not answer.ok:
            seen.append(Seen(Word.LINK, grave=False, about={"slug": questions.link.slug, "why": answer.words}))
    account = questions.account
    if account is not None:
        wrong = connecting.check(account, at)
        if wrong and not account.trouble:
            seen.append(Seen(Word.NO_ANSWER, grave=False, about={"account": account.name, "why": wrong}))
    return seen


def _write_down(delivery_id: int, stage: Stage, seen: Sequence[Seen], at: datetime) -> None:
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(of=Delivery)
    delivery = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if delivery.state not in STILL_TO_GO:
        return
    delivery.check_at = next_look(delivery.due_at, at) if delivery.due_at else None
    fresh = findings.note(delivery, stage, [*checks.look_over(delivery, at), *seen], at)
    if fresh and stage is not Stage.ASKED:
        warnings_by_mail.warn(delivery, fresh, at)


def _apart(link: Link) -> Link:
    """A copy that belongs to no transaction."""
    names = [attribute.key for attribute in inspect(Link).column_attrs]
    return Link(**{name: getattr(link, name) for name in names})
