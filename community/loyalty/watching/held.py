"""What is held: asked before something is paid, and when a verdict or a reason looks back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select, update

from commons.db import changed, db
from commons.events import Event
from community.loyalty.models import RuleVersion
from community.loyalty.watching.models import HeldEarning, Outcome, SuspectMember, Suspicion, SuspicionAppeal


def open_for(member_ids: Collection[int], kinds: Collection[str]) -> dict[tuple[int, str], int]:
    """For which members and kinds of facts a suspicion is open: its id. Nobody decides it before the transaction ends."""
    query = (
        select(SuspectMember.member_id, Suspicion.event_kind, Suspicion.id)
        .join(Suspicion, Suspicion.id == SuspectMember.suspicion_id)
        .where(Suspicion.outcome == Outcome.OPEN, SuspectMember.member_id.in_(member_ids))
        .where(Suspicion.event_kind.in_(kinds))
        .order_by(Suspicion.id.desc())
        .with_for_update(read=True, of=Suspicion)
    )
    return {(member_id, kind): suspicion_id for member_id, kind, suspicion_id in db.session.execute(query)}


def earnings(*columns: Any) -> Select[Any]:
    """Held earnings with their member, rule and fact: `member_id`, `rule_id`, `event_id`, and further `columns` of the fact."""
    return (
        select(HeldEarning.member_id, RuleVersion.rule_id, HeldEarning.event_id, *columns)
        .join(RuleVersion, RuleVersion.id == HeldEarning.rule_version_id)
        .join(Event, Event.id == HeldEarning.event_id)
    )


def of_facts(event_ids: Collection[int]) -> dict[tuple[int, int], tuple[Outcome, str]]:
    """By (fact, rule): what became of the earning that was held, and the reason that a person gave.

    What was refused and came back with an upheld appeal has passed.
    """
    in_force = and_(
        SuspicionAppeal.suspicion_id == HeldEarning.suspicion_id,
        SuspicionAppeal.member_id == HeldEarning.member_id,
        SuspicionAppeal.upheld.is_(True),
    )
    query = (
        select(HeldEarning.event_id, RuleVersion.rule_id, Suspicion.outcome, Suspicion.reason, SuspicionAppeal.upheld)
        .join(HeldEarning.rule_version)
        .join(HeldEarning.suspicion)
        .outerjoin(SuspicionAppeal, in_force)
        .where(HeldEarning.event_id.in_(event_ids))
    )
    return {
        (event_id, rule_id): (Outcome.PASSED if upheld else outcome, reason)
        for event_id, rule_id, outcome, reason, upheld in db.session.execute(query)
    }


def suspected(member_id: int) -> list[dict[str, Any]]:
    """What of the member's was ever looked at because it looked wrong, and what a person decided, as plain values."""
    query = select(Suspicion).join(SuspectMember).where(SuspectMember.member_id == member_id).order_by(Suspicion.id)
    return [
        {
            "at": found.found_at.isoformat(),
            "fact": found.event_kind,
            "outcome": found.outcome.value,
            "decided_at": found.decided_at.isoformat() if found.decided_at else None,
            "reason": found.reason,
        }
        for found in db.session.scalars(query)
    ]


def told_of(member_id: int) -> list[dict[str, Any]]:
    """What was ever held of the member and what became of it, as plain values."""
    query = (
        select(HeldEarning, Event.kind, Suspicion.outcome, Suspicion.reason)
        .join(Event, Event.id == HeldEarning.event_id)
        .join(HeldEarning.suspicion)
        .where(HeldEarning.member_id == member_id)
        .order_by(HeldEarning.id)
    )
    return [
        {
            "at": earning.held_at.isoformat(),
            "fact": kind,
            "growth": earning.growth,
            "points": earning.points,
            "outcome": outcome.value,
            "reason": reason,
        }
        for earning, kind, outcome, reason in db.session.execute(query)
    ]


def drop(event_id: int, member_id: int, at: datetime) -> None:
    """The member's fact was undone: what is still held for it will not be paid."""
    mine = (HeldEarning.event_id == event_id, HeldEarning.member_id == member_id, HeldEarning.dropped_at.is_(None))
    changed(update(HeldEarning).where(*mine).values(dropped_at=at))


def drop_promised(event_ids: Select[int], at: datetime) -> None:
    """These facts turned out not to be so: what is held of them under rules that pay only once it is proven will not be paid."""
    promising = select(RuleVersion.id).where(RuleVersion.available_after_days.is_not(None))
    about = HeldEarning.event_id.in_(event_ids), HeldEarning.rule_version_id.in_(promising)
    changed(update(HeldEarning).where(*about, HeldEarning.dropped_at.is_(None)).values(dropped_at=at))
