"""Where rooms above bring what earning rules ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from commons.slots import Slot

in_segment: Slot[Callable[[int, Collection[int]], set[int]]] = Slot(
    "(segment id, member ids) → those of the members who are in the segment now; the first plug answers"
)
segment_choices: Slot[Callable[[], Sequence[tuple[int, str]]]] = Slot(
    "the segments that a rule may be for: (id, name) as the form shows them"
)
moving_kinds: Slot[Callable[[], Collection[str]]] = Slot(
    "kinds of facts that move a balance without a rule (a reward, a penalty): they stand in the history too"
)
