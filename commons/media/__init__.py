"""Pictures: taken in within limits, re-encoded, kept with thumbnails, served for ever."""

from __future__ import annotations

from flask import Flask

from commons.config import Settings
from commons.media.decoding import init_warnings
from commons.media.store import Store


def init_app(app: Flask) -> None:
    from commons.media import views

    settings: Settings = app.extensions["settings"]
    app.extensions["media"] = Store.at(settings.media_url)
    init_warnings()
    app.register_blueprint(views.bp)
