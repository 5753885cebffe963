"""Handles on networks, joined to fans by proof: by signing in there, or by a code posted there."""

from __future__ import annotations

from flask import Flask

from commons.accounts import slots as accounts
from community.circle.slots import status_panels
from community.members.merging import likely
from community.members.slots import profile_panels
from community.notices import slots as notices


def init_app(app: Flask) -> None:
    from commons.accounts.identities import providers
    from community.handles import codes, following, leaving, looking_views, moving, reading, views, wording
    from community.handles.providers import offered
    from community.inbox.slots import arrived
    from community.members.merging.moving import moving as of_merging

    assert looking_views
    app.register_blueprint(views.bp)
    providers.offered.plug(offered)
    providers.identified.plug(following.follow)
    arrived.plug(codes.look)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    of_merging.plug(moving.rules)
    likely.evidence.plug(reading.likely)
    notices.sentences.plug(wording.notices)
    notices.topics.plug(wording.topics)
    profile_panels.plug(views.panel)
    status_panels.plug(views.status_panel)
