"""What a verdict looks back at, loaded for many facts at once: what was paid around them, who stood behind, for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, union_all

from commons.admin import brand
from commons.db import db
from commons.events import Event
from community.loyalty import slots
from community.loyalty.models import EntryKind, LedgerEntry, RuleVersion
from community.loyalty.rules.people import named_in, other_of
from community.loyalty.rules.verdicts import Fact, Terms, Verdict, verdict
from community.loyalty.watching import held
from community.loyalty.watching.models import HeldEarning
from community.members.merging import finding

Paid = dict[tuple[int, int], dict[int, Fact]]
Seen = dict[tuple[int, str], list[Fact]]


@dataclass
class Past:
    """By (member, rule) the facts that were paid, by fact id; by (member, kind) all facts, where a rule asks for people.

    Days and weeks are those of the brand's `zone`: a fan chooses his own, and could begin a new day with every hour.
    `selves`: members whom facts name as the other person and who are part of another one by now.
    """

    zone: str
    segments: Mapping[int, frozenset[int]]
    selves: Mapping[int, int] = field(default_factory=dict)
    paid: Paid = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)

    def fact(self, event: Any) -> Fact:
        """What a verdict sees of an event (or of a row with the columns of one)."""
        member_id = event.member_id
        return Fact(
            event.occurred_at,
            event.evidence,
            self.zone,
            other_of(event.payload, member_id, self.selves),
            event.payload,
            self.segments.get(member_id, frozenset()),
        )

    def verdict(self, terms: Terms, event: Any, fact: Fact) -> Verdict:
        """What `terms` say to the event, seen as `fact`, after all that is paid so far."""
        earlier = list(self.paid_of(event.member_id, terms.rule_id).values())
        return verdict(terms, fact, earlier, self.seen.get((event.member_id, event.kind), ()))

    def paid_of(self, member_id: int, rule_id: int) -> dict[int, Fact]:
        """The facts of the member that the rule has paid; what is added counts for the verdicts that follow."""
        return self.paid.setdefault((member_id, rule_id), {})


def past_of(
    member_ids: Collection[int],
    rules: Mapping[str, Sequence[Sequence[Terms]]],
    moments: Sequence[datetime],
    *,
    facts: Sequence[Any] = (),
    paid_before: datetime | None = None,
) -> Past:
    """The past that the rules, by kind of fact, look at around `moments` in the lives of these members.

    `facts` are those that will be judged by it. With `paid_before` only what was paid for earlier facts counts as paid.
    """
    known = [terms for of_kind in rules.values() for versions in of_kind for terms in versions]
    past = Past(brand.shown().zone, segments_of(member_ids, known))
    if known and moments:
        span = min(moments), max(moments)
        paid, seen = _paid(member_ids, known, span, paid_before), _seen(member_ids, rules, span)
        if any(terms.looks_at_people for terms in known):
            past.selves = _selves([*facts, *paid, *seen])
        _note(past, paid, seen)
    return past


def segments_of(member_ids: Collection[int], known: Iterable[Terms]) -> dict[int, frozenset[int]]:
    """Which of the segments that the rules ask for each member is in."""
    found: dict[int, set[int]] = defaultdict(set)
    for segment_id in sorted({terms.segment_id for terms in known if terms.segment_id is not None}):
        for plug in slots.in_segment:
            for member_id in plug(segment_id, member_ids):
                found[member_id].add(segment_id)
            break
    return {member_id: frozenset(ids) for member_id, ids in found.items()}


def _selves(facts: Iterable[Any]) -> dict[int, int]:
    """Whom of those that these facts name as the other person somebody else has turned out to be since."""
    named = {member_id for fact in facts if (member_id := named_in(fact.payload)) is not None}
    return finding.merged_among(named) if named else {}


def _note(past: Past, paid: Iterable[Any], seen: Iterable[Any]) -> None:
    for row in paid:
        past.paid_of(row.member_id, row.rule_id).setdefault(row.event_id, past.fact(row))
    for row in seen:
        past.seen.setdefault((row.member_id, row.kind), []).append(past.fact(row))


def _paid(
    member_ids: Collection[int],
    known: Sequence[Terms],
    span: tuple[datetime, datetime],
    before: datetime | None,
) -> Sequence[Any]:
    rule_ids = {terms.rule_id for terms in known}
    query = (
        select(Event.member_id, RuleVersion.rule_id, LedgerEntry.event_id, *_facts())
        .join(LedgerEntry.rule_version)
        .join(LedgerEntry.event)
        .where(Event.member_id.in_(member_ids), RuleVersion.rule_id.in_(rule_ids))
        .where(LedgerEntry.kind == EntryKind.EARN, *_near(known, span, Event.occurred_at, before))
    )
    also = held.earnings(*_facts()).where(
        HeldEarning.member_id.in_(member_ids),
        RuleVersion.rule_id.in_(rule_ids),
        *_near(known, span, Event.occurred_at, before),
    )
    return db.session.execute(union_all(query, also)).all()


def _seen(
    member_ids: Collection[int], rules: Mapping[str, Sequence[Sequence[Terms]]], span: tuple[datetime, datetime]
) -> Sequence[Any]:
    asking = {
        kind: max(terms.people_within for versions in of_kind for terms in versions)
        for kind, of_kind in rules.items()
        if any(terms.people is not None for versions in of_kind for terms in versions)
    }
    if not asking:
        return []
    since = span[0] - timedelta(days=max(asking.values()))
    query = select(Event.member_id, Event.kind, *_facts()).where(
        Event.member_id.in_(member_ids), Event.kind.in_(asking), Event.occurred_at.between(since, span[1])
    )
    return db.session.execute(query).all()


def _facts() -> tuple[Any, ...]:
    return Event.occurred_at, Event.evidence, Event.payload


def _near(
    known: Sequence[Terms], span: tuple[datetime, datetime], column: Any, before: datetime | None
) -> list[ColumnElement[bool]]:
    where = [column < before] if before is not None else []
    reaches = [terms.reach for terms in known]
    if not any(reach is None for reach in reaches):
        widest = max(reach for reach in reaches if reach is not None)
        where.append(column.between(span[0] - widest, span[1] + widest))
    return where
