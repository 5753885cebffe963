"""How much one request may bring along: more for the views that take videos, and only from people who may send some."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from commons.db import db
from commons.media.videos import BYTE_CAP, MB
from commons.permissions import Permission
from commons.web import View, guard_of

ROOM = BYTE_CAP + 64 * MB  # for a video, and pictures and words beside it


def takes_videos(view: View) -> View:
    """Let a view take bodies as large as a video."""
    view.__dict__["takes_videos"] = True
    return view


def init_app(app: Flask) -> None:
    # Before the first look into the body, which the check against forged requests takes.
    app.url_value_preprocessor(_make_room)


def _make_room(endpoint: str | None, values: dict[str, Any] | None) -> None:
    view = current_app.view_functions.get(endpoint or "")
    if view is None or request.method != "POST" or not view.__dict__.get("takes_videos"):
        return
    guard = guard_of(view)
    may = isinstance(guard, Permission) and current_user.is_authenticated and current_user.can(guard)
    # A long body comes in slowly, and an open transaction would keep every other writer of SQLite waiting for it.
    db.session.commit()
    if may:
        request.max_content_length = ROOM
