"""Where rooms above bring what earning rules ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from commons.slots import Slot

in_segment: Slot[Callable[[int, Collection[int]], set[int]]] = Slot(
    "(segment id, member ids) → those of the members who are in the segment now; the first plug answers"
)
segment_choices: Slot[Callable[[], Sequence[tuple[int, str]]]] = Slot(
    "the segments that a rule may be for: (id, name) as the form shows them"
)
points_moved: Slot[Callable[[Collection[int], datetime], object]] = Slot(
    "(member ids, moment): what these members have to spend is more or less than before"
)
moving_kinds: Slot[Callable[[], Collection[str]]] = Slot(
    "kinds of facts that move a balance without a rule (a reward, a penalty): they stand in the history too"
)


def tell_of_points(member_ids: Collection[int], at: datetime) -> None:
    """Let the rooms above know that these members' points have moved."""
    for plug in points_moved:
        plug(member_ids, at)
