"""Where other rooms bring what belongs to a campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from campaigns.planning.models import Campaign
from commons.panels import Panel
from commons.slots import Slot

page_panels: Slot[Callable[[Campaign, datetime], Panel | None]] = Slot("panels of a campaign's page, for fans")
board_panels: Slot[Callable[[Campaign, datetime], Panel | None]] = Slot("panels of the board on which the lead watches")
