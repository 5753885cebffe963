"""Accounts: signing up and in, invitations, one's own account."""

from __future__ import annotations

from flask import Flask, Response, request


def init_app(app: Flask) -> None:
    from commons.accounts import (
        account_views,
        identities,
        invitation_views,
        recovery_views,
        sessions,
        sign_up_views,
        tidying,
        views,
    )

    assert account_views
    assert invitation_views
    assert recovery_views
    assert sign_up_views
    assert tidying
    sessions.init_app(app)
    app.after_request(_keep_secret_addresses)
    app.register_blueprint(views.bp)
    identities.init_app(app)


def _keep_secret_addresses(response: Response) -> Response:
    """A page whose address holds a secret tells no other site where the visitor came from, and is kept nowhere."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
    return response
