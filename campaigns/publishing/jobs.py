"""The sweeps that send what is due: the tick claims, workers send. The circle, the networks and mere looking at them do not wait
for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.publishing import claiming, delivering, holding, many, preflight, receipts, sending, silence
from campaigns.publishing.models import Delivery
from commons import clock, jobs
from commons.db import db
from commons.jobs.redacting import error_words
from community.channels.outcomes import Ambiguous, CannotTell, NotSent, SignIn


def register() -> None:
    jobs.sweep(
        "publishing.deliver",
        queue="publishing",
        claim=claiming.claim_inside,
        run=deliver,
        run_many=many.deliver_many,
    )
    jobs.sweep("publishing.send", queue="networks", claim=claiming.claim_outside, run=send)
    jobs.sweep("publishing.check", queue="looking", claim=preflight.claim, run=preflight.check)


def deliver(delivery_id: int, at: datetime) -> None:
    """Publish one delivery in the circle. What breaks it off is noted with it in a transaction of its own, then left to
    the retries.
    """
    try:
        delivering.deliver(delivery_id, at)
    except Exception as error:
        db.session.rollback()
        delivering.interrupt(delivery_id, error_words(error), at)
        db.session.commit()
        raise


def caught(delivery_ids: Sequence[int]) -> set[int]:
    """Those that a hold keeps back which began after they were claimed."""
    return holding.caught_among(delivery_ids, clock.now())


def send(delivery_id: int, at: datetime) -> None:
    """Send one delivery to its network as far as it gets now. Each step is written down before and after, in transactions
    of their own, because nothing takes back what a network has heard.
    """
    try:
        while step := sending.begin(delivery_id, at):
            db.session.commit()
            outcome = sending.carry_out(step, at)
            at = clock.now()
            goes_on = sending.settle(step, outcome, at)
            db.session.commit()
            if not goes_on:
                return
    except Exception as error:
        db.session.rollback()
        sending.interrupt(delivery_id, error_words(error), clock.now())
        db.session.commit()
        raise


class NotSeen(Exception):
    """What stands on the network could not be read."""


@jobs.job("publishing.look", queue="looking", tries=4)
def look(delivery_id: int) -> None:
    """Read back what stands on the network, for the receipt.

    Neither a post nor a letter waits behind it: it has a queue of its own, and a network that is down is asked only once in
    a while.
    """
    at, account = clock.now(), db.session.get_one(Delivery, delivery_id).account.public_id
    if words := silence.of(account, at):
        raise NotSeen(words)
    trouble = receipts.look_again(delivery_id, at)
    if isinstance(trouble, NotSent | Ambiguous):
        silence.note(account, trouble.words, at)
    if trouble is not None and not isinstance(trouble, CannotTell | SignIn):
        raise NotSeen(trouble.words)
