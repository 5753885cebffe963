"""Chains: who brought whom, how far it carried, and what came of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.chains import following, moving, panels, views, wording
from commons import events, nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    events.readers.plug(following.read)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(panels.export)
    audit.sentences.plug(wording.acts)
    nav.add(
        app,
        "staff",
        NavItem("chains.index", _l("Chains"), "sitemap", 65, Permission.MEMBER_READ, _l("Campaigns")),
    )
