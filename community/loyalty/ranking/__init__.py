"""Exact places by growth: counts are kept as growth moves, so that a place is read and not counted. See docs/ranking.md."""

from __future__ import annotations


def init_app() -> None:
    from community.loyalty.ranking import jobs

    assert jobs
