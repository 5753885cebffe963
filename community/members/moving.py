"""What becomes of the room's own rows when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from commons.events import Event
from community.members.merging.models import Merge, MergeAsk
from community.members.merging.moving import Carries, Moves, Stays
from community.members.models import Handle, Member
from community.members.segments import following
from community.members.segments.models import SegmentDue, SegmentMember


def rules() -> Sequence[Moves | Stays | Carries]:
    """For every table of the room that names a member."""
    return (
        Moves(Handle.member_id, _l("Handles")),
        Moves(Event.member_id, _l("Facts")),
        Carries((SegmentMember.member_id, SegmentDue.member_id), carry=_look_again, settle=following.touch),
        Stays(Member.merged_into_id, "it is what a merge writes"),
        Stays(Merge.kept_id, "a merge is on record between the two for whom it was made"),
        Stays(Merge.other_id, "a merge is on record between the two for whom it was made"),
        Stays(MergeAsk.member_id, "it is over in a few minutes"),
    )


def _look_again(merge: Merge, _to_id: int, _key: str, at: datetime) -> None:
    """Who is part of another member is in no segment any more."""
    following.touch([merge.other_id], at)
