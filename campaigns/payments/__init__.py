"""Payments: what is asked of fans, what comes in and what goes back, behind one protocol. See docs/payments.md."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.participation.persons import signs
from campaigns.payments import (
    case_views,
    desk_views,
    jobs,
    leaving,
    moving,
    panels,
    payers,
    sending,
    slots,
    terms_views,
    views,
    wording,
)
from campaigns.payments.books import reconciling
from campaigns.payments.books import views as book_views
from campaigns.payments.calls import views as call_views
from campaigns.payments.manual import Manual
from campaigns.payments.sandbox import jobs as of_sandbox
from campaigns.payments.sandbox.provider import Sandbox
from campaigns.payments.shop import Shop
from campaigns.payments.tables import importing
from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit, health
from commons.admin.home import home_panels
from commons.jobs import sweep
from commons.nav import NavItem
from commons.permissions import Permission
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging


def init_app(app: Flask) -> None:
    assert sending  # jobs register themselves
    assert of_sandbox
    for room in (views, desk_views, case_views, terms_views, call_views, importing, book_views):
        app.register_blueprint(room.bp)
    jobs.register()
    sweep("payments.orders", claim=importing.paid_orders.claim, run=importing.paid_orders.write_or_give_up)
    for provider in (Shop, Manual, Sandbox):
        slots.providers.plug(provider)
    signs.sightings.plug(payers.sightings)
    of_merging.plug(moving.rules)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    home_panels.plug(panels.today)
    audit.sentences.plug(wording.acts)
    health.amiss.plug(reconciling.complaint)
    group, count = _l("Campaigns"), panels.waiting
    item = NavItem("payment_desk.index", _l("Payments"), "credit-card", 51, Permission.PAYMENT_READ, group, count)
    nav.add(app, "staff", item)
    mine = NavItem("payments.index", _l("Your payments"), "credit-card", 45, Permission.TAKE_PART)
    nav.add(app, "fan_menu", mine)
