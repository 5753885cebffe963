"""The ledger, the rules that feed it and the levels it carries."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import BigId, Model, Public, index_of_filled, word_enum
from commons.events import Event, Evidence
from commons.i18n import Words, WordsColumn
from commons.permissions import Permission
from commons.proofs import KeptProof
from community.members.models import Member

# What moved a balance without a fact behind it: few among all entries, and each stands in a history by itself.
WITHOUT_FACT = text("event_id IS NULL")
# The lots that a sweep has to look at: pending ones that still hold something.
WAITING = text("available_at IS NOT NULL AND opened_at IS NULL AND remaining > 0")


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
    TRANSFER = "transfer"


class LedgerAccount(Model):
    """One member's account in one currency; its row is locked to change it.

    `balance` is what may be spent and `pending` what is not proven yet; together they always equal the sum of the entries.
    Only what a rule or a person allowed to be `owed` may bring the balance below zero.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("member_id", "currency"),
        CheckConstraint("balance + owed >= 0", name="not_negative"),
        CheckConstraint("pending >= 0 AND owed >= 0", name="pending_and_owed"),
        Index("ix_ledger_account_currency_balance", "currency", "balance"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    currency: Mapped[Currency] = mapped_column(word_enum(Currency))
    balance: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    owed: Mapped[int] = mapped_column(default=0)

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
    """What a rule says from `starts_at` until the next version; `verdicts.Terms` says what it means. Never changed once made.

    `segment_id` is a plain number: segments belong to a room above, and a version outlives the segment it was for.
    """

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("rule_id", "number"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("earning_rule.id"))
    number: Mapped[int]
    growth: Mapped[int]
    points: Mapped[int]
    cap_per_day: Mapped[int | None]
    cap_per_week: Mapped[int | None]
    cap_per_person: Mapped[int | None]
    cap_per_pair: Mapped[int | None]
    cooldown: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.SELF_DECLARED)
    evidence_caps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    people: Mapped[int | None]
    people_days: Mapped[int] = mapped_column(default=1)
    people_within: Mapped[int] = mapped_column(default=30)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    only: Mapped[dict[str, Any]] = mapped_column(default=dict)
    segment_id: Mapped[int | None] = mapped_column(BigId)
    points_last_days: Mapped[int | None]
    available_after_days: Mapped[int | None]
    allow_negative: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    starts_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    rule: Mapped[EarningRule] = relationship(back_populates="versions")


class LedgerEntry(Public, Model):
    """One movement, never changed: signed `amount`, and why (fact and how well it is proven, rule version, actor, words).

    `shortfall` is what the reversal of a credit should have taken back but found already spent.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_account_id_occurred_at", "account_id", "occurred_at", "id"),
        Index(
            "ix_ledger_entry_without_fact",
            "account_id",
            "occurred_at",
            postgresql_where=WITHOUT_FACT,
            sqlite_where=WITHOUT_FACT,
        ),
        CheckConstraint("amount <> 0 OR kind IN ('reverse', 'transfer')", name="moves_something"),
        CheckConstraint("kind <> 'adjust' OR (actor_id IS NOT NULL AND note <> '')", name="says_who_and_why"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    kind: Mapped[EntryKind] = mapped_column(word_enum(EntryKind))
    amount: Mapped[int]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.NETWORK)
    note: Mapped[str] = mapped_column(String(200), default="")
    shortfall: Mapped[int] = mapped_column(default=0)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    account: Mapped[LedgerAccount] = relationship()
    event: Mapped[Event | None] = relationship()
    rule_version: Mapped[RuleVersion | None] = relationship()
    actor: Mapped[User | None] = relationship()
    reverses: Mapped[LedgerEntry | None] = relationship(remote_side="LedgerEntry.id")

    @classmethod
    def visible_to(cls, user: User) -> Select[LedgerEntry]:
        """Staff who may see points see every movement."""
        return select(cls) if user.can(Permission.LOYALTY_READ) else select(cls).where(false())


class Lot(Model):
    """What one crediting entry brought in and what is left of it; first-expiring lots are spent first.

    With `available_at` it is pending until it is opened: then, or earlier by what proves it (a fact or a person); or from the
    beginning, if it became known only after that. A lot
    with a negative amount is a debt: `remaining` is what is still owed. A lot goes along when its account is merged.
    """

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_account_id_expires_at", "account_id", "expires_at", "id"),
        Index("ix_lot_pending", "available_at", postgresql_where=WAITING, sqlite_where=WAITING),
        CheckConstraint(
            "(amount >= 0 AND remaining BETWEEN 0 AND amount) OR (amount < 0 AND remaining BETWEEN amount AND 0)",
            name="remaining_within_amount",
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    amount: Mapped[int]
    remaining: Mapped[int]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    available_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    entry: Mapped[LedgerEntry] = relationship()
    proof: Mapped[Event | None] = relationship()

    @property
    def is_pending(self) -> bool:
        return self.available_at is not None and self.opened_at is None


class Allocation(Model):
    """How much an entry took out of a lot (positive) or put back into it (negative)."""

    __tablename__ = "allocation"

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    amount: Mapped[int]

    entry: Mapped[LedgerEntry] = relationship()
    lot: Mapped[Lot] = relationship()


class Level(Public, Model):
    """A level of the circle: reached with `threshold` growth from `breadth` kinds of facts; `perks` are in both languages."""

    __tablename__ = "level"

    rank: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Words] = mapped_column(WordsColumn)
    threshold: Mapped[int]
    breadth: Mapped[int] = mapped_column(default=0)
    perks: Mapped[list[Any]] = mapped_column(default=list)


class Cause(enum.StrEnum):
    """Why somebody came to stand on another level."""

    GROWTH = "growth"
    THRESHOLDS = "thresholds"
    PERIOD = "period"
    LOCK = "lock"
    MERGED = "merged"
    APPEAL = "appeal"


class LevelChange(Model):
    """A step from one level to another, with the entry that carried it: the member's level is the newest row's.

    What levels took by the version `version_id` is enough to stay: a later one takes nothing away.
    """

    __tablename__ = "level_change"
    __table_args__ = (
        UniqueConstraint("member_id", "entry_id"),
        Index("ix_level_change_member_id_id", "member_id", "id"),
        index_of_filled("ix_level_change_entry_id", "entry_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"))
    from_level_id: Mapped[int | None] = mapped_column(ForeignKey("level.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("ladder_version.id"))
    cause: Mapped[Cause] = mapped_column(word_enum(Cause), default=Cause.GROWTH)
    note: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]

    level: Mapped[Level] = relationship(foreign_keys=[level_id])
    from_level: Mapped[Level | None] = relationship(foreign_keys=[from_level_id])
    entry: Mapped[LedgerEntry | None] = relationship()


class Reconciliation(KeptProof, Model):
    """The nightly proof that entries, lots and balances agree; `differences` is empty when they do.

    `totals`: by currency, what the entries of each kind add up to, and what all accounts hold.
    """

    __tablename__ = "reconciliation"

    accounts: Mapped[int]
    entries: Mapped[int] = mapped_column(BigId, default=0)
    lots: Mapped[int] = mapped_column(BigId, default=0)
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_at: Mapped[datetime] = mapped_column(index=True)
