"""Where rooms above tell of other ways by which members bring people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from commons.slots import Slot

brought: Slot[Callable[[Collection[int], datetime], Mapping[int, int]]] = Slot(
    "(member ids, since) → how many became fans since then by something that the member shared, without a code"
)
