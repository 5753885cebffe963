"""Planner: the calendar and what stands in it, weekly slots, when people answer best, what gets in each other's way."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """To be called before the blueprint of posts is registered: the views hang on it."""
    from campaigns.posts.planner import slot_views, views, wording
    from commons.admin.audit import sentences

    assert all((slot_views, views))
    sentences.plug(wording.acts)
