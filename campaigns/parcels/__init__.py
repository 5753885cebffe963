"""Parcels: what is to be sent to fans as one table, and the same table back with the parcel numbers. See docs/parcels.md."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.parcels import importing, views, wording
from commons import nav
from commons.admin import audit
from commons.jobs import sweep
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    sweep("parcels.rows", claim=importing.parcels_in.claim, run=importing.parcels_in.write_or_give_up)
    audit.sentences.plug(wording.acts)
    nav.add(
        app,
        "staff",
        NavItem("parcels.index", _l("Parcels"), "package", 53, Permission.PRIZE_SEND, _l("Campaigns")),
    )
