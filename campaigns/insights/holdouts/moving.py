"""What becomes of a place in a hold-out draw when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from campaigns.insights.models import HoldoutMember
from community.members.merging.moving import Moves


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member."""
    return (
        Moves(
            HoldoutMember.member_id,
            _l("Draws of hold-out groups"),
            once_for=(HoldoutMember.holdout_id,),
            both=_l("The kept member stays in the group in which the lot put that one."),
        ),
    )
