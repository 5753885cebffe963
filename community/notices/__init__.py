"""What members are told, and where: on their pages, by mail, by push, as each of them wishes."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as accounts
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from community.members.merging.moving import moving as of_merging
    from community.members.profiles import slots as of_profiles
    from community.notices import consenting, jobs, leaving, moving, push, push_views, views

    assert jobs
    assert push_views
    push.init_app()
    app.register_blueprint(views.bp)
    of_merging.plug(moving.rules)
    of_profiles.given.plug(consenting.follow_given)
    of_profiles.withdrawn.plug(consenting.follow_withdrawn)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    item = NavItem("notices.index", _l("Notices"), "bell", 10, Permission.TAKE_PART, count=views.waiting)
    nav.add(app, "fan_top", item)
