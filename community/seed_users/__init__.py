"""Seed users: members who bring others in by invitation codes, how far they reach, and who stays."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import sessions
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle import slots as of_circle
from community.members import slots as of_members
from community.notices import slots as of_notices


def init_app(app: Flask) -> None:
    from community.members.merging.moving import moving as of_merging
    from community.seed_users import accepting, jobs, leaving, moving, panels, people_views, staff_views, views, wording

    assert jobs
    assert people_views
    app.register_blueprint(views.bp)
    app.register_blueprint(staff_views.bp)
    sessions.keep_across_sign_in(of_accounts.INVITED_WITH)
    of_accounts.invitation_checks.plug(accepting.check)
    of_accounts.signed_up.plug(accepting.remember)
    of_accounts.became_fan.plug(accepting.welcome)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    of_merging.plug(moving.rules)
    of_circle.status_panels.plug(panels.status)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_notices.sentences.plug(wording.notices)
    of_notices.topics.plug(wording.topics)
    audit.sentences.plug(wording.acts)
    item = NavItem("seed_users.index", _l("Seed users"), "users-plus", 47, Permission.MEMBER_READ, _l("Circle"))
    nav.add(app, "staff", item)
