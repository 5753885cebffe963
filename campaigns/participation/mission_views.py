"""The page of one mission: what it asks for, how far the fan is, and what its kind brings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user

from campaigns.links.making import campaign_link
from campaigns.participation import own_link, reading
from campaigns.participation.eligibility import rules as eligibility
from campaigns.participation.eligibility import writing as eligibility_writing
from campaigns.participation.exclusions import excluding
from campaigns.planning.missions import kinds
from campaigns.planning.missions.kinds import Visit
from campaigns.planning.models import Mission, MissionKind
from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, public
from community.members.current import current_member, the_member

bp = Blueprint("mission", __name__, url_prefix="/participation/missions")


@bp.get("/<public_id>")
@public
def show(public_id: str) -> Response:
    return page(visible(public_id))


@bp.post("/<public_id>/link")
@allow(Permission.TAKE_PART)
@posting_limit
def link(public_id: str) -> Response:
    """Give the fan the own link to the campaign; the same one every time."""
    mission = visible(public_id, *own_link.ASKING)
    campaign_link(the_member(), mission.campaign, clock.now())
    db.session.commit()
    return go(url_for("mission.show", public_id=public_id))


def page(mission: Mission, form: Any = None, status: int = 200) -> Response:
    """The mission as the visitor sees it; `form` is one of its kind that was filled in wrongly."""
    now, member, kind = clock.now(), current_member(), kinds.kind_of(mission)
    campaign = mission.campaign
    lines = eligibility.lines(eligibility_writing.rules_of(campaign), member)
    exclusion = excluding.standing(campaign, member) if member else None
    may = mission.is_open(now) and exclusion is None and all(line.is_met is not False for line in lines)
    shown = render_template(
        "campaigns/participation/mission.html",
        mission=mission,
        campaign=campaign,
        kind=kind,
        line=reading.progress_of(member, [mission])[0],
        missing=[line for line in lines if line.is_met is False],
        exclusion=exclusion,
        member=member,
        state="open" if mission.is_open(now) else "closed" if now >= mission.over_at else "planned",
        panel=kind.panel(Visit(mission, member, now, may, form)) if may or member else None,
        may=may,
        at=now,
    )
    return make_response(shown, status)


def visible(public_id: str, *kinds: MissionKind) -> Mission:
    """The mission that the visitor may see, of one of those kinds if any are named; 404 for any other."""
    query = Mission.visible_to(current_user, clock.now())
    return one_or_404(query.where(Mission.kind.in_([kind.value for kind in kinds])) if kinds else query, public_id)
