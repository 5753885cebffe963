"""Handles and members that turned out to be one person: joined by proof, split later, without losing a fact. See docs/merging.md."""

from __future__ import annotations

from flask import Flask

from commons import events
from commons.accounts import slots as accounts
from commons.admin import audit


def init_app(app: Flask) -> None:
    from community.circle import slots as of_circle
    from community.members import moving, slots
    from community.members.merging import (
        addresses,
        fan_views,
        handle_views,
        jobs,
        leaving,
        likely,
        panels,
        reading,
        views,
        words,
    )
    from community.members.merging.moving import moving as of_merging
    from community.notices import slots as of_notices

    assert jobs
    assert handle_views
    app.register_blueprint(views.bp)
    app.register_blueprint(fan_views.bp)
    app.before_request(addresses.lead_on)
    events.readers.plug(reading.read)
    of_merging.plug(moving.rules)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    audit.sentences.plug(words.audit_words)
    likely.evidence.plug(likely.by_mailbox)
    slots.profile_panels.plug(panels.profile)
    of_circle.status_panels.plug(panels.status)
    slots.fact_words.plug(words.fact_words)
    slots.kind_words.plug(words.kind_words)
    of_notices.sentences.plug(words.notice_words)
    of_notices.topics.plug(words.topics)
