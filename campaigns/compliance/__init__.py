"""Compliance: what the law and the networks ask of a campaign, looked at before it is launched."""

from __future__ import annotations

from flask import Flask

from campaigns.compliance import checking, panels, views, wording
from campaigns.planning import slots as of_planning
from commons.admin import audit


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    of_planning.before_launch.plug(checking.before_launch)
    of_planning.plan_panels.plug(panels.on_the_plan)
    of_planning.page_panels.plug(panels.disclosed)
    audit.sentences.plug(wording.acts)
