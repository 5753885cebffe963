"""Publishing: one post on its way to one channel account, planned, sent once, accounted for."""

from __future__ import annotations

from flask import Flask

from commons.admin.home import home_panels


def init_app(app: Flask) -> None:
    from campaigns.publishing import jobs, today, wording
    from campaigns.publishing.views import bp

    jobs.register()
    home_panels.plug(today.attention_panel)
    home_panels.plug(today.next_panel)
    wording.init_app(app)
    app.register_blueprint(bp)
