"""Insights: what posts, links and campaigns come to in customers and orders, with the rows and the definition of each number."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.insights import complaints, slots, views, wording
    from campaigns.insights.holdouts import jobs, keeping, leaving, moving
    from campaigns.insights.holdouts import views as holdout_views
    from campaigns.insights.holdouts import wording as holdout_wording
    from campaigns.planning import addressing
    from community.members.merging.moving import moving as of_merging

    assert jobs
    app.register_blueprint(views.bp)
    app.register_blueprint(holdout_views.bp)
    app.jinja_env.filters.update(tenths=wording.tenths, points=wording.points)
    for plug in (complaints.appeals_answered, complaints.reports_settled, complaints.mediations_ended):
        slots.complaints.plug(plug)
    addressing.kept_out.plug(keeping.is_kept_out)
    of_accounts.exporting.plug(leaving.export)
    of_merging.plug(moving.rules)
    audit.sentences.plug(holdout_wording.acts)
    item = NavItem("insights.index", _l("Insights"), "chart-bar", 66, Permission.INSIGHTS_READ, _l("Campaigns"))
    nav.add(app, "staff", item)
