"""What becomes of personal links and orders when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Link
from community.members.merging.moving import Moves


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member."""
    return (
        Moves(
            Link.member_id,
            _l("Personal links"),
            once_for=(Link.target,),
            both=_l("Both addresses lead on, and visits by either are the kept member's."),
        ),
        Moves(Conversion.customer_id, _l("Orders")),
    )
