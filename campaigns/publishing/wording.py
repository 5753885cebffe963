"""Words of this room: for templates, and for the audit log."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.publishing.finding_words import fix, sentence
from campaigns.publishing.findings import open_of
from campaigns.publishing.timeline import lateness_words, reason_of
from campaigns.publishing.trying_words import kind_words, try_words
from commons.admin.audit import sentences


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        reason=reason_of,
        lateness=lateness_words,
        try_words=try_words,
        kind_words=kind_words,
        findings=open_of,
        finding_words=sentence,
        finding_fix=fix,
    )
    sentences.plug(acts)


def acts() -> dict[str, Any]:
    """What staff did to posts."""
    return {
        "post.begun": _l("began a post"),
        "post.discarded": _l("discarded the post “%(text)s”"),
        "post.restored": _l("took the post “%(text)s” back"),
        "post.scheduled": _l("scheduled “%(text)s” for %(wall_clock)s, %(zone)s"),
        "post.submitted": _l("sent “%(text)s” for approval"),
        "post.moved": _l("moved “%(text)s” to %(wall_clock)s, %(zone)s"),
        "post.cancelled": _l("cancelled “%(text)s”"),
        "post.taken_back": _l("made “%(text)s” a draft again"),
        "post.let_through": _l("sent “%(text)s” although everything else is held"),
        "post.said_live": _l("said that “%(text)s” is out on %(account)s: %(url)s"),
        "post.said_not_there": _l("said that “%(text)s” is not on %(account)s, and had it sent again"),
        "post.check_again": _l("had “%(text)s” looked for on %(account)s once more"),
        "post.rest_sent": _l("had the rest of “%(text)s” sent to %(account)s"),
        "post.left_so": _l("left “%(text)s” as it stands on %(account)s"),
        "hold.began.everything": _l("held everything: %(reason)s"),
        "hold.began.account": _l("held the channel %(what)s: %(reason)s"),
        "hold.began.campaign": _l("held the campaign %(what)s: %(reason)s"),
        "hold.released.everything": _l("let everything go on"),
        "hold.released.account": _l("let the channel %(what)s go on"),
        "hold.released.campaign": _l("let the campaign %(what)s go on"),
    }
