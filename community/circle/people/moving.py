"""What becomes of public profiles when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from community.circle.people.models import ProfileReport, PublicProfile
from community.members.merging.moving import Moves, Stays


def rules() -> Sequence[Moves | Stays]:
    """For every column of the room that names a member."""
    return (
        Stays(PublicProfile.member_id, "what one self shows to everybody was not chosen for all that the person has"),
        Stays(ProfileReport.member_id, "it is about what that self shows"),
        Moves(
            ProfileReport.reporter_id,
            _l("Reports"),
            once_for=(ProfileReport.member_id,),
            both=_l("The kept member's report stands."),
        ),
    )
