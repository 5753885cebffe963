"""Hold-out groups on screen: those that were drawn, the form for a new one, and what a campaign changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from campaigns.insights.asking import kept_args
from campaigns.insights.cells import Reader
from campaigns.insights.holdouts import keeping, lift
from campaigns.insights.holdouts.forms import EVERYBODY, HoldoutForm
from campaigns.insights.measures import MEASURES
from campaigns.insights.models import Holdout
from commons import clock
from commons.admin import brand
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import table_answer
from commons.web import allow, go, one_or_404, region
from community.members.segments.models import Segment

bp = Blueprint("holdouts", __name__, url_prefix="/insights/holdouts")

PAGE = 20
GROUPS = {"kept-out": True, "addressed": False}


@bp.get("")
@allow(Permission.INSIGHTS_READ)
def index() -> str:
    query = Holdout.visible_to(current_user).order_by(Holdout.asked_at.desc(), Holdout.id.desc())
    page = page_of(query, asked_page(), PAGE)
    return render_template(
        "campaigns/insights/holdouts/index.html", page=page, measure=MEASURES["lift"], now=clock.now()
    )


@bp.get("/new")
@allow(Permission.CAMPAIGN_WRITE)
def new() -> Response:
    return _form_page(_form(formdata=None, campaign=request.args.get("campaign", "")))


@bp.post("/new")
@allow(Permission.CAMPAIGN_WRITE)
def draw() -> Response:
    """Draw, once and for good."""
    form = _form()
    if not form.validate_on_submit():
        return _form_page(form, 422)
    campaign = one_or_404(keeping.waiting(clock.now()), form.campaign.data or "")
    chosen = form.segment.data or EVERYBODY
    segment = one_or_404(Segment.visible_to(current_user), chosen) if chosen != EVERYBODY else None
    try:
        holdout = keeping.draw(campaign, segment, form.share.data or 0, by=current_user, at=clock.now())
    except DomainError as refusal:
        form.form_errors.append(refusal.in_full)
        return _form_page(form, refusal.status)
    db.session.commit()
    return go(url_for("holdouts.show", public_id=holdout.public_id))


@bp.get("/<public_id>")
@allow(Permission.INSIGHTS_READ)
def show(public_id: str) -> str | Response:
    """What the campaign changed, and how the lot was cast; until then, how far that is."""
    holdout, now = _holdout(public_id), clock.now()
    if holdout.drawn_at is None:
        return _progress(holdout)
    context = {"outcomes": lift.outcomes(holdout, now), "span": lift.span(holdout, now), "fewest": lift.FEWEST}
    has_begun = holdout.campaign.starts_at <= now
    return render_template(
        "campaigns/insights/holdouts/show.html",
        holdout=holdout,
        has_begun=has_begun,
        is_running=has_begun and holdout.campaign.ends_at > now and holdout.campaign.cancelled_at is None,
        measure=MEASURES["lift"],
        **context,
    )


@bp.get("/<public_id>/progress")
@allow(Permission.INSIGHTS_READ)
def progress(public_id: str) -> Response:
    """How far the lot is; once it is cast, on to what it says."""
    holdout = _holdout(public_id)
    return _progress(holdout) if holdout.drawn_at is None else go(url_for("holdouts.show", public_id=public_id))


@bp.get("/<public_id>/people")
@allow(Permission.INSIGHTS_READ)
def people(public_id: str) -> str:
    """Everybody among whom was drawn, or those behind one number."""
    holdout = _drawn(public_id)
    found = lift.table(holdout, clock.now(), _reader(), **_narrowed())
    context = {"page": found.page(asked_page()), "heads": found.heads, "args": kept_args("group", "did")}
    return render_template("campaigns/insights/holdouts/people.html", holdout=holdout, **context)


@bp.get("/<public_id>/people.<any(csv, xlsx):kind>")
@allow(Permission.INSIGHTS_READ)
def export(public_id: str, kind: str) -> Response:
    holdout = _drawn(public_id)
    lines = lift.table(holdout, clock.now(), _reader(), **_narrowed()).plain()
    return table_answer(kind, [(holdout.campaign.title, lines)], f"holdout-{holdout.public_id}")


def _holdout(public_id: str) -> Holdout:
    return one_or_404(Holdout.visible_to(current_user), public_id)


def _drawn(public_id: str) -> Holdout:
    """The list is shown once the lot is cast: before, nobody is in either group."""
    return one_or_404(Holdout.visible_to(current_user).where(Holdout.drawn_at.is_not(None)), public_id)


def _progress(holdout: Holdout) -> Response:
    page = "campaigns/insights/holdouts/casting.html"
    is_too_late = holdout.is_too_late(clock.now())
    return region("campaigns/insights/holdouts/_casting.html", page=page, holdout=holdout, is_too_late=is_too_late)


def _narrowed() -> dict[str, Any]:
    return {"only": request.args.get("did", ""), "is_kept_out": GROUPS.get(request.args.get("group", ""))}


def _reader() -> Reader:
    return Reader(current_user, brand.current().zone)


def _form(**kwargs: Any) -> HoldoutForm:
    campaigns = db.session.scalars(keeping.waiting(clock.now())).all()
    segments = db.session.scalars(Segment.visible_to(current_user).order_by(Segment.name)).all()
    return HoldoutForm(
        campaigns={campaign.public_id: campaign.title for campaign in campaigns},
        segments={segment.public_id: segment.name for segment in segments},
        **kwargs,
    )


def _form_page(form: HoldoutForm, status: int = 200) -> Response:
    return make_response(render_template("campaigns/insights/holdouts/new.html", form=form), status)
