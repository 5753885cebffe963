"""Handles on channels, joined to a member by proof and split off again; what was done under them goes along, also from before."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from community.inbox.wording import channel_label
from community.members import roster
from community.members.merging import facts, finding, gathering, selves
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.profiles.wording import in_both
from community.members.roster import CIRCLE


class BelongsToAnother(Conflict):
    """The handle is another member's, who has an account: the two have to be merged. `other` is that member."""

    def __init__(self, other: Member) -> None:
        words = _l("This handle belongs to another member, who has an account.")
        super().__init__(str(words), str(_l("If that is you too, sign in there as well and merge the two.")))
        self.other = other


def join_handle(handle: Handle, member: Member, *, by: User, at: datetime, proof: Proof, reason: str = "") -> Handle:
    """The handle is the member's from now on, with all that was ever done under it. Twice is once.

    What nobody's facts would have earned is earned now, under the rules and caps of their days. A handle of another member
    without an account brings that whole member along (see `selves.merge`); of one with an account: `BelongsToAnother`.
    Whoever was erased and proves the handle again gets it, and nothing of what stayed behind.
    `by` is the fan himself, with a proof that the caller has seen, or staff with a reason.
    """
    now = finding.closed(member)[0]
    db.session.refresh(handle, with_for_update=True)
    if handle.user_id is not None or handle.channel == CIRCLE:
        raise Invalid(str(_l("This handle cannot be joined.")), str(_l("Only handles of fans on other channels can.")))
    other = finding.by_id(handle.member_id) if handle.member_id is not None else None
    if other is now:
        return handle
    if other is not None and other.erased_at is None:
        if other.user_id is not None:
            raise BelongsToAnother(other)
        selves.merge(now, other, by=by, at=at, proof=proof, reason=reason)
        return handle
    selves.check_who(now, None, by, proof, reason)
    if other is not None and by.is_staff:
        raise Invalid(
            str(_l("This handle belongs to somebody who has left.")), str(_l("Only the person can prove it again."))
        )
    if now.erased_at is not None:
        raise Invalid(str(_l("An erased member gets no handles.")), str(_l("Nothing of the person is left to keep.")))
    _join(handle, now, at)
    _say("handle.joined", handle, now, by, at, proof, reason)
    return handle


def split_handle(handle: Handle, *, by: User, at: datetime, reason: str = "") -> Member:
    """Take the handle off its member again, into a member of its own with all that was done under it.

    What that had earned goes along as far as it is not spent. A handle that stands alone already stays with its member.
    """
    if handle.member_id is None or handle.channel == CIRCLE:
        raise Invalid(
            str(_l("This handle cannot be split off.")), str(_l("Only joined handles of other channels can."))
        )
    member = finding.closed(db.session.get_one(Member, handle.member_id))[0]
    db.session.refresh(handle, with_for_update=True)
    if handle.member_id != member.id:
        raise Conflict(str(_l("The handle belongs to somebody else by now.")), str(_l("Look at it again.")))
    selves.check_who(member, None, by, Proof.CODE, reason)
    if member.erased_at is not None:
        raise Invalid(str(_l("The member has been erased.")), str(_l("Nothing is left to be split.")))
    if member.user_id is None and all(one is handle or one.channel == CIRCLE for one in member.handles):
        return member
    own = roster.stranger(handle.name, handle.first_seen_at)
    finding.closed(member, own)
    handle.member_id = own.id
    db.session.flush()
    facts.follow_handles([handle.id], member.id, own.id)
    facts.parted(member.id, own.id, f"split:{own.public_id}", at)
    _say("handle.split", handle, member, by, at, Proof.STAFF if by.is_staff else Proof.CODE, reason)
    return own


def _join(handle: Handle, member: Member, at: datetime) -> None:
    handle.member_id = member.id
    db.session.flush()
    facts.learn(facts.follow_handles([handle.id], None, member.id), at)
    for plug in facts.joined:
        plug(handle, at)
    gathering.later(at, handle_id=handle.id)


def _say(kind: str, handle: Handle, member: Member, by: User, at: datetime, proof: Proof, reason: str) -> None:
    events.track(
        kind,
        key=f"{kind}:{handle.public_id}:{at.isoformat()}",
        at=at,
        member_id=member.id,
        actor_id=by.id if by.is_staff else None,
        subject=handle,
        evidence=proof.evidence,
        payload={"channel": in_both(channel_label(handle.channel)), "reason": reason.strip()},
    )
