"""The file from which anybody can recompute a draw: rules, list, exclusions, random value, order of prizes. Nobody's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.draws.models import Draw, DrawAward, DrawEntry
from campaigns.draws.ranking import canonical
from campaigns.draws.rules import stamp
from campaigns.draws.writing import promised
from commons.db import db
from commons.errors import Conflict

FORMAT = "quanzi-draw-1"
CHUNK = 5_000
_ENTRIES = b'"entries":['


class NotDrawn(Conflict):
    """There is nothing to publish before the draw."""


def published(draw: Draw) -> Iterator[bytes]:
    """The canonical bytes of the file, in pieces: a list of a million is never in memory as a whole. Raises `NotDrawn`."""
    if draw.drawn_at is None or draw.frozen_at is None:
        raise NotDrawn
    head, tail = canonical(_document(draw)).split(_ENTRIES)  # in a text a quote is escaped, so this stands there once
    return _pieces(draw, head + _ENTRIES, tail)


def _pieces(draw: Draw, head: bytes, tail: bytes) -> Iterator[bytes]:
    yield head
    comma = b""
    for start in range(0, draw.entrants, CHUNK):
        yield comma + b",".join(canonical(entry) for entry in _listed(draw, start))
        comma = b","
    yield tail


def _document(draw: Draw) -> dict[str, Any]:
    assert draw.frozen_at is not None
    assert draw.drawn_at is not None
    return {
        "format": FORMAT,
        "rules": promised(draw),
        "rules_hash": draw.rules_hash,
        "list": {
            "frozen_at": stamp(draw.frozen_at),
            "count": draw.entrants,
            "root": draw.root,
            "entries": [],
            "exclusions": _excluded(draw),
            "exclusions_hash": draw.exclusions_hash,
        },
        "randomness": {"value": draw.randomness, "signature": draw.signature},
        "seed": draw.seed,
        "drawn_at": stamp(draw.drawn_at),
        "awards": [_award(award) for award in awards_of(draw)],
    }


def awards_of(draw: Draw) -> Sequence[DrawAward]:
    """Every offer that was ever made, down the order."""
    query = select(DrawAward).where(DrawAward.draw_id == draw.id).order_by(DrawAward.rank)
    return db.session.scalars(query.options(joinedload(DrawAward.prize), joinedload(DrawAward.entry))).all()


def _award(award: DrawAward) -> dict[str, Any]:
    """`prize` counts from 0, `unit` from 1; `passed_on` says why it went to the next rank, null if it did not."""
    return {
        "rank": award.rank,
        "entry": award.entry.entry,
        "prize": award.prize.position,
        "unit": award.unit,
        "passed_on": award.ending.value if award.ending else None,
    }


def _excluded(draw: Draw) -> list[dict[str, str]]:
    query = select(DrawEntry.entry, DrawEntry.reason).where(DrawEntry.draw_id == draw.id, DrawEntry.position.is_(None))
    rows = db.session.execute(query.order_by(DrawEntry.entry))
    return [{"entry": entry, "reason": reason.value} for entry, reason in sorted(rows) if reason]


def _listed(draw: Draw, start: int) -> Sequence[str]:
    query = select(DrawEntry.entry).where(
        DrawEntry.draw_id == draw.id, DrawEntry.position >= start, DrawEntry.position < start + CHUNK
    )
    return db.session.scalars(query.order_by(DrawEntry.position)).all()
