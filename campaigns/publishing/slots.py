"""Where other rooms have a say before something is sent for the first time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from campaigns.publishing.models import Delivery
from commons.slots import Slot

may_be_sent: Slot[Callable[[Delivery, datetime], bool]] = Slot(
    "whether a delivery may be sent as it is now; whoever says no has seen to what becomes of it"
)
looked_at_singly: Slot[Callable[[Sequence[int]], Collection[int]]] = Slot(
    "which of these deliveries `may_be_sent` has to be asked about"
)
