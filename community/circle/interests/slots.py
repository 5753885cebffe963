"""Where other rooms take part in what is written in the circles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from commons.slots import Slot
from community.circle.interests.models import CirclePost

submitting: Slot[Callable[[CirclePost, datetime], bool]] = Slot(
    "a fan's words before they stand: False keeps them back until `posting.let_stand` is called"
)
