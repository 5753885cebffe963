"""What a member does with a consent: allow and take back, each in one step and without giving a reason."""

from __future__ import annotations

from datetime import datetime

from commons.db import db
from community.members.merging import finding
from community.members.models import Member
from community.members.profiles import asking, consents, guardians
from community.members.profiles.models import Decision, Purpose, Way


def give(member_id: int, purpose: Purpose, way: Way, at: datetime) -> bool:
    """The member allows it from now on. Whether it counts: not where a guardian has to agree, who is asked for it then.

    A second time changes nothing.
    """
    consents.hold(member_id)
    guardianship = guardians.needed(member_id)
    if guardianship is None:
        consents.open_up(member_id, purpose, way, at)
        return True
    if guardianship.decision in {None, Decision.AGREED}:
        asking.ask_for(guardianship, purpose, at)
    return consents.given(member_id, purpose)


def withdraw(member_id: int, purpose: Purpose, way: Way, at: datetime) -> None:
    """The member allows it no more: what was kept for it is erased in the same step. A second time changes nothing.

    That is meant for the whole person, other selves included that were merged into this one.
    """
    consents.hold(member_id)
    guardianship = guardians.needed(member_id)
    if guardianship is not None:
        asking.ask_no_more_for(guardianship, purpose)
    consents.close(member_id, purpose, way, at)
    for merge in finding.merges_into(db.session.get_one(Member, member_id)):
        consents.close(merge.other_id, purpose, way, at)
