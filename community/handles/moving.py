"""What becomes of proofs and codes when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from community.handles.models import HandleCode, HandleProof
from community.members.merging.moving import Moves, Stays


def rules() -> Sequence[Moves | Stays]:
    """For every table of the room that names a member."""
    return (
        Moves(
            HandleProof.member_id,
            _l("Proofs of handles"),
            once_for=(HandleProof.handle_id, HandleProof.proof),
            both=_l("The kept member's proof stands."),
        ),
        Stays(HandleCode.member_id, "it is over in a day"),
    )
