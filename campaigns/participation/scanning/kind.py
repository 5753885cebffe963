"""The kind of mission for which fans scan codes where they hang."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.participation.scanning import scanning
from campaigns.planning.missions.kinds import Kind
from campaigns.planning.models import Mission, MissionKind
from commons.panels import Panel
from community.members.models import Member


def panel(mission: Mission, member: Member | None, _at: datetime, _form: Any) -> Panel:
    """Which places there are, and where the fan has been."""
    been = {scan.place_id: scan for scan in scanning.scanned(mission, member)} if member is not None else {}
    places = [(place, been.get(place.id)) for place, *_counts in scanning.places_of(mission)]
    return Panel("campaigns/participation/scanning/_places.html", {"mission": mission, "places": places})


SCAN = Kind(
    MissionKind.SCAN.value,
    _l("Scan a code on site"),
    "qrcode",
    frozenset({scanning.SCANNED}),
    panel=panel,
    hint=_l("Each fan once at each place. Add the places and print their codes in the list of missions."),
)
