"""Circles by interest: their own feeds, hosts who keep order, the brand's small talk, and peace between two sides."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts.slots import erasing, exporting
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.members.merging.facts import of_handles
from community.members.merging.moving import moving as of_merging
from community.members.slots import fact_words, kind_words
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.circle.boards.slots import groups
    from community.circle.interests import (
        comparing,
        leaving,
        mediation_views,
        moving,
        panels,
        post_views,
        posting,
        staff_views,
        tending_views,
        views,
        wording,
    )
    from community.circle.slots import feed_asides, status_panels

    assert post_views
    assert tending_views
    assert mediation_views
    app.register_blueprint(views.bp)
    app.register_blueprint(staff_views.bp)
    fact_words.plug(wording.fact_words)
    kind_words.plug(wording.kind_words)
    audit.sentences.plug(wording.audit_words)
    sentences.plug(wording.notices)
    of_merging.plug(moving.rules)
    of_handles.plug(posting.facts_of)
    exporting.plug(leaving.export)
    erasing.plug(leaving.erase)
    groups.plug(comparing.groups)
    feed_asides.plug(panels.beside_the_feed)
    status_panels.plug(panels.on_the_status_page)
    item = NavItem(
        "interest_setup.index", _l("Interest circles"), "users-group", 46, Permission.CIRCLE_MANAGE, _l("Circle"),
        count=staff_views.waiting,
    )  # fmt: skip
    nav.add(app, "staff", item)
