"""The control room of a campaign: what happens now, against what was planned, and what wants a decision."""

from __future__ import annotations

from flask import Flask

from campaigns.control import counted_views, views


def init_app(app: Flask) -> None:
    assert counted_views  # its views hang on the same blueprint
    app.register_blueprint(views.bp)
