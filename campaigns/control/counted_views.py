"""The rows behind the number of a goal, on a page and as a file."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask_login import current_user

from campaigns.control import counted
from campaigns.control.views import PAGE, bp, visible
from campaigns.planning import measures
from campaigns.planning.models import PARTICIPANTS
from campaigns.planning.slots import Measure
from commons import clock
from commons.paging import row_id
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow


@bp.get("/<public_id>/counted/<name>")
@allow(Permission.CAMPAIGN_READ)
def what_counts(public_id: str, name: str) -> str:
    """What was counted for a measure, with what it means."""
    campaign, measure = visible(public_id), _measure(name)
    found = counted.rows(campaign, measure, clock.now(), row_id(request.args.get("before")), PAGE + 1)
    older = found[PAGE - 1].id if len(found) > PAGE else None
    page = "campaigns/control/counted.html"
    names = current_user.can(Permission.MEMBER_READ)
    return render_template(
        page, campaign=campaign, measure=measure, rows=found[:PAGE], older=older, may_see_names=names
    )


@bp.get("/<public_id>/counted/<name>.csv")
@allow(Permission.MEMBER_READ)
def export_counted(public_id: str, name: str) -> Response:
    campaign, measure = visible(public_id), _measure(name)
    rows = list(counted.table(campaign, measure, clock.now()))
    return csv_answer(rows, f"{measure.name}-{campaign.public_id}")


def _measure(name: str) -> Measure:
    """Participants have a page of their own."""
    known = measures.known().get(name)
    return known if known is not None and name != PARTICIPANTS else abort(404)
