"""Approval: who has to agree before a post goes out, and to exactly what they did."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin.audit import sentences
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.approval import (
        agreements,
        asking,
        binding,
        jobs,
        panels,
        reading,
        route_views,
        views,
        voiding,
        wording,
    )
    from campaigns.approval.review_views import bp as review
    from campaigns.publishing import scheduling, slots

    assert route_views.__name__  # its views hang on the same blueprint
    assert jobs.__name__
    scheduling.may_go_out.plug(asking.may_go_out)
    scheduling.changed.plug(voiding.follow)
    slots.may_be_sent.plug(binding.may_be_sent)
    slots.looked_at_singly.plug(binding.bound_among)
    slots.agreed_to.plug(binding.holds)
    slots.agreements.plug(agreements.of_delivery)
    sentences.plug(wording.acts)
    home_panels.plug(panels.waiting_panel)
    panels.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(review)
    item = NavItem(
        "approval.index",
        _l("Approval"),
        "eye-check",
        12,
        Permission.POST_READ,
        _l("Content"),
        count=reading.count_for,
    )
    nav.add(app, "staff", item)
