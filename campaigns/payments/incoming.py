"""Money as somebody tells of it, before it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commons.accounts.models import User
from commons.media.models import Picture
from commons.money import Money


@dataclass(frozen=True)
class Incoming:
    """Money, as somebody tells of it. `external_id` is the provider's name for it; `provider` is the payment's own unless given.

    `by` is the person who enters it by hand.
    """

    external_id: str
    amount: Money
    paid_at: datetime
    proof: Mapping[str, Any] = field(default_factory=dict)
    provider: str = ""
    picture: Picture | None = None
    by: User | None = None
