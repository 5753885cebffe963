"""What becomes of payments when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from campaigns.payments.models import Payment
from community.members.merging.moving import Moves


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member. What was asked of either is the kept member's."""
    return (Moves(Payment.member_id, _l("Payments")),)
