"""Where other rooms say what came of a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.links.models import Link
from commons.slots import Slot


@dataclass(frozen=True)
class Outcome:
    """So many of something that people did who had come by the link. `words` is a lazy name such as `Group-buy seats`."""

    words: Any
    number: int


outcomes: Slot[Callable[[Link], Outcome]] = Slot("what people did who came by a link, beyond looking")
visited: Slot[Callable[[Mapping[int, Sequence[datetime]]], None]] = Slot(
    "people came by links: when, by the id of the link; told in the transaction that writes the visits"
)
regrouped: Slot[Callable[[Link, int | None], None]] = Slot(
    "a link belongs to another campaign than before: the link, and the id of the former campaign"
)
