"""Where other rooms bring what blocks of a page show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.planning.models import Campaign
from commons.slots import Slot


@dataclass(frozen=True)
class Entry:
    """One thing in the gallery: by whom, the first words, where it stands whole, and the picture if there is one."""

    author: str
    text: str
    url: str
    picture_url: str = ""
    picture_alt: str = ""


galleries: Slot[Callable[[Campaign, datetime, int], Sequence[Entry]]] = Slot(
    "featured entries of a campaign, at most so many; the first plug that has some answers"
)
