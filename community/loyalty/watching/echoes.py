"""Echoes: one person who says the same words over and over. Pure, facts in, findings out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from community.loyalty.watching.models import Sign
from community.loyalty.watching.signs import Finding, Seen


@dataclass(frozen=True)
class Echoes:
    """When somebody's own words are shown to a person.

    `least` times the same words within `window` seconds: a greeting in the morning and thanks in the evening are the same
    words too, and a lively fan has a few of them; ten times in a day nobody has the same thing to say. Only one person's
    words are compared here; many who say the same are a choir.
    """

    least: int = 10
    window: float = 86_400


def crowded(facts: Sequence[Seen], limits: Echoes | None = None) -> list[Seen]:
    """Those facts of one member and kind (in order of time) that stand close enough together for their words to matter."""
    by = limits or Echoes()
    moments = [fact.at.timestamp() for fact in facts]
    inside: set[int] = set()
    for last in range(by.least - 1, len(facts)):
        first = last - by.least + 1
        if moments[last] - moments[first] < by.window:
            inside.update(range(first, last + 1))
    return [facts[number] for number in sorted(inside)]


def echoes(facts: Sequence[Seen], marks: Mapping[int, str], limits: Echoes | None = None) -> Iterator[Finding]:
    """Echoes in the facts of one member and kind, in order of time; `marks` of what was said, by the id of the fact."""
    said: dict[str, list[Seen]] = defaultdict(list)
    for fact in facts:
        if marks.get(fact.id):
            said[marks[fact.id]].append(fact)
    shown = sorted(
        (fact for same in said.values() for fact in crowded(same, limits)), key=lambda fact: (fact.at, fact.id)
    )
    if shown:
        evidence = {
            "times": len(shown),
            "different": len({marks[fact.id] for fact in shown}),
            "first": shown[0].at.isoformat(),
            "last": shown[-1].at.isoformat(),
        }
        yield Finding(Sign.ECHO, (shown[0].member_id,), tuple(fact.id for fact in shown), evidence)
