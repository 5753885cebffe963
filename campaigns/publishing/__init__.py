"""Publishing: one post on its way to one channel account, planned, sent once, accounted for."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.publishing import jobs, wording
    from campaigns.publishing.views import bp

    jobs.register()
    wording.init_app(app)
    app.register_blueprint(bp)
