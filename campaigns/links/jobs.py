"""What the links do by themselves: looking whether targets still answer, and letting go of spent signatures and of customers' names."""

from __future__ import annotations

from datetime import datetime

from campaigns.links import checking
from campaigns.links.conversions import calling, customers
from commons import clock, jobs
from commons.db import db


def register() -> None:
    jobs.sweep("links.check", queue="looking", claim=checking.claim, run=check)


def check(link_id: int, at: datetime) -> None:
    """Look at the targets of one link. No transaction is open while they are awaited."""
    targets, language = checking.targets_of(link_id)
    db.session.commit()
    checking.note(link_id, checking.look(targets, language), clock.now())


@jobs.job("links.forget_signatures")
def forget_signatures() -> None:
    calling.calls.forget_old(clock.now())


@jobs.job("links.forget_customers")
def forget_customers() -> None:
    customers.strike_from_tables(clock.now())


jobs.every("links.forget_signatures", seconds=600)
jobs.every("links.forget_customers", seconds=86400)
