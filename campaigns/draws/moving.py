"""What becomes of draws when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from campaigns.draws.models import DrawEntry, DrawExclusion
from community.members.merging.moving import Moves


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member. A list that is frozen keeps both entries; only one can win."""
    return (
        Moves(
            DrawEntry.member_id,
            _l("Entries in draws"),
            once_for=(DrawEntry.draw_id,),
            both=_l("Both stand on the frozen list; only the kept member's can win."),
        ),
        Moves(
            DrawExclusion.member_id,
            _l("Kept off the list of a draw"),
            once_for=(DrawExclusion.draw_id,),
            both=_l("Kept off once."),
        ),
    )
