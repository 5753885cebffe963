"""Rewards and penalties: the points shop, and what breaking the content standard leads to."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from community.members.merging.moving import moving as of_merging
    from community.rewards import moving, penalties, shop

    of_merging.plug(moving.rules)
    shop.init_app(app)
    penalties.init_app(app)
