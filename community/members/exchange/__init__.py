"""Lists of members: in from a file with a look at every row first, and out again."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from commons import jobs
    from commons.accounts import slots as accounts
    from commons.admin import audit
    from community.members import slots
    from community.members.exchange import awaiting, leaving, moving, views, wording
    from community.members.exchange.importing import members_in
    from community.members.merging.moving import moving as of_merging

    jobs.sweep("members.import", claim=members_in.claim, run=members_in.write_or_give_up)
    app.register_blueprint(views.bp)
    audit.sentences.plug(wording.acts)
    slots.fact_words.plug(wording.facts)
    slots.known_already.plug(awaiting.taken_over)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    of_merging.plug(moving.rules)
