"""What people do with the brand."""

from __future__ import annotations

from flask import Flask

from community import channels, circle, handles, inbox, loyalty, members, notices, reviews, rewards, seed_users


def init_app(app: Flask) -> None:
    for room in (members, notices, loyalty, channels, inbox, circle, reviews, rewards, handles, seed_users):
        room.init_app(app)
