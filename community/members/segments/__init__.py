"""Segments: groups of members by rules over anything that is known of them, kept up to date as facts arrive."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts import slots as accounts
from commons.admin import audit, health
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from community.members.segments import following, jobs, leaving, own, rebuilding, slots, views, wording
    from community.members.slots import profile_panels

    assert jobs
    app.register_blueprint(views.bp)
    slots.conditions.plug(own.own)
    events.readers.plug(following.read)
    audit.sentences.plug(wording.acts)
    health.amiss.plug(rebuilding.complaint)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    profile_panels.plug(wording.panel)
    nav.add(
        app, "staff", NavItem("segments.index", _l("Segments"), "circles", 41, Permission.MEMBER_READ, _l("Circle"))
    )
