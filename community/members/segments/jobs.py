"""What segments do by themselves."""

from __future__ import annotations

from commons import clock, jobs
from community.members.segments import following, latecomers, rebuilding


@jobs.job("segments.round", queue="proving")
def carry_on(round_id: int) -> None:
    """One piece of a round over all members; the next piece is a job of its own, so that other rounds get in between.

    On another queue than facts: at midnight many rounds begin at once, and nobody is to wait for them.
    """
    now = clock.now()
    if latecomers.is_to_wait(round_id, now):
        jobs.send("segments.round", due=now + latecomers.PAUSE, round_id=round_id)
    elif rebuilding.step(round_id, now):
        jobs.send("segments.round", round_id=round_id)


@jobs.job("segments.prove", queue="proving")
def prove(round_id: int) -> None:
    """The same for the rounds of every segment, at midnight and once a day: facts do not stand in one line with all of them."""
    if rebuilding.step(round_id, clock.now()):
        jobs.send("segments.prove", round_id=round_id)


@jobs.job("segments.turn", queue="default")
def turn() -> None:
    """Begin the rounds that a new day and the daily proof ask for."""
    rebuilding.turn(clock.now())


jobs.every("segments.turn", seconds=60)
jobs.sweep(
    "segments.follow",
    queue="default",
    claim=following.claim,
    run=following.follow_one,
    run_many=following.follow,
)
