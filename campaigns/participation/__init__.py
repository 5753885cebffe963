"""Taking part: facts fulfil missions by themselves, and the lead sees who is in."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts import slots as of_accounts
from commons.admin import audit
from commons.admin.home import home_panels
from commons.nav import NavItem
from community.circle import slots as of_circle
from community.inbox import slots as of_inbox
from community.members import slots as of_members
from community.members.merging import facts as of_handles
from community.members.merging.moving import moving as of_merging
from community.members.segments import slots as of_segments
from community.notices import slots as of_notices
from community.reviews import slots as of_reviews


def init_app(app: Flask) -> None:
    from campaigns.control import slots as of_control
    from campaigns.pages import slots as of_pages
    from campaigns.participation import (
        attention,
        conditions,
        counts,
        following,
        inviting,
        leaving,
        measures,
        mission_views,
        moving,
        own_kinds,
        panels,
        tools,
        uses,
        views,
        wording,
    )
    from campaigns.participation.answering import views as answering_views
    from campaigns.participation.eligibility import views as eligibility_views
    from campaigns.participation.eligibility import writing as eligibility_writing
    from campaigns.participation.entries import handing_in
    from campaigns.participation.entries import views as entry_views
    from campaigns.participation.exclusions import views as exclusion_views
    from campaigns.participation.persons import jobs, sightings, signs
    from campaigns.participation.persons import views as person_views
    from campaigns.participation.scanning import views as scanning_views
    from campaigns.participation.sharing import seeing
    from campaigns.participation.sharing import views as sharing_views
    from campaigns.planning import slots as of_planning
    from campaigns.planning.missions import kinds

    assert jobs
    pages = (
        views, mission_views, answering_views, scanning_views, sharing_views, entry_views, eligibility_views,
        exclusion_views, person_views,
    )  # fmt: skip
    for page in pages:
        app.register_blueprint(page.bp)
    counts.init_app()
    kinds.declared.plug(own_kinds.declared)
    for reader in (following.read, inviting.read):
        events.readers.plug(reader)
    for sign in (sightings.mailboxes, sightings.handles, sightings.invitations, sightings.rings):
        signs.sightings.plug(sign)
    of_planning.mission_uses.plug(uses.is_used)
    of_planning.board_panels.plug(tools.on_board)
    of_planning.page_panels.plug(panels.rules_on_page)
    of_planning.plan_panels.plug(tools.on_board)
    of_planning.before_launch.plug(eligibility_writing.findings)
    of_pages.galleries.plug(panels.gallery_on_page)
    of_control.alerts.plug(attention.alerts)
    of_control.waits.plug(attention.waits)
    of_control.troubles.plug(attention.troubles)
    of_inbox.arrived.plug(seeing.look)
    of_handles.joined.plug(seeing.of_handle)
    of_reviews.followers.plug(handing_in.follow)
    of_circle.status_panels.plug(panels.status)
    of_circle.feed_asides.plug(panels.beside_the_feed)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(wording.facts)
    of_members.kind_words.plug(wording.kinds)
    of_notices.sentences.plug(wording.notices)
    of_notices.topics.plug(wording.topics)
    of_merging.plug(moving.rules)
    of_accounts.exporting.plug(leaving.export)
    of_accounts.erasing.plug(leaving.erase)
    of_segments.conditions.plug(conditions.conditions)
    of_planning.measures.plug(measures.measures)
    audit.sentences.plug(wording.acts)
    home_panels.plug(panels.today)
    nav.add(app, "fan", NavItem("participation.index", _l("Campaigns"), "target-arrow", 20))
