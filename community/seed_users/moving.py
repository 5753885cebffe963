"""What becomes of seed users when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence

from community.members.merging.moving import Stays
from community.seed_users.models import Acceptance, SeedUser


def rules() -> Sequence[Stays]:
    """For every table of the room that names a member.

    Who came by whom is a tree. Carried over, a person could come to stand under somebody whom he brought himself; so the
    tree keeps the selves by which it grew, while what comes by their codes is the kept one's as every fact is.
    """
    return (
        Stays(SeedUser.member_id, "codes and who came by them hang on the self that was named"),
        Stays(Acceptance.member_id, "it is that self who came by the code"),
        Stays(Acceptance.inviter_id, "it is that self by whose code somebody came"),
    )
