"""What becomes of imports when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from community.members.exchange.models import AwaitedMail, MemberImportRow
from community.members.merging.moving import Stays


def rules() -> Sequence[Stays]:
    """For every table of the room that names a member."""
    return (
        Stays(MemberImportRow.member_id, "a row of a list was about that self"),
        Stays(AwaitedMail.member_id, "whoever comes by the address is the one as whom that self goes then"),
    )
