"""The content standard, what fans hand in under it, the one queue in which people decide, and featured slots."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import events, nav
from commons.accounts.slots import erasing, exporting
from commons.admin import audit
from commons.admin.home import home_panels
from commons.cli import preparing
from commons.nav import NavItem
from commons.permissions import Permission
from community.circle import slots as of_circle
from community.members import slots as of_members
from community.members.merging.moving import moving as of_merging
from community.notices.slots import sentences


def init_app(app: Flask) -> None:
    from community.circle.interests import slots as of_interests
    from community.reviews import (
        circle_posts,
        desk_views,
        fairness,
        leaving,
        moving,
        panels,
        pictures,
        reading,
        settling,
        slots,
        standard,
        standard_views,
        views,
        words,
    )

    assert settling
    app.jinja_env.globals["buying_link"] = slots.buying_link
    app.register_blueprint(standard_views.bp)
    app.register_blueprint(views.bp)
    app.register_blueprint(desk_views.bp)
    preparing.plug(standard.prepare)
    of_interests.submitting.plug(circle_posts.before_it_stands)
    of_interests.explaining.plug(circle_posts.explained)
    of_interests.ruling.plug(fairness.check_rules)
    of_interests.protecting.plug(circle_posts.is_criticism)
    of_interests.handing_on.plug(circle_posts.hand_on)
    slots.followers.plug(pictures.follow)
    slots.followers.plug(circle_posts.follow)
    events.readers.plug(circle_posts.read)
    of_circle.feed_asides.plug(panels.beside_the_feed)
    of_members.profile_panels.plug(panels.profile)
    of_members.fact_words.plug(words.fact_words)
    of_members.kind_words.plug(words.kind_words)
    home_panels.plug(panels.today)
    audit.sentences.plug(words.audit_words)
    sentences.plug(words.notice_words)
    exporting.plug(leaving.export)
    of_merging.plug(moving.rules)
    erasing.plug(leaving.erase)
    queue = NavItem(
        "reviews.index", _l("Review"), "checklist", 46, Permission.CONTENT_REVIEW, _l("Circle"), count=reading.waiting
    )
    nav.add(app, "staff", queue)
    nav.add(app, "fan", NavItem("shares.index", _l("Shared"), "photo", 20))
