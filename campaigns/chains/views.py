"""Who brought whom, for the team; and what a fan brought, for the fan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.chains import cohorts, following, reading, rows
from campaigns.chains.forms import DepthForm
from campaigns.chains.models import CIRCLE, RewardDepth, Way, scope_of
from campaigns.chains.rows import Wanted
from campaigns.chains.wording import OUTCOMES, WAYS
from campaigns.planning.models import Campaign
from commons import clock, events
from commons.admin import brand
from commons.db import db
from commons.paging import asked_page, row_id
from commons.permissions import Permission
from commons.tables import table_answer
from commons.web import allow, go, one_or_404, signed_in
from community.members.current import current_member
from community.members.models import Member
from community.seed_users.models import Unit
from community.seed_users.wording import UNITS

bp = Blueprint("chains", __name__, url_prefix="/chains")


@bp.get("")
@allow(Permission.MEMBER_READ)
def index() -> str:
    campaign, unit, number = _campaign(), _unit(), asked_page()
    scope = scope_of(campaign.id if campaign else None)
    found, zone = reading.measured(scope), brand.shown().zone
    return render_template(
        "campaigns/chains/index.html",
        campaign=campaign,
        campaigns=reading.scopes(),
        found=found,
        ways=[(way, WAYS[way], count) for way, count in reading.ways(scope).items()],
        chains=reading.chains(found, number),
        has_more=len(found.chains) > number * reading.PAGE,
        number=number,
        bridges=reading.bridging(found),
        cohorts=reading.by_cohort(campaign, unit, clock.now(), zone),
        window=cohorts.WINDOW.days,
        fewest=cohorts.FEWEST,
        unit=unit,
        units=UNITS,
        depth=following.reward_depth(),
        form=DepthForm(data={"depth": str(following.reward_depth())}),
    )


@bp.get("/of/<public_id>")
@allow(Permission.MEMBER_READ)
def of_member(public_id: str) -> str:
    """Everybody who came through one member."""
    member, campaign, number = one_or_404(Member.visible_to(current_user), public_id), _campaign(), asked_page()
    found = reading.below(member, scope_of(campaign.id if campaign else None))
    return render_template(
        "campaigns/chains/of_member.html",
        member=member,
        campaign=campaign,
        found=found,
        people=reading.members_of(found, number),
        has_more=len(found.people) > number * reading.PAGE,
        number=number,
        outcomes=OUTCOMES,
    )


@bp.get("/mine")
@signed_in
def mine() -> str:
    """What a fan brought: numbers, and nobody's name."""
    member = current_member()
    found = reading.below(member, CIRCLE) if member is not None else None
    return render_template("campaigns/chains/mine.html", member=member, found=found)


@bp.post("/reward-depth")
@allow(Permission.LOYALTY_WRITE)
def set_depth() -> Response | tuple[str, int]:
    """From now on people count as brought up to so many steps away."""
    form, now = DepthForm(), clock.now()
    if form.validate_on_submit() and int(form.depth.data) != following.reward_depth():
        row = RewardDepth(depth=int(form.depth.data), set_at=now, set_by_id=current_user.id)
        db.session.add(row)
        db.session.flush()
        key = f"chain.reward_depth:{row.id}"
        payload = {"depth": row.depth}
        events.track("chain.reward_depth_set", key=key, at=now, actor_id=current_user.id, subject=row, payload=payload)
        db.session.commit()
        flash(_("It holds from now on; what was rewarded stays."), "success")
    return go(url_for("chains.index", _anchor="rewards"))


@bp.get("/steps")
@allow(Permission.MEMBER_READ)
def steps() -> str:
    """Who brought whom, row by row: all of a scope, one way, or one cohort."""
    campaign, wanted = _campaign(), _wanted()
    found = rows.some_steps(wanted, row_id(request.args.get("after")) or 0, reading.PAGE + 1)
    more = found[reading.PAGE - 1].id if len(found) > reading.PAGE else None
    args = {name: request.args[name] for name in ("campaign", "way", "first", "by") if request.args.get(name)}
    page = "campaigns/chains/steps.html"
    return render_template(page, campaign=campaign, rows=found[: reading.PAGE], more=more, args=args, ways=WAYS)


@bp.get("/steps.<any(csv, xlsx):kind>")
@allow(Permission.MEMBER_READ)
def export_steps(kind: str) -> Response:
    return _private(kind, _step_rows(_wanted()), "who-brought-whom", _("Who brought whom"))


@bp.get("/cohorts.<any(csv, xlsx):kind>")
@allow(Permission.MEMBER_READ)
def export_cohorts(kind: str) -> Response:
    return _private(kind, _cohort_rows(_campaign(), _unit()), "brought-by-cohort", _("How many each one brings"))


def _campaign() -> Campaign | None:
    public_id = request.args.get("campaign", "")
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id) if public_id else None


def _unit() -> Unit:
    return Unit.WEEK if request.args.get("by") == Unit.WEEK.value else Unit.MONTH


def _wanted() -> Wanted:
    """What the address narrows to; what is no way and no day narrows nothing."""
    campaign = _campaign()
    way = next((way for way in Way if way.value == request.args.get("way")), None)
    ids = None
    if (first := request.args.get("first", default=None, type=date.fromisoformat)) is not None:
        ids = reading.brought_in(campaign, first, _unit(), clock.now(), brand.shown().zone)
    return Wanted(scope_of(campaign.id if campaign else None), way, ids)


def _private(kind: str, lines: Iterator[Sequence[Any]], name: str, title: str) -> Response:
    answer = table_answer(kind, [(title, list(lines))], name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _step_rows(wanted: Wanted) -> Iterator[Sequence[Any]]:
    yield (
        _("Fan"),
        _("Number of the fan"),
        _("Brought by"),
        _("Number of the one who brought"),
        _("How"),
        _("When (UTC)"),
    )
    for step in rows.steps(wanted):
        who, by = step.member, step.bringer
        yield who.name, who.public_id, by.name, by.public_id, str(WAYS[step.way]), step.at.isoformat()


def _cohort_rows(campaign: Campaign | None, unit: Unit) -> Iterator[Sequence[Any]]:
    yield (
        _("Period of arrival"),
        _("Number of people"),
        _("Brought"),
        _("Each brought"),
        _("At least"),
        _("At most"),
        _("Complete"),
    )
    for row in reading.by_cohort(campaign, unit, clock.now(), brand.shown().zone):
        ends = ["" if end is None else f"{end:.3f}" for end in (row.low, row.high)]
        yield row.first.isoformat(), row.people, row.brought, f"{row.k:.3f}", *ends, int(row.whole)
