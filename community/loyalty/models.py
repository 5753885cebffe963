"""The ledger, the rules that feed it and the levels it carries."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.events import Event, Evidence
from commons.i18n import Words, WordsColumn
from commons.permissions import Permission
from community.members.models import Member


class Currency(enum.StrEnum):
    """Growth decides the level and is never spent; points are spent."""

    GROWTH = "growth"
    POINTS = "points"


class EntryKind(enum.StrEnum):
    EARN = "earn"
    SPEND = "spend"
    EXPIRE = "expire"
    REVERSE = "reverse"
    ADJUST = "adjust"


class LedgerAccount(Model):
    """One member's account in one currency. `balance` always equals the sum of its entries; its row is locked to change it."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("member_id", "currency"),
        CheckConstraint("balance >= 0", name="not_negative"),
        Index("ix_ledger_account_currency_balance", "currency", "balance"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    currency: Mapped[Currency] = mapped_column(word_enum(Currency))
    balance: Mapped[int] = mapped_column(default=0)

    member: Mapped[Member] = relationship()


class EarningRule(Public, Model):
    """A rule by name; what it says stands in its versions, and past entries keep naming the version they fell under."""

    __tablename__ = "earning_rule"

    code: Mapped[str] = mapped_column(String(48), unique=True)
    name: Mapped[Words] = mapped_column(WordsColumn)
    event_kind: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]

    versions: Mapped[list[RuleVersion]] = relationship(back_populates="rule", order_by="RuleVersion.number")

    @classmethod
    def visible_to(cls, user: User) -> Select[EarningRule]:
        """Staff who may read the rules see all of them."""
        return select(cls) if user.can(Permission.LOYALTY_READ) else select(cls).where(false())


class RuleVersion(Model):
    """What a rule says from `starts_at` until the next version: amounts, caps, evidence. Never changed once made."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("rule_id", "number"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("earning_rule.id"))
    number: Mapped[int]
    growth: Mapped[int]
    points: Mapped[int]
    cap_per_day: Mapped[int | None]
    cooldown: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.SELF_DECLARED)
    points_last_days: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    starts_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    rule: Mapped[EarningRule] = relationship(back_populates="versions")


class LedgerEntry(Public, Model):
    """One movement, never changed: signed `amount`, and why (fact, rule version, actor, words).

    `shortfall` is what the reversal of a credit should have taken back but found already spent.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_account_id_occurred_at", "account_id", "occurred_at", "id"),
        CheckConstraint("amount <> 0 OR kind = 'reverse'", name="moves_something"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    kind: Mapped[EntryKind] = mapped_column(word_enum(EntryKind))
    amount: Mapped[int]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    shortfall: Mapped[int] = mapped_column(default=0)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    account: Mapped[LedgerAccount] = relationship()
    event: Mapped[Event | None] = relationship()
    rule_version: Mapped[RuleVersion | None] = relationship()
    reverses: Mapped[LedgerEntry | None] = relationship(remote_side="LedgerEntry.id")


class Lot(Model):
    """What one crediting entry brought in and what is left of it; first-expiring lots are spent first."""

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_account_id_expires_at", "account_id", "expires_at", "id"),
        CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining_within_amount"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    amount: Mapped[int]
    remaining: Mapped[int]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    entry: Mapped[LedgerEntry] = relationship()


class Allocation(Model):
    """How much of a lot a debiting entry took (positive), or a reversal put back (negative)."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("entry_id", "lot_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    amount: Mapped[int]

    entry: Mapped[LedgerEntry] = relationship()
    lot: Mapped[Lot] = relationship()


class Level(Public, Model):
    """A level of the circle: reached at `threshold` growth; `perks` are sentences in both languages."""

    __tablename__ = "level"

    rank: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Words] = mapped_column(WordsColumn)
    threshold: Mapped[int]
    perks: Mapped[list[Any]] = mapped_column(default=list)


class LevelChange(Model):
    """A step from one level to another, with the entry that carried it: the member's level is the newest row's."""

    __tablename__ = "level_change"
    __table_args__ = (
        UniqueConstraint("member_id", "entry_id"),
        Index("ix_level_change_member_id_id", "member_id", "id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    from_level_id: Mapped[int | None] = mapped_column(ForeignKey("level.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    changed_at: Mapped[datetime]

    level: Mapped[Level] = relationship(foreign_keys=[level_id])
    from_level: Mapped[Level | None] = relationship(foreign_keys=[from_level_id])
    entry: Mapped[LedgerEntry | None] = relationship()


class Reconciliation(Model):
    """The nightly proof that entries, lots and balances agree; `differences` is empty when they do."""

    __tablename__ = "reconciliation"

    accounts: Mapped[int]
    differences: Mapped[list[Any]] = mapped_column(default=list)
    checked_at: Mapped[datetime] = mapped_column(index=True)
