"""Profiles: what members tell about themselves, each answer with its source and consent, and the guardians of the young."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.members import slots as of_members


def init_app(app: Flask) -> None:
    from commons.accounts.identities import providers as of_identities
    from community.circle import slots as of_circle
    from community.members.merging.moving import moving as of_merging
    from community.members.profiles import (
        conditions,
        following,
        guardian_views,
        jobs,
        leaving,
        moving,
        offer_views,
        offering,
        panels,
        staff_views,
        views,
        wording,
    )
    from community.members.segments import slots as of_segments
    from community.notices import slots as of_notices

    assert jobs
    assert offer_views
    of_segments.conditions.plug(conditions.conditions)
    for blueprint in (views.bp, staff_views.bp, guardian_views.bp):
        app.register_blueprint(blueprint)
    events.readers.plug(following.read)
    of_identities.identified.plug(offering.note)
    of_circle.status_panels.plug(panels.status)
    audit.sentences.plug(wording.acts)
    of_members.fact_words.plug(wording.facts)
    of_members.profile_panels.plug(panels.profile)
    of_notices.sentences.plug(wording.notices)
    of_notices.topics.plug(wording.topics)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    nav.add(app, "fan_menu", NavItem("profiles.index", _l("My profile"), "user-circle", 10, Permission.TAKE_PART))
