"""Planning campaigns: kind, goals, phases, tasks, budget and risks; launching a draft, and what it then does by itself."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin import audit
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.planning import jobs, launch_views, launching, measures, panels, plan_views, slots, views, wording
    from campaigns.planning.missions import views as mission_views

    assert jobs
    assert launch_views  # their views hang on the same blueprint
    assert plan_views
    app.register_blueprint(views.bp)
    app.register_blueprint(mission_views.bp)
    slots.measures.plug(measures.own)
    slots.before_launch.plug(launching.own_findings)
    home_panels.plug(panels.today)
    audit.sentences.plug(wording.acts)
    group = _l("Campaigns")
    nav.add(
        app, "staff", NavItem("planning.index", _l("Campaigns"), "target-arrow", 40, Permission.CAMPAIGN_READ, group)
    )
