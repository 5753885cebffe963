"""Where other rooms say what came of a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaigns.links.models import Link
from commons.slots import Slot


@dataclass(frozen=True)
class Outcome:
    """So many of something that people did who had come by the link. `words` is a lazy name such as `Group-buy seats`."""

    words: Any
    number: int


outcomes: Slot[Callable[[Link], Outcome]] = Slot("what people did who came by a link, beyond looking")
