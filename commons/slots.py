"""Slots: where a lower layer lets an upper one plug in without importing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Plug = TypeVar("Plug", bound=Callable[..., object])


class Slot(Generic[Plug]):
    """An ordered list of callables. The room that declares a slot calls what others plugged in.

    Plugging the same callable twice keeps one, so applications made anew in tests do not pile up.
    """

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._plugs: list[Plug] = []

    def plug(self, plug: Plug) -> Plug:
        """Add `plug`; usable as a decorator."""
        if plug not in self._plugs:
            self._plugs.append(plug)
        return plug

    def __iter__(self) -> Iterator[Plug]:
        return iter(tuple(self._plugs))

    def __bool__(self) -> bool:
        return bool(self._plugs)
