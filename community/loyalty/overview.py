"""The circle's ledger in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from commons.db import db
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry
from community.members.models import Member

DAYS = 7


@dataclass(frozen=True)
class Overview:
    """`outstanding` are points that members may still spend; the others count the last `DAYS` days."""

    members: int
    outstanding: int
    earned_points: int
    earned_growth: int
    earners: int


def overview(at: datetime) -> Overview:
    held = select(func.coalesce(func.sum(LedgerAccount.balance), 0)).where(LedgerAccount.currency == Currency.POINTS)
    people = select(func.count()).select_from(Member).where(Member.counts())
    earned = dict(_earned(at))
    return Overview(
        members=db.session.scalar(people) or 0,
        outstanding=db.session.scalar(held) or 0,
        earned_points=earned.get(Currency.POINTS, 0),
        earned_growth=earned.get(Currency.GROWTH, 0),
        earners=_earners(at),
    )


def _earned(at: datetime) -> list[tuple[Currency, int]]:
    query = select(LedgerAccount.currency, func.sum(LedgerEntry.amount)).join(LedgerEntry.account)
    recent = query.where(LedgerEntry.kind == EntryKind.EARN, LedgerEntry.occurred_at > at - timedelta(days=DAYS))
    return [(currency, int(total)) for currency, total in db.session.execute(recent.group_by(LedgerAccount.currency))]


def _earners(at: datetime) -> int:
    query = (
        select(func.count(func.distinct(LedgerAccount.member_id))).select_from(LedgerEntry).join(LedgerEntry.account)
    )
    recent = query.where(LedgerEntry.kind == EntryKind.EARN, LedgerEntry.occurred_at > at - timedelta(days=DAYS))
    return db.session.scalar(recent) or 0
