"""Tracked links: short addresses that count who came."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.insights import slots as of_insights
from campaigns.links import arriving, changing_views, jobs, moving, open_views, slots, views, wording
from campaigns.links.conversions import customers, importing, sightings
from campaigns.links.conversions import reading as order_reading
from campaigns.links.conversions import views as order_views
from campaigns.links.domains import views as domain_views
from campaigns.links.door import stand_before
from campaigns.links.following import Recorder
from campaigns.links.making import share_address
from campaigns.participation.persons import signs
from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.jobs import sweep
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle.slots import share_link
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging
from community.seed_users import slots as of_seed_users


def init_app(app: Flask) -> None:
    recorder = Recorder(app)
    app.extensions["visits"] = recorder
    if not app.testing:  # tests drain by hand: the thread would commit beside their transaction
        app.before_request(recorder.begin)
    stand_before(app)
    assert open_views
    assert changing_views
    for room in (views, order_views, importing, domain_views):
        app.register_blueprint(room.bp)
    jobs.register()
    sweep("links.orders", claim=importing.orders_in.claim, run=importing.orders_in.write_or_give_up)
    share_link.plug(share_address)
    of_accounts.signed_up.plug(arriving.remember)
    of_accounts.became_fan.plug(arriving.welcome)
    of_accounts.became_fan.plug(customers.welcome)
    signs.sightings.plug(sightings.orders)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(arriving.export)
    of_accounts.erasing.plug(arriving.erase)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    audit.sentences.plug(wording.acts)
    slots.outcomes.plug(arriving.sign_ups)
    of_insights.orders.plug(order_reading.for_insights)
    of_seed_users.brought.plug(arriving.brought)
    nav.add(app, "staff", NavItem("links.index", _l("Links"), "link", 60, Permission.LINK_READ, _l("Campaigns")))
