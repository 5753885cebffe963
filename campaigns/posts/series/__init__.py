"""Series: posts that come again by a rule, made some weeks ahead."""

from __future__ import annotations

from flask import Flask

from commons.admin.home import home_panels


def init_app(app: Flask) -> None:
    from campaigns.posts.series import jobs, today, wording
    from campaigns.posts.series.views import bp

    assert jobs  # importing it registers them
    wording.init_app(app)
    home_panels.plug(today.blocked_panel)
    app.register_blueprint(bp)
