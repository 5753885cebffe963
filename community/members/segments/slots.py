"""Where rooms bring their kinds of conditions, and say what a segment is used for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from commons.slots import Slot
from community.members.segments.conditions import Condition

conditions: Slot[Callable[[], Sequence[Condition]]] = Slot("the kinds of conditions that a room knows, in order")
used_by: Slot[Callable[[int, datetime], Sequence[str]]] = Slot(
    "segment id and moment → names of what would not work without the segment then"
)


def kinds() -> dict[str, Condition]:
    """Every kind of condition by its name."""
    return {condition.name: condition for plug in conditions for condition in plug()}


def uses(segment_id: int, at: datetime) -> list[str]:
    """What needs the segment."""
    return [name for plug in used_by for name in plug(segment_id, at)]
