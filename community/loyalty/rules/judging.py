"""Facts before the rules, one after the other: the one way in which they are judged, for real and in a dry run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from community.loyalty.rules.past import Past
from community.loyalty.rules.verdicts import Terms, Verdict, in_force


def judged(
    facts: Iterable[Any], by_kind: Mapping[str, Sequence[Sequence[Terms]]], past: Past
) -> Iterator[tuple[Any, Terms, Verdict]]:
    """For each fact (an event, or a row with the columns of one) what each rule about its kind says, in order.

    What earns is added to `past`, so that it counts for the facts that follow. A fact that a rule has paid already is passed
    over, and so is a rule that had not begun.
    """
    for fact in facts:
        shown = past.fact(fact)
        for versions in by_kind[fact.kind]:
            terms = in_force(versions, fact.occurred_at)
            paid = past.paid_of(fact.member_id, versions[0].rule_id)
            if terms is None or fact.id in paid:
                continue
            answer = past.verdict(terms, fact, shown)
            if answer is Verdict.EARNED:
                paid[fact.id] = shown
            yield fact, terms, answer
