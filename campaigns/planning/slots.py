"""Where other rooms bring what belongs to a campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.planning.models import Campaign, Mission
from commons.panels import Panel
from commons.slots import Slot


@dataclass(frozen=True)
class Finding:
    """Something to know before a campaign is launched. One that `blocks` keeps it from being launched.

    `reference` names the rule that it comes from, if there is one; `mend_url` is the page on which it is mended.
    """

    words: str
    blocks: bool = False
    reference: str = ""
    mend_url: str = ""


@dataclass(frozen=True)
class Measure:
    """Something that a goal can be set for. `label` and `definition` are lazy words: what it is called, what it counts.

    `count` says how many there are at a moment, from facts alone.
    """

    name: str
    label: Any
    definition: Any
    count: Callable[[Campaign, datetime], int]


page_panels: Slot[Callable[[Campaign, datetime], Panel | None]] = Slot("panels of a campaign's page, for fans")
fan_pages: Slot[Callable[[Campaign, datetime], Panel]] = Slot(
    "a campaign's page as whoever asks sees it, its heading included; the first plug answers"
)
board_panels: Slot[Callable[[Campaign, datetime], Panel | None]] = Slot("panels of the board on which the lead watches")
plan_panels: Slot[Callable[[Campaign, datetime], Panel | None]] = Slot("panels under the overview of a campaign's plan")
measures: Slot[Callable[[], Sequence[Measure]]] = Slot("what goals can be set for")
kept: Slot[Callable[[Campaign, datetime], Mapping[int, int]]] = Slot(
    "how far goals of a campaign are at a moment, by the id of the goal, where that is kept and nothing has to be counted"
)
before_launch: Slot[Callable[[Campaign, datetime], Sequence[Finding]]] = Slot(
    "what is to be known before a campaign is launched; a finding that blocks keeps it a draft"
)
mission_uses: Slot[Callable[[Mission], bool]] = Slot("whether fans have done something for this mission already")
