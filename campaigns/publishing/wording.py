"""Words of this room: for templates, and for the audit log."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.publishing.timeline import lateness_words, reason_of
from commons.admin.audit import sentences


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(reason=reason_of, lateness=lateness_words)
    sentences.plug(acts)


def acts() -> dict[str, Any]:
    """What staff did to posts."""
    return {
        "post.begun": _l("began a post"),
        "post.discarded": _l("discarded the post “%(text)s”"),
        "post.restored": _l("took the post “%(text)s” back"),
        "post.scheduled": _l("scheduled “%(text)s” for %(wall_clock)s, %(zone)s"),
        "post.moved": _l("moved “%(text)s” to %(wall_clock)s, %(zone)s"),
        "post.cancelled": _l("cancelled “%(text)s”"),
        "post.taken_back": _l("made “%(text)s” a draft again"),
    }
