"""Signing in by way of a provider that knows the person: OpenID Connect here, networks from the rooms above."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from commons.accounts import slots
    from commons.accounts.identities import known_views, leaving, openid, providers, views

    assert known_views
    providers.offered.plug(openid.offered)
    slots.exporting.plug(leaving.export)
    slots.erasing.plug(leaving.erase)
    app.register_blueprint(views.bp)
