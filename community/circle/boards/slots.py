"""Where other rooms bring groups of people among whom a member may compare himself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from commons.slots import Slot
from community.members.models import Member


@dataclass(frozen=True)
class Group:
    """Some people with a `code` for the address, a `name` on the page, and the ids of their members (the looker's too)."""

    code: str
    name: Any
    people: Select[int]


groups: Slot[Callable[[Member], Sequence[Group]]] = Slot(
    "groups that a member belongs to, each with a board of its own"
)
