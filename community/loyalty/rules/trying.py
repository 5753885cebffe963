"""The dry run: what a rule would have paid for past facts, who gains and who loses. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from commons.db import db
from commons.events import Event
from community.loyalty.models import EarningRule
from community.loyalty.rules import versions as rules
from community.loyalty.rules.judging import judged
from community.loyalty.rules.past import Past, past_of
from community.loyalty.rules.undoing import UNDOES
from community.loyalty.rules.verdicts import Terms, Verdict

MOST_FACTS = 30_000
"""More than these are not looked at while somebody waits: of a larger circle every n-th member stands for all."""
MEMBERS_AT_ONCE = 500
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """From `start` up to `end`, which is not part of it."""

    start: datetime
    end: datetime


@dataclass
class Tally:
    """What a rule paid or would have paid; `refused` counts the facts that earned nothing, by the reason."""

    earned: int = 0
    growth: int = 0
    points: int = 0
    refused: Counter[Verdict] = field(default_factory=Counter)
    of_members: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, member_id: int, terms: Terms, answer: Verdict, undone: bool) -> None:
        """Count one verdict; what was undone afterwards counts as earned, as it does for caps, but brings nothing."""
        if answer is not Verdict.EARNED:
            self.refused[answer] += 1
            return
        self.earned += 1
        if not undone:
            growth, points = self.of_members.get(member_id, (0, 0))
            self.of_members[member_id] = growth + terms.growth, points + terms.points
            self.growth += terms.growth
            self.points += terms.points


@dataclass(frozen=True)
class Change:
    """What one member has of a rule now, and would have with the new terms."""

    member_id: int
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def growth(self) -> int:
        return self.after[0] - self.before[0]

    @property
    def points(self) -> int:
        return self.after[1] - self.before[1]

    @property
    def gains(self) -> bool:
        """Whether neither growth nor points fall; who loses one of the two loses."""
        return self.growth >= 0 and self.points >= 0


@dataclass(frozen=True)
class DryRun:
    """`facts` were looked at, of one of every `one_of` members; `changes` the largest first."""

    facts: int
    members: int
    one_of: int
    before: Tally
    after: Tally
    changes: Sequence[Change]

    @property
    def gainers(self) -> Sequence[Change]:
        return [change for change in self.changes if change.gains]

    @property
    def losers(self) -> Sequence[Change]:
        return [change for change in self.changes if not change.gains]


def dry_run(kind: str, terms: Terms, span: Span, rule: EarningRule | None = None) -> DryRun:
    """What `terms` would have paid for the facts of `kind` in `span`, had they held from its start.

    Beside it what the `rule` said then by its versions (nothing for a rule that does not exist yet). Both are judged by the
    code that pays, and both begin with what was really paid before.
    """
    rule_id = rule.id if rule is not None else 0
    proposed = [[replace(terms, starts_at=EVER, rule_id=rule_id)]]
    standing = [rules.terms_of(rule)] if rule is not None else []
    one_of = max(1, -(-_count(kind, span) // MOST_FACTS))
    before, after = Tally(), Tally()
    facts = members = 0
    for group in _groups(kind, span, one_of):
        ids = {fact.member_id for fact in group}
        undone = _undone(ids, span.start)
        facts, members = facts + len(group), members + len(ids)
        for tally, versions in ((before, standing), (after, proposed)):
            by_kind = {kind: versions}
            past = past_of(ids, by_kind, [span.start, span.end], facts=group, paid_before=span.start)
            _judge(tally, group, by_kind, past, undone)
    return DryRun(facts, members, one_of, before, after, _changes(before, after))


def _judge(
    tally: Tally, facts: Sequence[Any], by_kind: dict[str, list[list[Terms]]], past: Past, undone: set[int]
) -> None:
    for fact, terms, answer in judged(facts, by_kind, past):
        tally.add(fact.member_id, terms, answer, fact.id in undone)


def _count(kind: str, span: Span) -> int:
    return db.session.scalar(select(func.count()).select_from(Event).where(*_within(kind, span))) or 0


def _groups(kind: str, span: Span, one_of: int) -> Iterator[list[Any]]:
    """The facts, those of one member together and in the order in which they happened, some hundred members at once."""
    columns = Event.id, Event.kind, Event.member_id, Event.occurred_at, Event.evidence, Event.payload
    query = select(*columns).where(*_within(kind, span)).order_by(Event.member_id, Event.occurred_at, Event.id)
    if one_of > 1:
        query = query.where(Event.member_id % one_of == 0)
    group: list[Any] = []
    members: set[int] = set()
    for fact in db.session.execute(query).all():
        if fact.member_id not in members and len(members) == MEMBERS_AT_ONCE:
            yield group
            group, members = [], set()
        group.append(fact)
        members.add(fact.member_id)
    if group:
        yield group


def _undone(member_ids: set[int], since: datetime) -> set[int]:
    """The facts of these members that a later fact undid."""
    query = select(Event.kind, Event.payload).where(
        Event.member_id.in_(member_ids), Event.kind.in_(UNDOES), Event.occurred_at >= since
    )
    found = (payload.get(UNDOES[kind]) for kind, payload in db.session.execute(query))
    return {event_id for event_id in found if isinstance(event_id, int)}


def _within(kind: str, span: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        Event.kind == kind,
        Event.member_id.is_not(None),
        Event.occurred_at >= span.start,
        Event.occurred_at < span.end,
    )


def _changes(before: Tally, after: Tally) -> list[Change]:
    nothing = (0, 0)
    both = (
        Change(member_id, before.of_members.get(member_id, nothing), after.of_members.get(member_id, nothing))
        for member_id in before.of_members.keys() | after.of_members.keys()
    )
    different = [change for change in both if change.before != change.after]
    return sorted(different, key=lambda change: (-abs(change.growth) - abs(change.points), change.member_id))
