"""Leaderboards by period, among all, among those one talks with, and in the circles of other rooms."""

from __future__ import annotations

from flask import Flask

from community.circle.slots import status_panels


def init_app(app: Flask) -> None:
    from community.circle.boards import leaving, views

    app.register_blueprint(views.bp)
    status_panels.plug(views.panel)
    leaving.plug()
