"""What becomes of seats and teams when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from campaigns.groupbuys.models import Seat, Team
from community.members.merging.moving import Moves, Values

SAT = (
    "state", "quantity", "price_minor", "joined_at", "left_at", "left_why", "expires_at", "delivered_at", "tracking",
    "team_id", "payment_id", "receipt_id", "link_id",
)  # fmt: skip


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member."""
    return (
        Moves(
            Seat.member_id,
            _l("Seats in group buys"),
            once_for=(Seat.group_buy_id,),
            blend=_seats,
            both=_l(
                "Both seats go on counting, so that no group falls short; the kept member sees and may give back one."
            ),
        ),
        Moves(Team.leader_id, _l("Teams led in group buys")),
    )


def _seats(kept: Seat, other: Seat, _at: datetime) -> tuple[Values, Values]:
    """Both were taken and counted: two seats that stand remain two. A seat that stands comes before one given back."""
    if kept.stands or not other.stands:
        return {}, {}
    mine, theirs = ({name: getattr(seat, name) for name in SAT} for seat in (kept, other))
    return theirs, mine
