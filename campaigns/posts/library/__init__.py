"""The media library: every picture and video of the brand, where each is used, and how it gets into a post."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from campaigns.posts.library import picking_views, usage, views, wording
    from commons.media.usage import needed_besides

    assert picking_views  # its views hang on the same blueprint
    needed_besides.plug(usage.needed_by_series)
    wording.init_app(app)
    app.register_blueprint(views.bp)
