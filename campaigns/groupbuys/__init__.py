"""Group buys: offers that come about when enough people join in time."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.groupbuys import conditions, moving, panels, reviewing, views, wording
from campaigns.links import slots as of_links
from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle import slots as of_circle
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging
from community.members.segments import slots as of_segments
from community.reviews import slots as of_reviews


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    of_circle.status_panels.plug(panels.status)
    of_circle.feed_asides.plug(panels.beside_the_feed)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(panels.export)
    of_segments.conditions.plug(conditions.conditions)
    home_panels.plug(panels.today)
    of_links.outcomes.plug(panels.seats_by_link)
    of_reviews.orders.plug(reviewing.orders)
    audit.sentences.plug(wording.acts)
    nav.add(app, "fan", NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 30))
    nav.add(
        app,
        "staff",
        NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 50, Permission.CAMPAIGN_READ, _l("Campaigns")),
    )
