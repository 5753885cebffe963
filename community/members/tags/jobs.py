"""What tags do in the background."""

from __future__ import annotations

from commons import clock, jobs
from community.members.tags import running


@jobs.job("tags.run", queue="default")
def carry_on(run_id: int) -> None:
    """One piece of an act on many members; the next is a job of its own, so that other work gets in between."""
    if running.step(run_id, clock.now()):
        jobs.send("tags.run", run_id=run_id)
