"""The control room: a campaign as its lead watches it while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user

from campaigns.control import acts, alerts, brought, curves, exporting, filters, goals, leading, numbers
from campaigns.control import slots as of_control
from campaigns.control.curves import By
from campaigns.control.filters import Filter
from campaigns.groupbuys.reading import of_campaign
from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.reading import Totals
from campaigns.participation.reading import standing_by
from campaigns.planning import slots, wording
from campaigns.planning.missions import kinds
from campaigns.planning.models import Campaign
from commons import clock
from commons.paging import row_id
from commons.panels import in_order
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404, region

bp = Blueprint("control", __name__, url_prefix="/control")

PAGE = 50


@dataclass(frozen=True)
class Look:
    """A look at a campaign: what is chosen, the numbers of all of it, and those of what is chosen."""

    campaign: Campaign
    chosen: Filter
    at: datetime
    totals: Totals
    shown: Totals

    @property
    def context(self) -> dict[str, Any]:
        state = wording.state_of(self.campaign, self.at)
        return {"campaign": self.campaign, "chosen": self.chosen, "state": state}


@bp.get("/<public_id>")
@allow(Permission.CAMPAIGN_READ)
def show(public_id: str) -> str:
    look = _look(public_id)
    campaign = look.campaign
    by = next((one for one in By if one.value == request.args.get("by")), By.HOUR)
    parts = {**_live(look), **_aside(look), **_top(look)}
    return render_template(
        "campaigns/control/show.html",
        kind=wording.KIND_WORDS[campaign.kind],
        phases=filters.phases(campaign),
        by=by,
        tabs=[_tab(look, one, by) for one in By],
        posts=brought.posts(campaign, look.totals),
        links=brought.links(campaign, look.totals),
        offers=of_campaign(campaign.id),
        panels=in_order(panel(campaign, look.at) for panel in slots.board_panels),
        **parts,
    )


@bp.get("/<public_id>/live")
@allow(Permission.CAMPAIGN_READ)
def live(public_id: str) -> Response:
    """The numbers, the missions and the newest acts: asked for again within two seconds."""
    return region("campaigns/control/_live.html", **_live(_look(public_id)))


@bp.get("/<public_id>/aside")
@allow(Permission.CAMPAIGN_READ)
def aside(public_id: str) -> Response:
    """What wants a decision, the goals and the funnel."""
    return region("campaigns/control/_aside.html", **_aside(_look(public_id)))


@bp.get("/<public_id>/top")
@allow(Permission.CAMPAIGN_READ)
def top(public_id: str) -> Response:
    return region("campaigns/control/_top.html", **_top(_look(public_id)))


@bp.get("/<public_id>/curve.json")
@allow(Permission.CAMPAIGN_READ)
def curve(public_id: str) -> dict[str, Any]:
    campaign = visible(public_id)
    by = next((one for one in By if one.value == request.args.get("by")), By.DAY)
    return curves.curve(campaign, by, _chosen(campaign), clock.now())


@bp.get("/<public_id>/acts")
@allow(Permission.CAMPAIGN_READ)
def all_acts(public_id: str) -> str:
    """The rows behind the numbers of facts."""
    campaign = visible(public_id)
    chosen = _chosen(campaign)
    found = acts.rows(campaign, chosen, row_id(request.args.get("before")), PAGE + 1)
    older = found[PAGE - 1].id if len(found) > PAGE else None
    page = "campaigns/control/acts.html"
    return render_template(
        page, campaign=campaign, chosen=chosen, phases=filters.phases(campaign), rows=found[:PAGE], older=older
    )


@bp.get("/<public_id>/export.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    """Everything that the page shows, of what is chosen."""
    campaign = visible(public_id)
    rows = list(exporting.rows(campaign, _chosen(campaign), clock.now()))
    return csv_answer(rows, f"control-{campaign.public_id}")


def visible(public_id: str) -> Campaign:
    """The campaign at an address, if the person may see it; 404 otherwise."""
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _chosen(campaign: Campaign) -> Filter:
    return Filter.from_args(campaign, request.args)


def _look(public_id: str) -> Look:
    campaign = visible(public_id)
    chosen, totals = _chosen(campaign), counts.totals(campaign.id)
    shown = counts.totals(campaign.id, chosen.window) if chosen.window else totals
    return Look(campaign, chosen, clock.now(), totals, shown)


def _live(look: Look) -> dict[str, Any]:
    return look.context | {
        "standing": standing_by(look.campaign, look.totals, look.at),
        "numbers": numbers.numbers(look.campaign, look.chosen, look.shown, look.at),
        "acts": acts.newest(look.campaign, look.chosen),
        "waits": sum(count(look.campaign, current_user, look.at) for count in of_control.waits),
        "icons": kinds.icons(),
    }


def _aside(look: Look) -> dict[str, Any]:
    wanted = goals.goals(look.campaign, look.at)
    return look.context | {
        "goals": wanted,
        "alerts": alerts.alerts(look.campaign, wanted, current_user, look.at),
        "funnel": numbers.funnel(look.shown, look.chosen),
    }


def _top(look: Look) -> dict[str, Any]:
    leaders = leading.leaders(look.campaign, look.chosen, request.args.get("top", ""))
    return look.context | {"leaders": leaders}


def _tab(look: Look, one: By, shown: By) -> dict[str, Any]:
    asked: dict[str, Any] = {"public_id": look.campaign.public_id, "by": one.value, **look.chosen.args}
    url = url_for("control.show", _anchor="curve", **asked)
    return {"label": curves.BY_WORDS[one], "url": url, "active": one is shown}
