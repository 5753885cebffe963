"""Publishing: one post on its way to one channel account, planned, sent once, accounted for."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin.home import banners, home_panels
from commons.config import Settings
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.publishing import (
        delivery_views,
        finding_views,
        handing,
        hold_views,
        holding,
        jobs,
        preflight,
        scheduling,
        slots,
        today,
        wording,
    )
    from campaigns.publishing.views import bp

    assert delivery_views.__name__  # their views hang on the same blueprint
    assert finding_views.__name__
    assert hold_views.__name__

    settings: Settings = app.extensions["settings"]
    app.config.setdefault("CALL_LEASE_SECONDS", settings.call_lease_seconds)
    jobs.register()
    handing.init()
    slots.may_be_sent.plug(holding.may_be_sent)
    slots.looked_at_singly.plug(jobs.caught)
    scheduling.changed.plug(preflight.plan)
    banners.plug(today.hold_banner)
    for panel in (today.attention_panel, today.held_panel, today.findings_panel, today.next_panel):
        home_panels.plug(panel)
    nav.add(
        app,
        "staff",
        NavItem("publishing.holds", _l("Hold"), "hand-stop", 14, Permission.POST_READ, _l("Content")),
    )
    wording.init_app(app)
    app.register_blueprint(bp)
