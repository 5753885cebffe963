"""Posts: what the brand writes, as drafts, a list and a calendar."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin.audit import sentences
from commons.nav import NavItem
from commons.permissions import Permission

GROUP = _l("Content")


def init_app(app: Flask) -> None:
    from campaigns.planning import slots as of_planning
    from campaigns.posts import (
        exchange,
        feeds,
        library,
        list_views,
        of_campaign,
        planner,
        series,
        snippet_views,
        tool_views,
        version_views,
        views,
        wording,
    )

    # Their views hang on the same blueprint.
    assert all((list_views, snippet_views, tool_views, version_views))
    planner.init_app(app)
    app.register_blueprint(views.bp)
    sentences.plug(wording.acts)
    of_planning.plan_panels.plug(of_campaign.panel)
    for room in (series, exchange, feeds, library):
        room.init_app(app)
    nav.add(
        app,
        "staff",
        NavItem("posts.index", _l("Posts"), "message-plus", 10, Permission.POST_READ, GROUP),
        NavItem("posts.month", _l("Calendar"), "calendar-month", 11, Permission.POST_READ, GROUP),
    )
