"""What rooms above know about facts, for the signs and for whoever judges them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from commons.slots import Slot


@dataclass(frozen=True)
class Said:
    """What somebody said openly: the words, and a mark that is the same for the same words (empty: nothing but signs)."""

    words: str
    mark: str


words_said: Slot[Callable[[Collection[int]], Mapping[int, Said]]] = Slot(
    "(ids of facts) → what the member said, of those in which something was said that still stands"
)


def said(event_ids: Collection[int]) -> dict[int, Said]:
    """What was said in these facts, by their ids, as far as any room knows."""
    found: dict[int, Said] = {}
    for plug in words_said:
        found |= plug(event_ids)
    return found
