"""Members who have no account: invited to one by mail, and erased by staff when they ask for it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from commons.admin import audit
    from community.members import slots
    from community.members.strangers import panels, views, wording

    app.register_blueprint(views.bp)
    audit.sentences.plug(wording.acts)
    slots.fact_words.plug(wording.facts)
    slots.profile_panels.plug(panels.profile)
