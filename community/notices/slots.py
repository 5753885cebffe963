"""Where other rooms bring the sentences of what they tell members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commons.slots import Slot

sentences: Slot[Callable[[], Mapping[str, Any]]] = Slot("kind of notice → lazy sentence to the member, with %(…)s")
topics: Slot[Callable[[], Mapping[str, Any]]] = Slot(
    "the part of a kind before its dot → lazy name of what it is about"
)
