"""Channels: where posts of the brand stand, one protocol for all of them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin.audit import sentences
from commons.admin.home import home_panels
from commons.cli import preparing
from commons.nav import NavItem
from commons.permissions import Permission
from community.channels import accounts, acts, protocol
from community.channels.bluesky import Bluesky
from community.channels.circle import Circle
from community.channels.handoff import Handoff
from community.channels.mastodon import Mastodon
from community.channels.webhook import Webhook
from community.channels.weibo import Weibo


def init_app(app: Flask) -> None:
    from community.channels import connecting_views, handover_views, listing, tidying, views

    for channel in (Circle(), Mastodon(), Bluesky(), Weibo(), Webhook(), Handoff()):
        protocol.register(channel)
    assert connecting_views
    assert tidying
    home_panels.plug(handover_views.panel)
    home_panels.plug(listing.trouble_panel)
    sentences.plug(acts.acts)
    preparing.plug(accounts.prepare)
    app.register_blueprint(views.bp)
    nav.add(app, "staff", NavItem("channels.index", _l("Channels"), "plug", 18, Permission.POST_READ, _l("Content")))
