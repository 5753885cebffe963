"""What rooms above know about facts, for the signs and for whoever judges them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from commons.slots import Slot

AT_A_TIME = 5000  # either database takes so many values in one statement


@dataclass(frozen=True)
class Said:
    """What somebody said openly: the words, and a mark that is the same for the same words (empty: nothing but signs).

    `letters` are counted without blanks and signs; `place` is one number for all that was said in one place, if it is known.
    """

    words: str
    mark: str
    letters: int = 0
    place: int | None = None


words_said: Slot[Callable[[Collection[int]], Mapping[int, Said]]] = Slot(
    "(ids of facts) → what the member said, of those in which something was said that still stands"
)


def said(event_ids: Collection[int]) -> dict[int, Said]:
    """What was said in these facts, by their ids, as far as any room knows."""
    found: dict[int, Said] = {}
    ids = list(event_ids)
    for start in range(0, len(ids), AT_A_TIME):
        for plug in words_said:
            found |= plug(ids[start : start + AT_A_TIME])
    return found
