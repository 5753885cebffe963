"""Group buys: offers that come about when enough people join in time."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.groupbuys import reading, views
from commons import nav
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle.slots import Panel, status_panels
from community.members.models import Member


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    status_panels.plug(_status_panel)
    nav.add(app, "fan", NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 30))
    nav.add(
        app,
        "staff",
        NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 50, Permission.CAMPAIGN_READ, _l("Campaigns")),
    )


def _status_panel(member: Member, at: datetime) -> Panel:
    context = {"seats": reading.seats_of(member), "offers": reading.open_offers(at)}
    return Panel("campaigns/groupbuys/_status.html", context, order=60)
