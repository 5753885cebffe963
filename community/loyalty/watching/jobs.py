"""Every few minutes a look at what happened since the last one."""

from __future__ import annotations

from commons import clock, jobs
from community.loyalty.watching import finding


@jobs.job("loyalty.watch", queue="default")
def watch() -> None:
    """Look for rings, bursts, rhythms, echoes and choirs; what one look does not reach, the next one takes at once."""
    if finding.look(clock.now()).more:
        jobs.send("loyalty.watch")


jobs.every("loyalty.watch", seconds=300)
