"""Posts that get in each other's way: too close together on one channel, or nearly the same words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

USUALLY_APART = timedelta(minutes=30)
ALIKE = 0.7
ALIKE_WITHIN = timedelta(days=6)  # less than a week: what returns every week is meant to
COMPARED = 120
SHORT = 8
SKETCH = 8
MOST_COMPARED = 24

_ADDRESS = re.compile(r"https?://\S+")
_MIX, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Planned:
    """One post for one account. `key` is whatever the caller knows it by; the same `post` never clashes with itself."""

    key: int
    post: int
    account: int
    at: datetime
    text: str


@dataclass(slots=True)
class Clash:
    """What stands in the way of one post: the nearest that is too close, and the nearest that says nearly the same."""

    close: Planned | None = None
    alike: Planned | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The words of a text without what does not count: `words`, the pairs of neighbouring characters, and the smallest few."""

    words: str
    pairs: frozenset[int] = field(repr=False)
    sketch: tuple[int, ...] = field(repr=False)


def clashes(planned: Iterable[Planned], apart: timedelta = USUALLY_APART) -> Mapping[int, Clash]:
    """Clashes by key, only of those that have one.

    Posts on one account clash when they are less than `apart` from each other, and when they stand within
    `ALIKE_WITHIN` and their texts are alike (see `alikeness`).
    """
    by_account: dict[int, list[Planned]] = defaultdict(list)
    for one in planned:
        by_account[one.account].append(one)
    found: dict[int, Clash] = defaultdict(Clash)
    for ones in by_account.values():
        ones.sort(key=lambda one: one.at)
        _mark_close(ones, apart, found)
        _mark_alike(ones, found)
    return found


def alikeness(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 1: shared pairs of neighbouring characters over all of them (Jaccard).

    Addresses, punctuation, spaces and case do not count. Texts of fewer than `SHORT` characters are alike or not at all.
    """
    return _share(shape(one), shape(other))


@lru_cache(maxsize=8192)
def shape(text: str) -> Shape:
    """What is compared of a text: its first `COMPARED` characters that are letters, digits or ideographs."""
    plain = unicodedata.normalize("NFKC", _ADDRESS.sub("", text[: 3 * COMPARED])).casefold()
    words = "".join(filter(str.isalnum, plain))[:COMPARED]
    codes = list(map(ord, words))
    pairs = {((one << 21 | other) * _MIX) & _MASK for one, other in pairwise(codes)}
    return Shape(words, frozenset(pairs), tuple(sorted(pairs)[:SKETCH]))


def _share(one: Shape, other: Shape) -> float:
    if one.words == other.words:
        return 1.0 if one.words else 0.0
    if len(one.words) < SHORT or len(other.words) < SHORT:
        return 0.0
    common = len(one.pairs & other.pairs)
    return common / (len(one.pairs) + len(other.pairs) - common)


def _mark_close(ones: Sequence[Planned], apart: timedelta, found: dict[int, Clash]) -> None:
    for before, after in pairwise(ones):
        if after.at - before.at < apart and before.post != after.post:
            mark = found[before.key]
            if mark.close is None or after.at - before.at < before.at - mark.close.at:
                mark.close = after
            found[after.key].close = before


def _mark_alike(ones: Sequence[Planned], found: dict[int, Clash]) -> None:
    """Each is compared with the latest earlier ones that share one of its rarest-by-hash pairs.

    Two texts of alikeness 0.7 share none of eight such pairs once in 15,000 times, so hardly any is overlooked, and a
    month of thousands is not compared each with each.
    """
    index: dict[object, list[Planned]] = defaultdict(list)
    for one in ones:
        mine = shape(one.text)
        if not mine.words:
            continue
        for other in _candidates(one, mine, index):
            if _share(mine, shape(other.text)) >= ALIKE:
                found[one.key].alike = other
                if found[other.key].alike is None:
                    found[other.key].alike = one
                break
        for sign in _signs(mine):
            index[sign].append(one)


def _signs(mine: Shape) -> tuple[object, ...]:
    return mine.sketch if len(mine.words) >= SHORT else (mine.words,)


def _candidates(one: Planned, mine: Shape, index: Mapping[object, list[Planned]]) -> Iterator[Planned]:
    seen: set[int] = set()
    for sign in _signs(mine):
        for other in reversed(index.get(sign, ())):
            if one.at - other.at > ALIKE_WITHIN or len(seen) >= MOST_COMPARED:
                break
            if other.key not in seen and other.post != one.post:
                seen.add(other.key)
                yield other
