"""Signs in the times of facts that something is not what it seems: pure, facts in, findings out, for a person to judge.

The thresholds are data, each with its reason. They are set so that a busy human is not found: whoever is, did something that
hands do not do. None of them proves anything, and nothing follows from them but that a person looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from community.loyalty.watching.models import Sign


@dataclass(frozen=True)
class Seen:
    """One fact about a member; `other` is the member who stands behind it, if one does."""

    id: int
    member_id: int
    at: datetime
    other: int | None = None


@dataclass(frozen=True)
class Finding:
    """What was seen, about whom, which facts show it, and the numbers for a person to judge."""

    sign: Sign
    members: tuple[int, ...]
    facts: tuple[int, ...]
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bursts:
    """Many facts at once, far more than the same member's usual.

    `window` (seconds): what people do in bursts they do within minutes (Barabási 2005, Nature 435: bursts are human; so
    the burst alone says nothing, only its size does). `least`: below 15 in ten minutes a lively evening is enough.
    `usual`: nobody's usual is taken as less than 3 a window, so that a newcomer's first evening is no burst.
    `chance`: a Poisson process with the member's usual rate shows so many with a probability below this. One in a million
    means that of 1.72 million fans with one lively window a day about two a day are shown to a person for nothing.
    """

    window: float = 600
    least: int = 15
    usual: float = 3.0
    chance: float = 1e-6


@dataclass(frozen=True)
class Rhythms:
    """Facts as regular as no hand is.

    Human waiting times scatter at least as much as chance does: their burstiness (σ-μ)/(σ+μ) lies above 0, while a clock's
    is -1 (Goh and Barabási 2008, EPL 81, 48002). Even people who tap along with a metronome scatter by some 2 to 5 per cent
    of the beat (Repp 2005, Psychonomic Bulletin & Review 12). So `share`: within 2 per cent of the same waiting time, but
    never less than `finest` second (that is how exactly channels tell the time) nor more than `coarsest` seconds: an alarm
    clock and a thumb together are less exact than that. `times`: so many waits in a row. `shortest`: faster is a burst.

    `second_window`: the other mark of a machine is that it wakes on the same second of the minute (Zhang and Paxson 2011,
    Passive and Active Measurement: seconds of the minute that are not spread evenly). So many of the facts fall into
    the same 3 seconds that even spread would do it with a probability below `chance`.
    """

    times: int = 12
    share: float = 0.02
    finest: float = 1.0
    coarsest: float = 5.0
    shortest: float = 5.0
    second_window: int = 3
    chance: float = 1e-9


def bursts(facts: Sequence[Seen], limits: Bursts | None = None) -> Iterator[Finding]:
    """Bursts in the facts of one member and kind, in order of time."""
    by = limits or Bursts()
    moments = [fact.at.timestamp() for fact in facts]
    inside: set[int] = set()
    most = 0
    for first in range(len(facts)):
        end = first
        while end < len(facts) and moments[end] - moments[first] < by.window:
            end += 1
        count = end - first
        if count >= by.least and poisson_tail(count, _usual(moments, moments[first], by)) < by.chance:
            inside |= set(range(first, end))
            most = max(most, count)
    if inside:
        shown = [facts[number] for number in sorted(inside)]
        evidence = {
            "most": most,
            "minutes": round(by.window / 60),
            "usual": round(_usual(moments, shown[0].at.timestamp(), by), 1),
            "people": len({fact.other for fact in shown if fact.other is not None}),
            "first": shown[0].at.isoformat(),
            "last": shown[-1].at.isoformat(),
        }
        yield Finding(Sign.BURST, (shown[0].member_id,), tuple(fact.id for fact in shown), evidence)


def rhythms(facts: Sequence[Seen], limits: Rhythms | None = None) -> Iterator[Finding]:
    """Machine-like rhythms in the facts of one member and kind, in order of time: even waits, or the same second."""
    by = limits or Rhythms()
    run = _longest_even_run([fact.at.timestamp() for fact in facts], by)
    if run is not None:
        shown = facts[run[0] : run[1]]
        waits = _waits([fact.at.timestamp() for fact in shown])
        evidence = {"times": len(waits), "every": round(median(waits), 1), "spread": round(max(waits) - min(waits), 1)}
        yield _rhythm(shown, evidence)
        return
    second = _crowded_second(facts, by)
    if second is not None:
        shown = [fact for fact in facts if _falls(fact, second, by)]
        evidence = {"times": len(shown), "of": len(facts), "second": second, "seconds": by.second_window}
        yield _rhythm(shown, evidence)


def poisson_tail(count: int, rate: float) -> float:
    """The probability that a Poisson variable with mean `rate` reaches `count`."""
    if count <= 0:
        return 1.0
    term = math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
    total = 0.0
    while term > total * 1e-12 and term > 0:
        total += term
        count += 1
        term *= rate / count
    return min(1.0, total)


def binomial_tail(count: int, of: int, chance: float) -> float:
    """The probability that of `of` tries with `chance` each at least `count` succeed."""
    return sum(math.comb(of, many) * chance**many * (1 - chance) ** (of - many) for many in range(count, of + 1))


def _usual(moments: Sequence[float], start: float, by: Bursts) -> float:
    """How many of these facts the member's other active windows hold on average."""
    windows: dict[int, int] = {}
    for moment in moments:
        if not start - by.window < moment < start + 2 * by.window:
            number = int(moment // by.window)
            windows[number] = windows.get(number, 0) + 1
    return max(by.usual, sum(windows.values()) / len(windows)) if windows else by.usual


def _waits(moments: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


def _longest_even_run(moments: Sequence[float], by: Rhythms) -> tuple[int, int] | None:
    """From which fact to which (not included) the waits are even for longest; None when nowhere for long enough."""
    waits = _waits(moments)
    best: tuple[int, int] | None = None
    start = 0
    while start + by.times <= len(waits):
        end = start + by.times
        if not _even(waits[start:end], by):
            start += 1
            continue
        while end < len(waits) and _even(waits[start : end + 1], by):
            end += 1
        if best is None or end - start > best[1] - best[0]:
            best = (start, end)
        start = end
    return (best[0], best[1] + 1) if best is not None else None


def _even(waits: Sequence[float], by: Rhythms) -> bool:
    middle = median(waits)
    scatter = min(max(by.finest, by.share * middle), by.coarsest)
    return middle >= by.shortest and all(abs(wait - middle) <= scatter for wait in waits)


def _crowded_second(facts: Sequence[Seen], by: Rhythms) -> int | None:
    """The second of the minute with which the window begins into which by far too many facts fall; None: there is none.

    Where every fact stands on a full minute the channel tells no seconds, and nothing can be said.
    """
    if len(facts) < by.times or all(fact.at.second == 0 and fact.at.microsecond == 0 for fact in facts):
        return None
    counts = [sum(_falls(fact, second, by) for fact in facts) for second in range(60)]
    most = max(counts)
    chance = 60 * binomial_tail(most, len(facts), by.second_window / 60)
    return counts.index(most) if most >= by.times and chance < by.chance else None


def _falls(fact: Seen, second: int, by: Rhythms) -> bool:
    return (fact.at.second - second) % 60 < by.second_window


def _rhythm(shown: Sequence[Seen], evidence: dict[str, Any]) -> Finding:
    evidence |= {"first": shown[0].at.isoformat(), "last": shown[-1].at.isoformat()}
    return Finding(Sign.RHYTHM, (shown[0].member_id,), tuple(fact.id for fact in shown), evidence)
