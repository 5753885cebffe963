"""What the boards do by themselves: changes go into the trees, and every night the proof."""

from __future__ import annotations

import logging

from commons import clock, jobs
from community.loyalty.ranking import folding

log = logging.getLogger(__name__)


@jobs.job("ranking.fold", queue="default")
def fold() -> None:
    """Bring what was noted into the trees."""
    folding.fold()


@jobs.job("ranking.prove", queue="proving")
def prove() -> None:
    """Let go of boards long past, compare the trees with the accounts, and put right what differs."""
    folding.forget(clock.now())
    wrong = folding.rebuild()
    if wrong:
        log.error("the counts behind places were wrong at %d nodes and are put right", wrong)


jobs.every("ranking.fold", seconds=15)
jobs.every("ranking.prove", seconds=86400)
