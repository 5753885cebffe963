"""A fan's proof that he stands on the frozen list, worked out when it is asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from campaigns.draws import merkle
from campaigns.draws.models import Draw, DrawEntry
from campaigns.draws.ranking import leaf_of
from campaigns.draws.rules import stamp
from commons.db import db
from commons.errors import Conflict

FORMAT = "quanzi-proof-1"
DIGEST = 32


class NotListed(Conflict):
    """Who does not stand on the list has no proof of it."""


def proof_of(entry: DrawEntry) -> dict[str, Any]:
    """The proof as a document: the place, the neighbours on the way up, and the root that they lead to.

    Reads one run of leaves; everything above it stands with the draw. Raises `NotListed`.
    """
    draw, place = entry.draw, entry.position
    if place is None or draw.subtrees is None or draw.root is None or draw.frozen_at is None:
        raise NotListed
    run, within = divmod(place, merkle.SUBTREE)
    below = merkle.path([leaf_of(draw.public_id, one) for one in _run(draw, run)], within)
    above = merkle.path(_nodes(draw.subtrees), run)
    return {
        "format": FORMAT,
        "draw": draw.public_id,
        "entry": entry.entry,
        "index": place,
        "count": draw.entrants,
        "path": [neighbour.hex() for neighbour in (*below, *above)],
        "root": draw.root,
        "rules_hash": draw.rules_hash,
        "exclusions_hash": draw.exclusions_hash,
        "frozen_at": stamp(draw.frozen_at),
    }


def _run(draw: Draw, number: int) -> list[str]:
    first = number * merkle.SUBTREE
    query = select(DrawEntry.entry).where(
        DrawEntry.draw_id == draw.id, DrawEntry.position >= first, DrawEntry.position < first + merkle.SUBTREE
    )
    return list(db.session.scalars(query.order_by(DrawEntry.position)))


def _nodes(kept: bytes) -> list[bytes]:
    return [kept[start : start + DIGEST] for start in range(0, len(kept), DIGEST)]
