"""Taking part: facts fulfil missions by themselves, and the lead sees who is in."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaigns.participation import following, reading, views
from campaigns.planning import wording
from campaigns.planning.reading import running
from commons import events, nav
from commons.nav import NavItem
from community.circle.slots import Panel, status_panels
from community.members.models import Member


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    events.readers.plug(following.read)
    status_panels.plug(_status_panel)
    nav.add(app, "fan", NavItem("participation.index", _l("Campaigns"), "target-arrow", 20))


def _status_panel(member: Member, at: datetime) -> Panel:
    campaigns = [(campaign, reading.progress_of(member, campaign.missions)) for campaign in running(at)]
    context = {"campaigns": campaigns, "icons": wording.MISSION_ICONS}
    return Panel("campaigns/participation/_status.html", context, order=40)
