"""The real-time lane: from a hot topic to a post that is live, against a stopwatch."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.admin.audit import sentences
from commons.admin.home import home_panels
from commons.nav import NavItem
from commons.permissions import Permission


def init_app(app: Flask) -> None:
    from campaigns.lane import reading, wording
    from campaigns.lane.views import bp

    sentences.plug(wording.acts)
    home_panels.plug(reading.running_panel)
    app.jinja_env.filters.update(stopwatch=wording.stopwatch_words, leg_word=wording.leg_word)
    app.register_blueprint(bp)
    nav.add(app, "staff", NavItem("lane.index", _l("Real-time lane"), "bolt", 13, Permission.POST_READ, _l("Content")))
