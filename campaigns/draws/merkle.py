"""The tree over a frozen list, as RFC 6962 (section 2.1) and RFC 9162 define it. Pure: bytes in, bytes out.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right): no node can be passed off as a leaf. Where a level has an
odd one left over it goes up unchanged, which is the same tree as splitting at the largest power of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
OF_NOTHING = sha256(b"").digest()
"""The root of an empty list."""

SUBTREE = 1024
"""How many leaves share one kept node: a proof is worked out anew below it and read above it."""


def leaf(data: bytes) -> bytes:
    return sha256(LEAF + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves (or over the nodes of one level, if all of them but the last are full)."""
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else OF_NOTHING


def path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """What it takes to get from the leaf at `index` up to the root: the neighbour on each level that has one, lowest first."""
    level, found = list(hashes), list[bytes]()
    while len(level) > 1:
        if (beside := index ^ 1) < len(level):
            found.append(level[beside])
        level, index = _above(level), index // 2
    return found


def root_by(leaf_hash: bytes, index: int, size: int, proof: Iterable[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162, section 2.1.3.2); None if its length does not fit the place and the size."""
    if not 0 <= index < size:
        return None
    last, found = size - 1, leaf_hash
    for beside in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            found = node(beside, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node(found, beside)
        index, last = index >> 1, last >> 1
    return found if last == 0 else None


def subtrees(leaves: Sequence[bytes]) -> list[bytes]:
    """The root of every run of `SUBTREE` leaves; the last run may be shorter. `root` of these is the root of all."""
    return [root(leaves[start : start + SUBTREE]) for start in range(0, len(leaves), SUBTREE)]


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
