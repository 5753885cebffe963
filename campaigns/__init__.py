"""What the brand starts."""

from __future__ import annotations

from flask import Flask

from campaigns import approval, demo, draws, groupbuys, lane, links, participation, planning, posts, publishing


def init_app(app: Flask) -> None:
    for room in (planning, participation, links, posts, publishing, approval, lane, groupbuys, draws, demo):
        room.init_app(app)
