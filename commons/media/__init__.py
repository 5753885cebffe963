"""Pictures and videos: taken in within limits, written anew, served for ever, forgotten when nothing needs them."""

from __future__ import annotations

from flask import Flask

from commons.config import Settings
from commons.media.decoding import init_warnings
from commons.media.store import Store


def init_app(app: Flask) -> None:
    from commons.media import forgetting, uploads, views

    assert forgetting
    settings: Settings = app.extensions["settings"]
    app.extensions["media"] = Store.at(settings.media_url)
    init_warnings()
    uploads.init_app(app)
    app.register_blueprint(views.bp)
