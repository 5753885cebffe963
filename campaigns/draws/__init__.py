"""Draws that a fan can check: rules that stand, a frozen list with its root, public chance, an order that anybody recomputes."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.draws import (
        entrant_views,
        jobs,
        leaving,
        moving,
        panels,
        prize_views,
        reading,
        sightings,
        views,
        wording,
    )
    from campaigns.participation.persons import signs
    from campaigns.planning import slots as of_planning
    from community.circle import slots as of_circle
    from community.members import slots as of_members
    from community.members.merging.moving import moving as of_merging
    from community.notices import slots as of_notices

    assert jobs
    assert entrant_views  # their views hang on the same blueprint
    assert prize_views
    app.register_blueprint(views.bp)
    of_circle.status_panels.plug(panels.status)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    signs.sightings.plug(sightings.parcels)
    of_merging.plug(moving.rules)
    of_notices.sentences.plug(wording.notices)
    of_notices.topics.plug(wording.topics)
    of_planning.page_panels.plug(panels.of_campaign)
    of_planning.board_panels.plug(panels.on_board)
    of_planning.before_launch.plug(panels.before_launch)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    home_panels.plug(panels.today)
    audit.sentences.plug(wording.acts)
    group, count = _l("Campaigns"), reading.waiting_for
    nav.add(app, "staff", NavItem("draws.index", _l("Draws"), "ticket", 52, Permission.CAMPAIGN_READ, group, count))
