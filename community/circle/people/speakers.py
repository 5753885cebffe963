"""Those who speak on a page: their levels, and who of them has a profile to look at."""

from __future__ import annotations

from collections.abc import Iterable

from community.circle.people import profiles
from community.loyalty.levels.climbing import current_levels
from community.loyalty.models import Level


class Speakers(dict[int, Level]):
    """Levels by member id, of those who have risen above the lowest.

    `shown` are those with a profile for everybody, `hosts` those who host the interest circle that is read.
    """

    shown: set[int]
    hosts: set[int]


def speakers(member_ids: Iterable[int | None]) -> Speakers:
    """Levels and profiles of these members, in a fixed number of queries."""
    known = sorted({member_id for member_id in member_ids if member_id is not None})
    found = Speakers(current_levels(known))
    found.shown, found.hosts = profiles.shown_among(known), set()
    return found
