"""What becomes of places in circles when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from community.circle.interests.models import Measure, Membership, Mood, Report
from community.members.merging.moving import Moves, Values


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member. A mute or a removal holds for the person."""
    return (
        Moves(
            Membership.member_id,
            _l("Places in interest circles"),
            once_for=(Membership.circle_id,),
            blend=_one_place,
            both=_l("One place remains: since the earlier day, and as host if either was."),
        ),
        Moves(
            Report.reporter_id, _l("Reports"), once_for=(Report.post_id,), both=_l("The kept member's report stands.")
        ),
        Moves(Measure.member_id, _l("Measures in circles")),
        Moves(
            Mood.member_id,
            _l("Moods of the week"),
            once_for=(Mood.circle_id, Mood.week),
            both=_l("What the kept member said of a week stands."),
        ),
    )


def _one_place(kept: Membership, other: Membership, at: datetime) -> tuple[Values, Values]:
    """Who is in by either self is in, since the earlier day; the other place rests."""
    is_in = kept.left_at is None or other.left_at is None
    hosts = [one.host_since for one in (kept, other) if one.left_at is None and one.host_since is not None]
    one = {
        "joined_at": min(kept.joined_at, other.joined_at),
        "left_at": None if is_in else kept.left_at,
        "host_since": min(hosts, default=kept.host_since),
    }
    return one, {"left_at": other.left_at or at, "host_since": None}
