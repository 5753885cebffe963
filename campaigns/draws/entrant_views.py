"""Who stands on the list of a draw, and who is kept off it, for those who run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.draws import excluding, reading, wording
from campaigns.draws.forms import ExclusionForm
from campaigns.draws.models import Draw, Reason
from campaigns.draws.staff_views import do
from campaigns.draws.views import bp
from commons import clock
from commons.paging import row_id
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from community.members.models import Member

PAGE = 50


@bp.get("/<public_id>/entrants")
@allow(Permission.CAMPAIGN_READ)
def entrants(public_id: str) -> str:
    draw = _visible(public_id)
    rows = reading.entrant_rows(draw, row_id(request.args.get("after")) or 0, PAGE + 1)
    return render_template(
        "campaigns/draws/entrants.html",
        draw=draw,
        rows=rows[:PAGE],
        more=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        form=ExclusionForm(formdata=None),
        open=draw.frozen_at is None and draw.missed_at is None and clock.now() < draw.closes_at,
        reasons=wording.REASONS,
    )


@bp.get("/<public_id>/entrants.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    draw = _visible(public_id)
    return csv_answer(_table(draw), f"entrants-{draw.public_id}")


@bp.post("/<public_id>/exclude")
@allow(Permission.DRAW_WRITE)
def exclude(public_id: str) -> Response:
    form = ExclusionForm()
    back = url_for("draws.entrants", public_id=public_id)
    if not form.validate_on_submit():
        flash(_("Choose a fan and a reason."), "bad")
        return go(back)
    member, reason = _member(form.member.data or ""), Reason(form.reason.data)
    said = _("%(fan)s is kept off the list.", fan=member.name)
    return do(
        public_id, lambda draw: excluding.exclude(draw, member, reason, by=current_user, at=clock.now()), said, back
    )


@bp.post("/<public_id>/readmit")
@allow(Permission.DRAW_WRITE)
def readmit(public_id: str) -> Response:
    member = _member(request.form.get("member", ""))
    said = _("%(fan)s is back on the list.", fan=member.name)
    back = url_for("draws.entrants", public_id=public_id)
    return do(public_id, lambda draw: excluding.readmit(draw, member, by=current_user, at=clock.now()), said, back)


def _table(draw: Draw) -> Iterator[Sequence[object]]:
    """Everybody who takes part, the heading first; times in UTC."""
    yield "fan", "name", "joined_at", "entry", "excluded"
    after = 0
    while rows := reading.entrant_rows(draw, after, 500):
        for participant, exclusion, entry in rows:
            reason = entry.reason if entry else exclusion.reason if exclusion else None
            member = participant.member
            yield (
                member.public_id,
                member.name,
                participant.joined_at.isoformat(),
                entry.entry if entry else "",
                reason or "",
            )
        after = rows[-1][0].id


def _visible(public_id: str) -> Draw:
    return one_or_404(Draw.visible_to(current_user), public_id)


def _member(public_id: str) -> Member:
    return one_or_404(Member.visible_to(current_user), public_id)
