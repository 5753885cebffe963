"""Rewards and penalties: the points shop, and what breaking the content standard leads to."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from community.rewards import penalties, shop

    shop.init_app(app)
    penalties.init_app(app)
