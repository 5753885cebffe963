"""A campaign as the lead watches it, and as fans see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from campaigns.groupbuys.reading import of_campaign
from campaigns.participation import reading
from campaigns.planning import slots, wording
from campaigns.planning.models import Campaign
from campaigns.planning.reading import listed
from commons import clock
from commons.paging import row_id
from commons.panels import in_order
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404, public, region
from community.circle.feed import posts_of_campaign
from community.members.current import current_member

bp = Blueprint("participation", __name__, url_prefix="/participation")

PAGE = 50


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
    """A campaign as a fan sees it: what it is about, the missions and how far he is."""
    campaign, now = _visible(public_id), clock.now()
    return render_template(
        "campaigns/participation/show.html",
        campaign=campaign,
        state=wording.state_of(campaign, now),
        missions=reading.progress_of(current_member(), campaign.missions),
        icons=wording.MISSION_ICONS,
        standing=reading.standing(campaign, now),
        posts=posts_of_campaign(campaign.id),
        offers=of_campaign(campaign.id),
        panels=in_order(panel(campaign, now) for panel in slots.page_panels),
    )


@bp.get("/<public_id>/board")
@allow(Permission.CAMPAIGN_READ)
def board(public_id: str) -> str:
    campaign, now = _visible(public_id), clock.now()
    panels = in_order(panel(campaign, now) for panel in slots.board_panels)
    return render_template("campaigns/participation/board.html", panels=panels, **_board(campaign))


@bp.get("/<public_id>/board/live")
@allow(Permission.CAMPAIGN_READ)
def live(public_id: str) -> Response:
    """The region of the board that keeps itself up to date."""
    return region("campaigns/participation/_live.html", **_board(_visible(public_id)))


@bp.get("/<public_id>/curve.json")
@allow(Permission.CAMPAIGN_READ)
def curve(public_id: str) -> dict[str, object]:
    return reading.by_day(_visible(public_id), clock.now())


@bp.get("/<public_id>/participants")
@allow(Permission.CAMPAIGN_READ)
def participants(public_id: str) -> str:
    campaign = _visible(public_id)
    rows = reading.participant_rows(campaign, row_id(request.args.get("after")) or 0, PAGE + 1)
    more = rows[PAGE - 1][0].id if len(rows) > PAGE else None
    page = "campaigns/participation/participants.html"
    return render_template(page, campaign=campaign, rows=rows[:PAGE], more=more)


@bp.get("/<public_id>/participants.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _visible(public_id)
    return csv_answer(_table(campaign), f"participants-{campaign.public_id}")


def _visible(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _board(campaign: Campaign) -> dict[str, Any]:
    now = clock.now()
    return {
        "campaign": campaign,
        "state": wording.state_of(campaign, now),
        "kind": wording.KIND_WORDS[campaign.kind],
        "standing": reading.standing(campaign, now),
        "top": reading.top(campaign),
        "missions": reading.mission_counts(campaign),
        "icons": wording.MISSION_ICONS,
        "posts": posts_of_campaign(campaign.id),
        "offers": of_campaign(campaign.id),
    }


def _table(campaign: Campaign) -> Iterator[Sequence[object]]:
    """All participants, the heading first; times in UTC."""
    yield "member", "name", "joined_at", "facts", "missions_fulfilled"
    after = 0
    while rows := reading.participant_rows(campaign, after, 500):
        for participant, facts, missions in rows:
            member = participant.member
            yield member.public_id, member.name, participant.joined_at.isoformat(), facts, missions
        after = rows[-1][0].id
