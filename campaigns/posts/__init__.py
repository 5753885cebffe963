"""Posts: what the brand writes, as drafts, a list and a calendar."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.nav import NavItem
from commons.permissions import Permission

GROUP = _l("Content")


def init_app(app: Flask) -> None:
    from campaigns.posts import list_views, views

    assert list_views  # its views hang on the same blueprint
    app.register_blueprint(views.bp)
    nav.add(
        app,
        "staff",
        NavItem("posts.index", _l("Posts"), "message-plus", 10, Permission.POST_READ, GROUP),
        NavItem("posts.month", _l("Calendar"), "calendar-month", 11, Permission.POST_READ, GROUP),
    )
