"""Group buys: offers that come about when enough people join in time. See docs/group-buys.md."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.groupbuys import (
    board_views,
    conditions,
    market,
    moving,
    ordering,
    panels,
    paying,
    reviewing,
    staff_views,
    stocking,
    tending,
    views,
    wording,
)
from campaigns.insights import slots as of_insights
from campaigns.links import slots as of_links
from campaigns.payments import slots as of_payments
from commons import events, nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle import slots as of_circle
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging
from community.members.segments import slots as of_segments
from community.notices import slots as of_notices
from community.reviews import slots as of_reviews


def init_app(app: Flask) -> None:
    assert staff_views  # their views hang on the same blueprint
    assert board_views
    assert stocking  # jobs register themselves
    assert tending
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
    of_insights.orders.plug(ordering.for_insights)
    of_payments.purposes.plug(paying.SeatPurpose)
    of_payments.reasons.plug(wording.reasons)
    of_payments.offers.plug(paying.offered)
    events.readers.plug(market.follow)
    of_reviews.orders.plug(reviewing.orders)
    of_reviews.buying.plug(reviewing.buying_link)
    of_notices.sentences.plug(wording.notices)
    of_notices.topics.plug(wording.topics)
    audit.sentences.plug(wording.acts)
    nav.add(app, "fan", NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 30))
    nav.add(
        app,
        "staff",
        NavItem("groupbuys.index", _l("Group buys"), "shopping-bag", 50, Permission.CAMPAIGN_READ, _l("Campaigns")),
    )
