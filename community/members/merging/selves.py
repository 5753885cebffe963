"""Two members who are one person: merged, and split again, without losing a fact made before or after.

Facts and all rows that name the other self go to the kept one, which rows is written down; the ledger carries what the
other has by transfer entries. A split brings back what went along, and what the other self's handles and account did since.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.permissions import Permission
from community.members.merging import facts, finding, gathering, moving, rows
from community.members.merging.models import Merge, Proof
from community.members.models import Handle, Member
from community.notices.telling import tell

PAGE = "/me/selves"


class OneAlready(Invalid):
    """Somebody cannot be merged with himself."""


def merge(kept: Member, other: Member, *, by: User, at: datetime, proof: Proof, reason: str = "") -> Merge:
    """Make `other` part of `kept`; whoever wants the same twice, or the other way round, gets the merge that stands.

    `by` is the fan himself (with a proof that the caller has seen), or somebody of the team who may change members, with
    a `reason`. Raises `Invalid` for members who cannot be merged, `Conflict` if one of them was merged with a third
    meanwhile, `NotAllowed`.
    """
    check_who(kept, other, by, proof, reason)
    if kept.id == other.id:
        raise OneAlready(str(_l("This is one member already.")), str(_l("Choose another member.")))
    now = finding.closed(kept, other)
    if now[0] is now[1]:
        return _standing(kept, other)
    if now != [kept, other]:
        raise Conflict(str(_l("One of the two was merged meanwhile.")), str(_l("Look at both again.")))
    _check_whom(kept, other)
    made = Merge(
        kept_id=kept.id, other_id=other.id, proof=proof, reason=reason.strip(), merged_at=at, merged_by_id=by.id
    )  # fmt: skip
    db.session.add(made)
    other.merged_into_id = kept.id
    db.session.flush()
    _carry(made, at)
    _say("member.merged", made, kept, by, at, reason.strip())
    return made


def split(merged: Merge, *, by: User, at: datetime, reason: str = "") -> Merge:
    """Take a merge back: each has again what was his, and what his handles and his account did since. Twice is once.

    What was spent meanwhile stays spent. Staff need a `reason`; a fan may take back what he did himself.
    """
    holder = finding.closed_with(merged.other)
    db.session.refresh(merged, with_for_update=True)
    if merged.split_at is not None:
        return merged
    check_who(holder, merged.other, by, merged.proof if by.id == merged.merged_by_id else Proof.STAFF, reason)
    if holder.erased_at is not None:
        raise Invalid(str(_l("The member has been erased.")), str(_l("Nothing is left to be split.")))
    merged.split_at, merged.split_by_id, merged.split_reason = at, by.id, reason.strip()
    merged.other.merged_into_id = None
    db.session.flush()
    _give_back(merged, holder, at)
    _say("member.split", merged, holder, by, at, reason.strip())
    return merged


def check_who(kept: Member, other: Member | None, by: User, proof: Proof, reason: str) -> None:
    """Raise unless `by` is the person, with a proof that is enough for this `other`, or staff with a reason."""
    if by.is_staff:
        if not by.can(Permission.MEMBER_WRITE):
            raise NotAllowed(str(_l("Only who may change members can merge or split them.")))
        if not reason.strip():
            raise Invalid(str(_l("This needs a reason.")), str(_l("Write in a few words why.")))
        return
    needed = {Proof.BOTH_ACCOUNTS} if other is not None and other.user_id is not None else {*Proof} - {Proof.STAFF}
    if by.id != kept.user_id or proof not in needed:
        raise NotAllowed(str(_l("Only the person, signed in with both accounts, or the team can do this.")))


def _carry(made: Merge, at: datetime) -> None:
    for rule in moving.plain():
        rows.blend(rule, made, at)
        rows.carry(rule, made, made.kept_id)
    db.session.expire_all()
    for room in moving.special():
        room.carry(made, made.kept_id, made.key, at)
    for room in moving.special():
        room.settle([made.kept_id], at)
    finding.lead(made.kept)
    gathering.later(at, merge_id=made.id)


def _give_back(merged: Merge, holder: Member, at: datetime) -> None:
    """Handles and facts first: what is about a fact follows it."""
    plain, other_id = moving.plain(), merged.other_id
    first = [rule for rule in plain if rule.column.class_ in (Handle, events.Event)]
    for rule in first:
        rows.give_back(rule, merged, holder.id)
    facts.follow_handles(facts.handles_of(other_id), holder.id, other_id)
    for rule in plain:
        if rule not in first:
            rows.give_back(rule, merged, holder.id)
    db.session.expire_all()
    for room in moving.special():
        room.give_back(merged, holder, at)
    facts.parted(holder.id, other_id, f"{merged.key}:facts", at)
    for member in (holder, merged.other):
        finding.lead(member)


def _standing(kept: Member, other: Member) -> Merge:
    """The merge by which the two are one person already; the nearest one, if they are by others in between."""
    query = select(Merge).where(Merge.split_at.is_(None), Merge.other_id.in_([kept.id, other.id]))
    found = db.session.scalars(query.order_by(Merge.other_id != other.id, Merge.id)).all()
    return found[0]


def _check_whom(kept: Member, other: Member) -> None:
    if kept.erased_at is not None or other.erased_at is not None:
        raise Invalid(str(_l("An erased member cannot be merged.")), str(_l("Nothing of the person is left to keep.")))
    if kept.user is None and other.user is not None:
        raise Invalid(
            str(_l("The member with the account has to be kept.")), str(_l("Merge the two the other way round."))
        )
    if kept.user is not None and not kept.user.is_active:
        raise Invalid(str(_l("The account that would be kept is closed.")), str(_l("Keep the other one.")))


def _say(kind: str, merged: Merge, holder: Member, by: User, at: datetime, reason: str) -> None:
    """On record as a fact of the one who has it all, and told to the person."""
    payload = {"other": merged.other.public_id, "reason": reason}
    events.track(
        kind,
        key=f"{kind}:{merged.public_id}",
        at=at,
        member_id=holder.id,
        actor_id=by.id if by.is_staff else None,
        subject=merged,
        evidence=merged.proof.evidence if kind == "member.merged" else Proof.STAFF.evidence,
        payload=payload,
    )
    for member in (holder,) if kind == "member.merged" else (holder, merged.other):
        tell(member.id, kind, key=f"{kind}:{merged.public_id}:{member.id}", at=at, url=PAGE, details=payload)
