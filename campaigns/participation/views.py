"""A campaign as the lead watches it, and as fans see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as WerkzeugResponse

from campaigns.participation import reading
from campaigns.participation.models import Participant
from campaigns.planning import slots, wording
from campaigns.planning.models import Campaign
from campaigns.planning.reading import listed
from commons import clock
from commons.paging import row_id
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404, public

bp = Blueprint("participation", __name__, url_prefix="/participation")

PAGE = 50
STEPS = {"started": Participant.started_at, "finished": Participant.finished_at}


@bp.get("")
@public
def index() -> str:
    """Campaigns for fans: running ones and past ones."""
    now = clock.now()
    campaigns = [(campaign, wording.state_of(campaign, now)) for campaign in listed(current_user, now)]
    return render_template("campaigns/participation/index.html", campaigns=campaigns, kinds=wording.KIND_WORDS)


@bp.get("/<public_id>")
@public
def show(public_id: str) -> str:
    """A campaign as a fan sees it: its page, which another room brings."""
    campaign, now = _visible(public_id), clock.now()
    page = next(plug(campaign, now) for plug in slots.fan_pages)
    return render_template("campaigns/participation/show.html", campaign=campaign, page=page)


@bp.get("/<public_id>/board")
@allow(Permission.CAMPAIGN_READ)
def board(public_id: str) -> WerkzeugResponse:
    """Where the control room stood before; old addresses lead there."""
    return redirect(url_for("control.show", public_id=public_id), 308)


@bp.get("/<public_id>/participants")
@allow(Permission.CAMPAIGN_READ)
def participants(public_id: str) -> str:
    campaign = _visible(public_id)
    fits = _fitting()
    rows = reading.participant_rows(campaign, row_id(request.args.get("after")) or 0, PAGE + 1, *fits)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    page = "campaigns/participation/participants.html"
    asked = {name: request.args[name] for name in ("step", "since", "until") if name in request.args}
    return render_template(page, campaign=campaign, rows=rows[:PAGE], more=more, asked=asked)


@bp.get("/<public_id>/participants.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _visible(public_id)
    return csv_answer(_table(campaign), f"participants-{campaign.public_id}")


def _visible(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _fitting() -> list[ColumnElement[bool]]:
    """Who has come as far as the address asks (`step`), of those who came within the moments that it names."""
    fits: list[ColumnElement[bool]] = []
    if request.args.get("step") in STEPS:
        fits.append(STEPS[request.args["step"]].is_not(None))
    since, until = (_moment(request.args.get(name, "")) for name in ("since", "until"))
    fits += [Participant.joined_at >= since] if since else []
    return fits + ([Participant.joined_at < until] if until else [])


def _moment(text: str) -> datetime | None:
    """A moment with its zone, as ISO writes it; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _table(campaign: Campaign) -> Iterator[Sequence[object]]:
    """All participants, the heading first; times in UTC."""
    yield "member", "name", "joined_at", "facts", "missions_fulfilled"
    after = 0
    while rows := reading.participant_rows(campaign, after, 500):
        for one in rows:
            yield one.member.public_id, one.member.name, one.joined_at.isoformat(), one.facts, one.fulfilled
        after = rows[-1].id
