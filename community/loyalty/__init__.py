"""The ledger, the rules that feed it from facts, the levels it carries, and why."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts.slots import exporting
from commons.admin import audit, health
from commons.cli import preparing
from commons.nav import NavItem
from commons.permissions import Permission
from community.members.merging.moving import moving as of_merging
from community.members.slots import fact_words, kind_words, profile_panels
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.loyalty import (
        badges,
        fan_views,
        jobs,
        leaving,
        moving,
        pending,
        profile,
        ranking,
        segmenting,
        views,
        watching,
        words,
    )
    from community.loyalty.books import reconciling
    from community.loyalty.books import views as ledger_views
    from community.loyalty.levels import fan_views as level_fan_views
    from community.loyalty.levels import list_views as level_list_views
    from community.loyalty.levels import views as level_views
    from community.loyalty.levels import words as level_words
    from community.loyalty.rules import defaults, earning  # fmt: skip
    from community.loyalty.rules import views as rule_views

    assert jobs
    assert level_list_views
    app.register_blueprint(views.bp)
    app.register_blueprint(fan_views.bp)
    app.register_blueprint(ledger_views.bp)
    app.register_blueprint(rule_views.bp)
    app.register_blueprint(level_views.bp)
    app.register_blueprint(level_fan_views.bp)
    preparing.plug(defaults.prepare)
    events.readers.plug(earning.read)
    events.readers.plug(pending.read)
    fact_words.plug(words.fact_words)
    kind_words.plug(words.kind_words)
    profile_panels.plug(profile.panel)
    audit.sentences.plug(words.audit_words)
    sentences.plug(level_words.notice_words)
    health.amiss.plug(reconciling.complaint)
    exporting.plug(leaving.export)
    of_merging.plug(moving.rules)
    ranking.init_app()
    segmenting.init_app()
    watching.init_app(app)
    badges.init_app(app)
    nav.add(app, "staff", NavItem("loyalty.index", _l("Loyalty"), "medal", 42, Permission.LOYALTY_READ, _l("Circle")))
