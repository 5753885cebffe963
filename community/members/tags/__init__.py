"""Tags: words that staff put on members, one by one or on many at once."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts import slots as accounts
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from community.members.merging.moving import moving as of_merging
    from community.members.segments import slots as segments
    from community.members.slots import fact_words, profile_panels
    from community.members.tags import conditions, jobs, leaving, moving, views, wording

    assert jobs
    app.register_blueprint(views.bp)
    segments.conditions.plug(conditions.conditions)
    audit.sentences.plug(wording.acts)
    accounts.exporting.plug(leaving.export)
    accounts.erasing.plug(leaving.erase)
    of_merging.plug(moving.rules)
    profile_panels.plug(wording.panel)
    fact_words.plug(wording.facts)
    nav.add(app, "staff", NavItem("tags.index", _l("Tags"), "tag", 41, Permission.MEMBER_READ, _l("Circle")))
