"""Profiles that everybody may see: what a fan chooses to show, and nothing else."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts.slots import erasing, exporting
from commons.admin import audit
from commons.nav import NavItem
from commons.permissions import Permission
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.circle.people import desk_views, leaving, moving, views, wording
    from community.members.merging.moving import moving as of_merging

    of_merging.plug(moving.rules)
    app.register_blueprint(views.bp)
    app.register_blueprint(desk_views.bp)
    exporting.plug(leaving.export)
    erasing.plug(leaving.erase)
    sentences.plug(wording.notices)
    audit.sentences.plug(wording.audit_words)
    item = NavItem(
        "people_desk.index", _l("Reported profiles"), "id-badge-2", 47, Permission.CONTENT_REVIEW, _l("Circle"),
        count=desk_views.waiting,
    )  # fmt: skip
    nav.add(app, "staff", item)
