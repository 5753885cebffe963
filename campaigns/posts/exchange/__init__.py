"""Tables of posts: in from a file with a look at every row first, and out again."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l


def init_app(app: Flask) -> None:
    from campaigns.posts.exchange.importing import posts_in
    from campaigns.posts.exchange.views import bp
    from commons import jobs
    from commons.admin.audit import sentences

    jobs.sweep("posts.import", claim=posts_in.claim, run=posts_in.write_or_give_up)
    sentences.plug(acts)
    app.register_blueprint(bp)


def acts() -> dict[str, Any]:
    return {"posts.imported": _l("imported %(count)s rows from “%(name)s”")}
