"""Where other rooms have a say before something is sent for the first time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.publishing.models import Delivery
from commons.slots import Slot


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody said to a delivery before it went out: `words` such as approved, of `texts`, the parts as they were seen;
    `seal` is the hash of all that was seen.
    """

    at: datetime
    who: str
    words: str
    note: str = ""
    seal: str = ""
    texts: Sequence[str] = ()


may_be_sent: Slot[Callable[[Delivery, datetime], bool]] = Slot(
    "whether a delivery may be sent as it is now; whoever says no has seen to what becomes of it"
)
looked_at_singly: Slot[Callable[[Sequence[int]], Collection[int]]] = Slot(
    "which of these deliveries `may_be_sent` has to be asked about"
)
agreed_to: Slot[Callable[[Delivery, datetime], bool]] = Slot(
    "whether everybody who has to has agreed to a delivery as it is now; changes nothing"
)
agreements: Slot[Callable[[Delivery], Sequence[Agreement]]] = Slot("who agreed to a delivery, for its receipt")
