"""The control room of a campaign: what happens now, against what was planned, and what wants a decision."""

from __future__ import annotations

from flask import Flask

from campaigns.control import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
