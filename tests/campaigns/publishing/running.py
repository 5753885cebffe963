"""Deliveries to a network's server: planned, let run, and what came of their tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from campaigns.posts.models import PostVariant
from campaigns.publishing import scheduling
from campaigns.publishing.models import Attempt, Delivery
from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.zones import to_local
from community.channels import accounts
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.campaigns.publishing.scripted import HOUR
from tests.community.channels.contract import ContractServer

STEPS = (0, 3, 15, 60, 180, 400, 700, 1300)


def planned_on(
    server: ContractServer, network: str, by: User, at: datetime, text: str, *, pictures: int = 0, **changes: Any
) -> Delivery:
    """A post for the account on `server`, due in an hour. `changes` are attributes of the post."""
    account = accounts.accept(server.connection(), network, at)
    post = with_pictures(make_post(by, text), *["一杯茶"] * pictures)
    post.variants.append(PostVariant(account=account))
    for name, value in changes.items():
        setattr(post, name, value)
    db.session.flush()
    return scheduling.schedule(post, account, to_local(at + HOUR, "UTC"), "UTC", by=by, at=at)


def run(due: datetime, *seconds: float) -> None:
    """The tick and the workers, at these seconds after the moment."""
    for second in seconds or STEPS:
        jobs.drain(due + timedelta(seconds=second))


def outcomes(delivery: Delivery) -> Sequence[str]:
    """What each try was and what came of it, in order."""
    query = select(Attempt.kind, Attempt.outcome).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)
    return [f"{row.kind} {row.outcome}" for row in db.session.execute(query)]
