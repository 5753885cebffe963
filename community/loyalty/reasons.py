"""What the rules said about facts. Derived from the facts that were paid, not stored: the same answer at any later time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from commons.events import Event
from commons.i18n import Words
from community.loyalty import rules
from community.loyalty.earning import Paid, paid_around
from community.loyalty.verdicts import Fact, Terms, Verdict, in_force, verdict
from community.loyalty.words import said
from community.members.models import Member
from community.members.zones import zone_of


@dataclass(frozen=True)
class Reason:
    """What one rule said about a fact: its name, the terms in force at that time, and the verdict."""

    rule: Words
    terms: Terms
    verdict: Verdict

    @property
    def version(self) -> int:
        return self.terms.number

    @property
    def sentence(self) -> str:
        """What the rule said, in words."""
        return said(self.verdict, self.rule, self.terms)


def reasons_of(member: Member, facts: Sequence[Event]) -> dict[int, list[Reason]]:
    """For each of the member's `facts`, by its id, what every rule that speaks of it said."""
    if not facts:
        return {}
    known: dict[str, list[tuple[Words, Sequence[Terms]]]] = defaultdict(list)
    for rule in rules.all_rules():
        known[rule.event_kind].append((rule.name, rules.terms_of(rule)))
    rule_ids = {versions[0].rule_id for of_kind in known.values() for _name, versions in of_kind}
    paid = paid_around([member.id], rule_ids, [fact.occurred_at for fact in facts])
    zone = zone_of(member)
    return {fact.id: _reasons(fact, known[fact.kind], paid, zone) for fact in facts}


def _reasons(fact: Event, known: Sequence[tuple[Words, Sequence[Terms]]], paid: Paid, zone: str) -> list[Reason]:
    in_time = ((name, in_force(versions, fact.occurred_at)) for name, versions in known)
    return [Reason(name, terms, _verdict(fact, terms, paid, zone)) for name, terms in in_time if terms is not None]


def _verdict(fact: Event, terms: Terms, paid: Paid, zone: str) -> Verdict:
    moments = paid.get((fact.member_id or 0, terms.rule_id), {})
    if fact.id in moments:
        return Verdict.EARNED
    said = verdict(terms, Fact(fact.occurred_at, fact.evidence, zone), list(moments.values()))
    return Verdict.NOT_COUNTED if said is Verdict.EARNED else said
