"""What payments do by themselves: those that nobody paid in time end, and every night the books are proven."""

from __future__ import annotations

import logging

from campaigns.payments import asking
from campaigns.payments.books import reconciling
from campaigns.payments.calls.receiving import calls
from commons import clock, jobs
from commons.admin import brand

log = logging.getLogger(__name__)


def register() -> None:
    jobs.sweep("payments.expire", claim=asking.claim, run=asking.expire)


@jobs.job("payments.forget_signatures")
def forget_signatures() -> None:
    calls.forget_old(clock.now())


@jobs.job("payments.reconcile", queue="proving")
def reconcile() -> None:
    """Once a night prove that receipts less refunds are what is held. A night that was slept through is made up for within
    the hour.
    """
    at = clock.now()
    if not reconciling.is_due(at, brand.shown().zone):
        return
    proof = reconciling.check(at)
    if proof.differences:
        log.error("payments do not add up: %d differences", len(proof.differences))


jobs.every("payments.forget_signatures", seconds=600)
jobs.every("payments.reconcile", seconds=3600)
