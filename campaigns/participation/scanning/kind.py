"""The kind of mission for which fans scan codes where they hang."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from campaigns.participation.scanning import scanning
from campaigns.planning.missions.kinds import Kind, TeamPage, Visit, is_about
from campaigns.planning.models import Mission, MissionKind
from commons.panels import Panel


def panel(visit: Visit) -> Panel:
    """Which places there are, and where the fan has been."""
    scans = scanning.scanned(visit.mission, visit.member) if visit.member is not None else ()
    been = {scan.place_id: scan for scan in scans}
    places = [(place, been.get(place.id)) for place, *_counts in scanning.places_of(visit.mission)]
    return Panel("campaigns/participation/scanning/_places.html", {"mission": visit.mission, "places": places})


def for_team(mission: Mission) -> TeamPage:
    return TeamPage(_l("Places and codes"), url_for("scanning.places", public_id=mission.public_id))


SCAN = Kind(
    MissionKind.SCAN.value,
    _l("Scan a code on site"),
    "qrcode",
    frozenset({scanning.SCANNED}),
    counts=is_about,
    panel=panel,
    for_team=for_team,
    hint=_l("Each fan once at each place. Places and their codes are a page beside the mission."),
)
