"""What people do with the brand."""

from __future__ import annotations

from flask import Flask

from community import channels, circle, inbox, loyalty, members, notices


def init_app(app: Flask) -> None:
    for room in (members, notices, loyalty, channels, inbox, circle):
        room.init_app(app)
