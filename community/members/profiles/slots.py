"""Where rooms that act under a consent follow it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from commons.slots import Slot
from community.members.profiles.models import Purpose

given: Slot[Callable[[int, Purpose, datetime], object]] = Slot("member id, purpose, moment: from now on it is allowed")
withdrawn: Slot[Callable[[int, Purpose, datetime], object]] = Slot(
    "member id, purpose, moment: from now on it is not; what was kept for it goes in the same transaction"
)
