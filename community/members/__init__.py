"""Members of the circle: enrolment, handles, profile and timeline."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as accounts
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from community.members import exchange, leaving, merging, profiles, roster, segments, strangers, tags, views

    # First, for it is asked last: it cuts the tie by which the others find the member.
    accounts.erasing.plug(leaving.erase)
    merging.init_app(app)
    segments.init_app(app)
    profiles.init_app(app)
    tags.init_app(app)
    exchange.init_app(app)
    strangers.init_app(app)
    app.register_blueprint(views.bp)
    accounts.became_fan.plug(roster.enrol)
    accounts.renaming.plug(roster.follow_name)
    accounts.exporting.plug(leaving.export)
    nav.add(app, "staff", NavItem("members.index", _l("Members"), "users", 40, Permission.MEMBER_READ, _l("Circle")))
