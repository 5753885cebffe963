"""Who is kept out of a campaign: the team's list, and the page on which the person reads why and appeals."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.forms import CODE_WORDS, ExclusionForm
from campaigns.participation.exclusions.models import Code, Exclusion
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404
from community.members import appeals
from community.members.appeals import AnswerForm, AppealForm
from community.members.current import current_member, the_member
from community.members.models import Member

bp = Blueprint("exclusions", __name__, url_prefix="/participation")

PAGE = 30
LIFTED, STANDS = _l("Right: the fan counts again"), _l("The exclusion stands")


@bp.get("/<public_id>/exclusions")
@allow(Permission.CAMPAIGN_READ)
def index(public_id: str) -> Response:
    form = ExclusionForm(formdata=None, member=request.args.get("member", "")[:12])
    return _list(_campaign(public_id), form)


@bp.post("/<public_id>/exclusions")
@allow(Permission.CAMPAIGN_WRITE)
def exclude(public_id: str) -> Response:
    campaign, form = _campaign(public_id), ExclusionForm()
    if not form.validate_on_submit():
        return _list(campaign, form, 422)
    member = db.session.scalars(Member.visible_to(current_user).where(Member.public_id == form.number)).one_or_none()
    if member is None:
        form.member.errors = [_("There is no fan with this number.")]
        return _list(campaign, form, 422)
    code, words = Code(form.code.data), form.sentence.data or ""
    excluding.exclude(campaign, member, code, words, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("%(fan)s does not count in this campaign, and is told why.", fan=member.name), "good")
    return go(url_for("exclusions.index", public_id=public_id))


@bp.get("/<public_id>/exclusions.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    campaign = _campaign(public_id)
    return csv_answer(excluding.rows(campaign), f"kept-out-{campaign.public_id}")


@bp.post("/exclusions/<public_id>/lift")
@allow(Permission.CAMPAIGN_WRITE)
def lift(public_id: str) -> Response:
    exclusion = _exclusion(public_id)
    excluding.lift(exclusion, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("%(fan)s counts again.", fan=exclusion.member.name), "good")
    return go(url_for("exclusions.index", public_id=exclusion.campaign.public_id))


@bp.post("/exclusions/<public_id>/answer")
@allow(Permission.CAMPAIGN_WRITE)
def answer(public_id: str) -> Response:
    exclusion, form = _exclusion(public_id), AnswerForm(upheld=LIFTED, stands=STANDS)
    if not form.validate_on_submit():
        return _page(exclusion, answer_form=form, status=422)
    try:
        words = form.answer.data or ""
        excluding.answer(exclusion, upheld=form.is_upheld, words=words, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _page(_exclusion(public_id), answer_form=form, status=refusal.status)
    db.session.commit()
    flash(_("Answered. The fan is told."), "good")
    return go(url_for("exclusions.show", public_id=public_id))


@bp.get("/exclusions/<public_id>")
@allow(Permission.TAKE_PART)
def mine(public_id: str) -> Response:
    return _page(_exclusion(public_id))


@bp.get("/exclusions/<public_id>/for-the-team")
@allow(Permission.CAMPAIGN_READ)
def show(public_id: str) -> Response:
    return _page(_exclusion(public_id))


@bp.post("/exclusions/<public_id>/appeal")
@allow(Permission.TAKE_PART)
@posting_limit
def appeal(public_id: str) -> Response:
    exclusion, form = _exclusion(public_id), AppealForm()
    if not form.validate_on_submit():
        return _page(exclusion, form, status=422)
    try:
        excluding.appeal(exclusion, the_member(), form.text.data or "", at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _page(_exclusion(public_id), form, status=refusal.status)
    db.session.commit()
    flash(_("Your appeal is with the team. Somebody else than before decides."), "good")
    return go(exclusion.url)


def _list(campaign: Campaign, form: ExclusionForm, status: int = 200) -> Response:
    page = render_template(
        "campaigns/participation/exclusions/index.html",
        campaign=campaign,
        form=form,
        page=page_of(excluding.of_campaign(campaign), asked_page(), PAGE),
        codes=CODE_WORDS,
    )
    return make_response(page, status)


def _page(
    exclusion: Exclusion, form: AppealForm | None = None, answer_form: AnswerForm | None = None, status: int = 200
) -> Response:
    until = exclusion.at + appeals.APPEAL_FOR
    is_mine = current_member() is not None and current_member() is exclusion.member
    page = render_template(
        f"campaigns/participation/exclusions/{'mine' if is_mine else 'show'}.html",
        exclusion=exclusion,
        code=CODE_WORDS[exclusion.code],
        until=until,
        may_appeal=exclusion.appealed_at is None and exclusion.lifted_at is None and clock.now() <= until,
        form=form or AppealForm(formdata=None),
        answer_form=answer_form or AnswerForm(formdata=None, upheld=LIFTED, stands=STANDS),
        may_answer=exclusion.waits and exclusion.by_id != current_user.id,
    )
    return make_response(page, status)


def _campaign(public_id: str) -> Campaign:
    return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)


def _exclusion(public_id: str) -> Exclusion:
    return one_or_404(Exclusion.visible_to(current_user), public_id)
