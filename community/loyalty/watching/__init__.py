"""Rings, bursts, machine-like rhythms and echoes: found by pure signs, held, and decided by a person with a reason."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.accounts.slots import erasing
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from community.loyalty.watching import appealing, fan_views, jobs, showing, telling, views
    from community.notices.slots import sentences

    assert jobs
    app.register_blueprint(views.bp)
    app.register_blueprint(fan_views.bp)
    erasing.plug(appealing.erase)
    sentences.plug(telling.sentences)
    item = NavItem(
        "suspicions.index", _l("Held for a person"), "eye-search", 43, Permission.LOYALTY_READ, _l("Circle"),
        count=showing.waiting,
    )  # fmt: skip
    nav.add(app, "staff", item)
