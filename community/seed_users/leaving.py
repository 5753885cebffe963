"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from commons.accounts.models import User
from commons.db import changed, db
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of
from community.seed_users.models import Acceptance, Claim, InvitationCode, SeedUser


def export(user: User) -> dict[str, Any]:
    """The person's times as a seed user, the codes, how many came by them, and by which code the person came."""
    member = member_of(user)
    if member is None:
        return {}
    came = select(func.count()).select_from(Acceptance).where(Acceptance.inviter_id == member.id)
    own = db.session.scalars(select(Acceptance).where(Acceptance.member_id == member.id)).one_or_none()
    return {
        "invitations": {
            "seed_user": [_time(seed) for seed in _times(member)],
            "came_by_my_codes": db.session.scalar(came) or 0,
            "i_came": {"at": own.accepted_at.isoformat(), "my_name_is_shown": own.name_shown} if own else None,
        }
    }


def erase(user: User, at: datetime) -> None:
    """Fields and notes go and the codes end; that people came by them stays, without a name."""
    db.session.execute(delete(Claim).where(Claim.user_id == user.id))
    member = member_of(user)
    if member is None:
        return
    for seed in _times(member):
        seed.fields = []
        seed.note = seed.end_reason = ""
        seed.ended_at = seed.ended_at or at
    changed(update(Acceptance).where(Acceptance.member_id.in_(_selves(member))).values(name_shown=False))
    db.session.flush()


def _times(member: Member) -> list[SeedUser]:
    mine = select(SeedUser).where(SeedUser.member_id.in_(_selves(member)))
    return list(db.session.scalars(mine.order_by(SeedUser.id)))


def _selves(member: Member) -> list[int]:
    """The member, and the selves that are part of the member."""
    return finding.selves_of(member)


def _time(seed: SeedUser) -> dict[str, Any]:
    codes = select(InvitationCode).where(InvitationCode.seed_user_id == seed.id).order_by(InvitationCode.id)
    return {
        "named_at": seed.named_at.isoformat(),
        "ended_at": seed.ended_at.isoformat() if seed.ended_at else None,
        "fields": seed.words,
        "note": seed.note,
        "codes": [{"code": one.shown, "for": one.most, "used": one.used} for one in db.session.scalars(codes)],
    }
