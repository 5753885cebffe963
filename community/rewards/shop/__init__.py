"""The points shop: what fans get for their points, and how it comes to them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle import slots as of_circle
from community.loyalty import slots as of_loyalty
from community.members import slots as of_members
from community.notices import slots as of_notices


def init_app(app: Flask) -> None:
    from community.rewards.shop import handing_views, jobs, leaving, panels, reading, staff_views, views, wording

    assert jobs
    assert handing_views
    app.register_blueprint(views.bp)
    app.register_blueprint(staff_views.bp)
    of_circle.status_panels.plug(panels.status)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_loyalty.moving_kinds.plug(wording.moving)
    of_notices.sentences.plug(wording.notices)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    audit.sentences.plug(wording.acts)
    item = NavItem("rewards.index", _l("Points shop"), "gift", 44, Permission.LOYALTY_READ, _l("Circle"), reading.to_do)
    nav.add(app, "staff", item)
