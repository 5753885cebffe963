"""Feeds: the plan in the calendars of people, at secret addresses."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.posts.feeds import making
    from campaigns.posts.feeds.views import bp
    from commons.admin.audit import sentences

    sentences.plug(making.acts)
    app.register_blueprint(bp)
