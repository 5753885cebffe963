"""The lot: pure, and the same for everybody who has the seed and the list.

Each person's place is the SHA-256 of `<seed>:<public id>`; those with the lowest places are kept out. The public ids are
random, so nobody can choose a place, and the order in which people stand on the list makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from heapq import nsmallest


def place(seed: str, public_id: str) -> str:
    """Where somebody stands in the lot, as 64 hex digits."""
    return sha256(f"{seed}:{public_id}".encode()).hexdigest()


def count_of(people: int, share: int) -> int:
    """How many of `people` are `share` per cent, to the nearest whole person (halves up)."""
    return (people * share + 50) // 100


def kept_out(seed: str, public_ids: Collection[str], share: int) -> frozenset[str]:
    """Who of `public_ids` is kept out."""
    wanted = count_of(len(public_ids), share)
    return frozenset(nsmallest(wanted, public_ids, key=lambda public_id: place(seed, public_id)))
