"""What a merge or a split will do, before anybody decides: both sides, the rows that go along, and where both have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from commons.db import db
from commons.events import Event
from community.loyalty import accounts, transferring
from community.loyalty.levels import locks
from community.loyalty.levels.standing import Standing, standings
from community.loyalty.models import Currency
from community.members.merging import facts, finding, moving, rows
from community.members.merging.models import Merge, MergedRow
from community.members.merging.moving import Effect
from community.members.models import Handle, Member
from community.members.roster import CIRCLE

JOINABLE = select(Handle).where(Handle.member_id.is_(None), Handle.user_id.is_(None), Handle.channel != CIRCLE)
SPLITTABLE = select(Handle).where(Handle.member_id.is_not(None), Handle.channel != CIRCLE)


@dataclass(frozen=True)
class Side:
    """One of the two, as staff or the fan see it beside the other."""

    member: Member
    standing: Standing
    points: int
    pending: int
    facts: int
    level_is_set: bool


@dataclass(frozen=True)
class Back:
    """What a split gives back: `facts` and `rows` that went along, growth and points of them that are left."""

    holder: Member
    facts: int
    rows: int
    growth: int
    points: int


def sides(members: Sequence[Member], at: datetime) -> list[Side]:
    """The members side by side."""
    ids = [member.id for member in members]
    stand, held, numbers = standings(ids, at), accounts.balances(ids), _facts(ids)
    by_hand = locks.locked(ids, at)
    return [
        Side(
            member, stand[member.id], held[member.id, Currency.POINTS], accounts.pending(member, Currency.POINTS),
            numbers.get(member.id, 0), member.id in by_hand,
        )
        for member in members
    ]  # fmt: skip


def effects(kept: Member, other: Member) -> list[Effect]:
    """What goes along, kind by kind; what there is nothing of is left out."""
    found = []
    for rule in moving.plain():
        number = db.session.scalar(select(func.count()).where(rule.column == other.id)) or 0
        if number:
            both = len(rows.both(rule, kept.id, other.id))
            found.append(Effect(rule.words, number, both, rule.both if both else ""))
    carried = (effect for rule in moving.special() for effect in rule.effects(kept.id, other.id))
    return [*found, *(effect for effect in carried if effect.number)]


def back(merged: Merge) -> Back:
    """What splitting this merge at this moment would give back, so far as it can be told by what went along."""
    holder = finding.self_of(merged.other)
    went = rows.went(merged, Event.__tablename__)
    came = select(func.count()).select_from(Event).where(Event.id.in_(went), Event.member_id == holder.id)
    others = (MergedRow.merge_id == merged.id, MergedRow.went, MergedRow.table_name != Event.__tablename__)
    left = transferring.left_of(merged.key, holder.id)
    number = db.session.scalar(select(func.count()).where(*others)) or 0
    return Back(holder, db.session.scalar(came) or 0, number, left[Currency.GROWTH], left[Currency.POINTS])


def nobodys(name: str, most: int = 25) -> Sequence[Handle]:
    """Handles of unknown people whose name, or id on their channel, begins so."""
    folded = name.lower()
    fits = func.lower(Handle.name).startswith(folded, autoescape=True) | func.lower(Handle.external_id).startswith(
        folded, autoescape=True
    )
    return db.session.scalars(JOINABLE.where(fits).order_by(Handle.name, Handle.id).limit(most)).all()


def facts_under(handle: Handle, member_id: int | None) -> int:
    """How many facts of the member, or of nobody, were done under the handle."""
    whose = Event.member_id == member_id if member_id is not None else Event.member_id.is_(None)
    queries = [plug([handle.id]) for plug in facts.of_handles]
    return sum(db.session.scalar(select(func.count()).where(whose, Event.id.in_(query))) or 0 for query in queries)


def handles_of(member: Member) -> Sequence[Handle]:
    """The member's handles, with the oldest first."""
    return db.session.scalars(select(Handle).where(Handle.member_id == member.id).order_by(Handle.id)).all()


def _facts(member_ids: Sequence[int]) -> dict[int, int]:
    query = select(Event.member_id, func.count()).where(Event.member_id.in_(member_ids)).group_by(Event.member_id)
    return {member_id: number for member_id, number in db.session.execute(query) if member_id is not None}
