"""Who may be the same person, only where there is evidence for it, and which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from commons.accounts.models import User
from commons.db import db
from commons.slots import Slot
from community.members.models import Member

MOST = 10


@dataclass(frozen=True)
class Likely:
    """A member who may be the same person, and the evidence in words."""

    member: Member
    words: Any


evidence: Slot[Callable[[Member], Sequence[Likely]]] = Slot("who else may be this member, with the evidence")


def same_as(member: Member) -> list[Likely]:
    """Each of the others once, by the first evidence found."""
    found: dict[int, Likely] = {}
    for plug in evidence:
        for one in plug(member):
            if one.member.id != member.id:
                found.setdefault(one.member.id, one)
    return list(found.values())[:MOST]


def by_mailbox(member: Member) -> list[Likely]:
    """Accounts whose confirmed addresses reach one mailbox: they differ only by what stands after a plus sign."""
    address = member.user.email if member.user is not None and member.user.confirmed_at is not None else None
    if not address:
        return []
    name, _at, domain = address.rpartition("@")
    plain = name.partition("+")[0]
    same = or_(func.lower(User.email) == f"{plain}@{domain}".lower(), _begins(f"{plain}+", domain))
    query = select(Member).join(Member.user).where(User.confirmed_at.is_not(None), Member.counts(), same)
    words = _l("The confirmed addresses of both reach one mailbox.")
    return [Likely(other, words) for other in db.session.scalars(query.limit(MOST + 1)) if other.id != member.id]


def _begins(start: str, domain: str) -> Any:
    lower = func.lower(User.email)
    return lower.startswith(start.lower(), autoescape=True) & lower.endswith(f"@{domain}".lower(), autoescape=True)
