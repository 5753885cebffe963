"""What is done about guardians in the background."""

from __future__ import annotations

from commons import clock, jobs
from community.members.profiles import guardians

AT_ONCE = 100


@jobs.job("profiles.catch_up")
def catch_up() -> None:
    """After a change of the brand's settings, piece by piece."""
    if guardians.catch_up(clock.now(), AT_ONCE) == AT_ONCE:
        jobs.send("profiles.catch_up")


@jobs.job("profiles.forget_unanswered")
def forget_unanswered() -> None:
    """The daily turn."""
    guardians.forget_unanswered(clock.now())


jobs.every("profiles.forget_unanswered", seconds=86400)
