"""Badges: declared as rules on facts, granted and revoked by themselves, shown in a fan's cabinet with what is still missing."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts.slots import exporting
from commons.admin import audit
from commons.cli import preparing
from commons.nav import NavItem
from commons.permissions import Permission
from community.members.slots import fact_words, kind_words
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.loyalty.badges import defaults, fan_views, granting, jobs, leaving, views, words

    assert jobs
    app.register_blueprint(views.bp)
    app.register_blueprint(fan_views.bp)
    preparing.plug(defaults.prepare)
    events.readers.plug(granting.read)
    fact_words.plug(words.fact_words)
    kind_words.plug(words.kind_words)
    audit.sentences.plug(words.audit_words)
    sentences.plug(words.notice_words)
    exporting.plug(leaving.export)
    nav.add(
        app, "staff", NavItem("badges.index", _l("Badges"), "rosette", 44, Permission.LOYALTY_READ, _l("Circle"))
    )  # fmt: skip
