"""Taking part: facts fulfil missions by themselves, and the lead sees who is in."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.participation import conditions, counts, following, measures, moving, panels, views, wording
from campaigns.planning import slots as of_planning
from commons import events, nav
from commons.accounts import slots as of_accounts
from commons.admin.home import home_panels
from commons.nav import NavItem
from community.circle import slots as of_circle
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging
from community.members.segments import slots as of_segments


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    counts.init_app()
    events.readers.plug(following.read)
    of_circle.status_panels.plug(panels.status)
    of_circle.feed_asides.plug(panels.beside_the_feed)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(panels.export)
    of_segments.conditions.plug(conditions.conditions)
    of_planning.measures.plug(measures.measures)
    home_panels.plug(panels.today)
    nav.add(app, "fan", NavItem("participation.index", _l("Campaigns"), "target-arrow", 20))
