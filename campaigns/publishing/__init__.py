"""Publishing: one post on its way to one channel account, planned, sent once, accounted for."""

from __future__ import annotations

from flask import Flask

from commons.admin.home import home_panels
from commons.config import Settings


def init_app(app: Flask) -> None:
    from campaigns.publishing import findings, handing, holding, jobs, slots, today, wording
    from campaigns.publishing.views import bp

    settings: Settings = app.extensions["settings"]
    app.config.setdefault("CALL_LEASE_SECONDS", settings.call_lease_seconds)
    jobs.register()
    handing.init()
    slots.may_be_sent.plug(holding.may_be_sent)
    slots.looked_at_singly.plug(jobs.caught)
    home_panels.plug(today.attention_panel)
    home_panels.plug(today.next_panel)
    assert findings.Finding
    wording.init_app(app)
    app.register_blueprint(bp)
