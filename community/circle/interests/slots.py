"""Where other rooms take part in what is written in the circles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from commons.slots import Slot
from community.circle.interests.models import CirclePost

submitting: Slot[Callable[[CirclePost, datetime], bool]] = Slot(
    "a fan's words before they stand: False keeps them back until `posting.let_stand` is called"
)
explaining: Slot[Callable[[CirclePost], str | None]] = Slot(
    "where the author of a post that does not stand reads why, and appeals: the path of that page, None for nothing to say"
)
