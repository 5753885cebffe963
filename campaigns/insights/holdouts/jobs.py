"""What hold-out groups do in the background."""

from __future__ import annotations

from campaigns.insights.holdouts import casting
from commons import clock, jobs


@jobs.job("holdouts.cast", queue="default")
def carry_on(holdout_id: int) -> None:
    """One piece of a large lot; the next is a job of its own, so that other work gets in between."""
    if casting.step(holdout_id, clock.now()):
        jobs.send("holdouts.cast", holdout_id=holdout_id)
