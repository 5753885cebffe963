"""What becomes of rewards and penalties when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from community.members.merging.moving import Moves
from community.rewards.penalties.models import Penalty
from community.rewards.shop.models import Redemption


def rules() -> Sequence[Moves]:
    """For every table of the rooms that names a member. A penalty holds for the person."""
    return Moves(Redemption.member_id, _l("Redeemed rewards")), Moves(Penalty.member_id, _l("Penalties"))
