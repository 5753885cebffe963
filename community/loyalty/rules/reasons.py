"""What the rules said about facts. Derived from the facts that were paid, not stored: the same answer at any later time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from commons.events import Event
from commons.i18n import Words
from community.loyalty.rules import versions as rules
from community.loyalty.rules.past import Past, past_of
from community.loyalty.rules.verdicts import Terms, Verdict, in_force
from community.loyalty.watching import held
from community.loyalty.watching.models import Outcome
from community.loyalty.words import said
from community.members.models import Member

Held = Mapping[tuple[int, int], tuple[Outcome, str]]
OF_HELD = {Outcome.OPEN: Verdict.HELD, Outcome.PASSED: Verdict.EARNED, Outcome.REFUSED: Verdict.REFUSED}


@dataclass(frozen=True)
class Reason:
    """What one rule said about a fact: its name, the terms in force at that time, and the verdict.

    `note` is what a person wrote who refused what had been held.
    """

    rule: Words
    terms: Terms
    verdict: Verdict
    note: str = ""

    @property
    def version(self) -> int:
        return self.terms.number

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person, or was refused by one: the fan has a page about it."""
        return self.verdict in {Verdict.HELD, Verdict.REFUSED}

    @property
    def sentence(self) -> str:
        """What the rule said, in words."""
        return said(self.verdict, self.rule, self.terms, self.note)


def reasons_of(member: Member, facts: Sequence[Event]) -> dict[int, list[Reason]]:
    """For each of the member's `facts`, by its id, what every rule that speaks of it said."""
    if not facts:
        return {}
    known = rules.named_by_kind({fact.kind for fact in facts})
    asked = {kind: [versions for _name, versions in of_kind] for kind, of_kind in known.items()}
    past = past_of([member.id], asked, [fact.occurred_at for fact in facts], facts=facts)
    outcomes = held.of_facts([fact.id for fact in facts])
    return {fact.id: _reasons(fact, known.get(fact.kind, ()), past, outcomes) for fact in facts}


def _reasons(fact: Event, known: Sequence[tuple[Words, Sequence[Terms]]], past: Past, outcomes: Held) -> list[Reason]:
    in_time = ((name, in_force(versions, fact.occurred_at)) for name, versions in known)
    return [_reason(fact, name, terms, past, outcomes) for name, terms in in_time if terms is not None]


def _reason(fact: Event, name: Words, terms: Terms, past: Past, outcomes: Held) -> Reason:
    if (fact.id, terms.rule_id) in outcomes:
        outcome, note = outcomes[fact.id, terms.rule_id]
        return Reason(name, terms, OF_HELD[outcome], note if outcome is Outcome.REFUSED else "")
    if fact.id in past.paid_of(fact.member_id or 0, terms.rule_id):
        return Reason(name, terms, Verdict.EARNED)
    return Reason(name, terms, _unpaid(terms, fact, past))


def _unpaid(terms: Terms, fact: Event, past: Past) -> Verdict:
    """Why nothing was paid. Who was in a segment at the time is not kept: it is the reason where nothing else is."""
    answer = past.verdict(replace(terms, segment_id=None), fact, past.fact(fact))
    if answer is not Verdict.EARNED:
        return answer
    return Verdict.NOT_IN_SEGMENT if terms.segment_id is not None else Verdict.NOT_COUNTED
