"""The brand's own community: the feed, comments, likes, shares, the daily check-in and the fan's status page."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.nav import NavItem


def init_app(app: Flask) -> None:
    from community.circle import comment_views, rendering, status_views, views

    assert comment_views
    assert status_views
    rendering.init_app(app)
    app.register_blueprint(views.bp)
    nav.add(
        app,
        "fan",
        NavItem("circle.feed", _l("Circle"), "circles", 10),
        NavItem("circle.me", _l("My place"), "user-circle", 40),
    )
