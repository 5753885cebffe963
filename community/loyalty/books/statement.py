"""The statement of one member's accounts, as a table: every entry with all that it names, and what there was after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty.books import tracing
from community.loyalty.models import Currency, LedgerAccount, LedgerEntry, RuleVersion
from community.loyalty.words import CURRENCIES, ENTRIES
from community.members.facts import evidence_words, name_of
from community.members.models import Member

AT_ONCE = 500


def rows(member: Member) -> Iterator[Sequence[object]]:
    """The heading, then the entries in the order in which they were written; moments in UTC.

    The last column is what available and pending of the account's currency add up to after the entry.
    """
    yield (
        _("Happened"), _("Written down"), _("Balance"), _("Kind of entry"), _("Amount"), _("Fact"), _("Evidence"),
        _("Rule"), _("Version"), _("Entered by"), _("Reason"), _("Not there any more"), _("Entry"), _("Sum"),
    )  # fmt: skip
    sums: Counter[Currency] = Counter()
    for entry in _entries(member):
        currency = entry.account.currency
        sums[currency] += entry.amount
        yield *_cells(entry), sums[currency]


def _cells(entry: LedgerEntry) -> Sequence[object]:
    basis, version = tracing.basis_of(entry), entry.rule_version
    return (
        entry.occurred_at.isoformat(), entry.recorded_at.isoformat(), str(CURRENCIES[entry.account.currency]),
        str(ENTRIES[entry.kind]), entry.amount, name_of(basis.fact.kind) if basis.fact else "",
        evidence_words(entry.evidence), str(version.rule.name) if version else "", version.number if version else "",
        basis.by, entry.note, entry.shortfall, entry.public_id,
    )  # fmt: skip


def _entries(member: Member) -> Iterator[LedgerEntry]:
    loaded = (
        joinedload(LedgerEntry.account),
        joinedload(LedgerEntry.event),
        joinedload(LedgerEntry.actor),
        joinedload(LedgerEntry.rule_version).joinedload(RuleVersion.rule),
    )
    query = select(LedgerEntry).join(LedgerEntry.account).where(LedgerAccount.member_id == member.id).options(*loaded)
    last = 0
    while some := db.session.scalars(query.where(LedgerEntry.id > last).order_by(LedgerEntry.id).limit(AT_ONCE)).all():
        yield from some
        last = some[-1].id
