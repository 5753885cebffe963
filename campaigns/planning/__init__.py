"""Planning campaigns: their kind, goal, period and missions."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.planning import views, wording
from commons import nav
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    audit.sentences.plug(wording.acts)
    nav.add(
        app,
        "staff",
        NavItem("planning.index", _l("Campaigns"), "target-arrow", 40, Permission.CAMPAIGN_READ, _l("Campaigns")),
    )
