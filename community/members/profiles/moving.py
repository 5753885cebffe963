"""What becomes of profiles when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from commons.db import db
from community.members.merging.models import Merge
from community.members.merging.moving import Carries, Moves, Stays
from community.members.models import Member
from community.members.profiles import guardians
from community.members.profiles.models import Answer, Consent, Guardianship


def rules() -> Sequence[Moves | Stays | Carries]:
    """For every table of the room that names a member."""
    return (
        Stays(
            Answer.member_id, "an answer is kept under a consent that was given by that self, and is not used meanwhile"
        ),
        Stays(Consent.member_id, "a consent was given for what that self told, and for its address"),
        Carries((Guardianship.member_id,), carry=_need_guardians_too),
    )


def _need_guardians_too(merge: Merge, to_id: int, _key: str, _at: datetime) -> None:
    """A merge is no way round a guardian: who needed one needs one as the other self too, until staff lift that as well."""
    theirs = db.session.scalars(Guardianship.open_of(merge.other_id)).one_or_none()
    if theirs is None:
        return
    same = Guardianship.member_id == to_id, Guardianship.required_at == theirs.required_at
    if not db.session.scalar(select(exists().where(*same))):
        guardians.require(db.session.get_one(Member, to_id), theirs.band, theirs.required_at)
