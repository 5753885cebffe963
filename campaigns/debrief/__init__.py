"""The review of a campaign: what became of it, what was learnt, and what is decided for the next one."""

from __future__ import annotations

from flask import Flask

from campaigns.debrief import views, wording
from commons.admin import audit


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    audit.sentences.plug(wording.acts)
