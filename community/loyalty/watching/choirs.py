"""Choirs: many people who say the same words in one place within an hour. Pure, facts in, findings out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from community.loyalty.watching.models import Sign
from community.loyalty.watching.signs import Finding, Seen
from community.loyalty.watching.slots import Said


@dataclass(frozen=True)
class Choirs:
    """When the same words of many are shown to a person.

    `least` people under one post within `window`: a post that is liked has a few who quote its best line. `shortest`: what
    has fewer letters, everybody says (good morning, me too, the answer to a riddle). A campaign may have asked for just these
    words: then whoever looks lets it pass, and nothing is lost.
    """

    least: int = 12
    window: timedelta = timedelta(hours=1)
    shortest: int = 10


def choirs(facts: Sequence[Seen], said: Mapping[int, Said], limits: Choirs | None = None) -> Iterator[Finding]:
    """Choirs in the facts of one kind, in order of time; `said` by the id of the fact."""
    by = limits or Choirs()
    same: dict[tuple[int, str], list[Seen]] = defaultdict(list)
    for fact in facts:
        words = said.get(fact.id)
        if words is not None and words.place is not None and words.mark and words.letters >= by.shortest:
            same[words.place, words.mark].append(fact)
    for voices in same.values():
        shown = _together(voices, by)
        if shown:
            members = sorted({fact.member_id for fact in shown})
            evidence = {
                "people": len(members),
                "times": len(shown),
                "first": shown[0].at.isoformat(),
                "last": shown[-1].at.isoformat(),
            }
            yield Finding(Sign.CHOIR, tuple(members), tuple(fact.id for fact in shown), evidence)


def _together(voices: Sequence[Seen], by: Choirs) -> list[Seen]:
    """Those of the facts around which, within the window, enough different people said the same."""
    inside: set[int] = set()
    people: Counter[int] = Counter()
    first = 0
    for last, fact in enumerate(voices):
        people[fact.member_id] += 1
        while fact.at - voices[first].at >= by.window:
            people[voices[first].member_id] -= 1
            first += 1
        if len(+people) >= by.least:
            inside.update(range(first, last + 1))
    return [voices[number] for number in sorted(inside)]
