"""What the ledger does by itself: points become available and expire, levels follow thresholds, and every night the proof."""

from __future__ import annotations

import logging

from commons import clock, jobs
from commons.admin import brand
from community.loyalty import ledger, pending
from community.loyalty.books import reconciling
from community.loyalty.levels import keeping, locking

log = logging.getLogger(__name__)

LOTS_AT_ONCE = 500


@jobs.job("loyalty.open", queue="default")
def open_pending() -> None:
    """Let what was pending be available once its moment has come; what one turn does not reach, the next one takes at once."""
    if pending.open_due(clock.now(), LOTS_AT_ONCE) == LOTS_AT_ONCE:
        jobs.send("loyalty.open")


@jobs.job("loyalty.expire", queue="default")
def expire() -> None:
    """Let lots go whose time is over; what one turn does not reach, the next one takes at once."""
    if ledger.expire_due(clock.now(), LOTS_AT_ONCE) == LOTS_AT_ONCE:
        jobs.send("loyalty.expire")


@jobs.job("loyalty.look", queue="proving")
def look(after_id: int = 0) -> None:
    """Let every level follow what counts today, some hundred members in each turn."""
    last = keeping.look(clock.now(), after_id)
    if last is not None:
        jobs.send("loyalty.look", after_id=last)


@jobs.job("loyalty.look_at_warned", queue="default")
def look_at_warned(after_id: int = 0) -> None:
    """Let those fall whose time of grace is over, and tell those who are safe again; end the locks whose time is over."""
    if not after_id:
        locking.release_due(clock.now())
    last = keeping.look_at_warned(clock.now(), after_id)
    if last is not None:
        jobs.send("loyalty.look_at_warned", after_id=last)


@jobs.job("loyalty.reconcile", queue="proving")
def reconcile() -> None:
    """Once a night prove that entries, lots and balances agree, and keep the outcome for the loyalty and the health page.

    A night that was slept through is made up for within the hour.
    """
    at = clock.now()
    if not reconciling.is_due(at, brand.shown().zone):
        return
    result = reconciling.check(at)
    if result.differences:
        log.error("the ledger does not balance: %d differences", len(result.differences))


jobs.every("loyalty.open", seconds=60)
jobs.every("loyalty.expire", seconds=3600)
jobs.every("loyalty.look", seconds=86400)
jobs.every("loyalty.look_at_warned", seconds=600)
jobs.every("loyalty.reconcile", seconds=3600)
