"""The points shop for those who run it: what stands in it, and what waits to be handed over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from commons import clock
from commons.acting import act
from commons.db import db
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.rewards.shop import offering, reading
from community.rewards.shop.forms import CodesForm, RewardForm
from community.rewards.shop.models import Handing, Reward
from community.rewards.shop.wording import HANDINGS

bp = Blueprint("rewards", __name__, url_prefix="/rewards")


@bp.get("")
@allow(Permission.LOYALTY_READ)
def index() -> str:
    rewards = reading.rewards_for_staff(current_user)
    return render_template(
        "community/rewards/shop/index.html", rewards=rewards, counts=reading.counts(), handings=HANDINGS
    )


@bp.get("/new")
@allow(Permission.REWARD_WRITE)
def new() -> Response:
    return _form_page(RewardForm(), None)


@bp.post("/new")
@allow(Permission.REWARD_WRITE)
def create() -> Response:
    return _save(None)


@bp.get("/<public_id>")
@allow(Permission.LOYALTY_READ)
def show(public_id: str) -> Response:
    return _reward_page(_reward(public_id), CodesForm(formdata=None))


@bp.get("/<public_id>/edit")
@allow(Permission.REWARD_WRITE)
def edit(public_id: str) -> Response:
    reward = _reward(public_id)
    return _form_page(RewardForm.of(reward), reward)


@bp.post("/<public_id>/edit")
@allow(Permission.REWARD_WRITE)
def update(public_id: str) -> Response:
    return _save(_reward(public_id))


@bp.post("/<public_id>/put-in")
@allow(Permission.REWARD_WRITE)
def put_in(public_id: str) -> Response:
    reward = _reward(public_id)
    back = url_for("rewards.show", public_id=public_id)
    return act(
        lambda: offering.put_in(reward, by=current_user, at=clock.now()), _("It is in the points shop now."), back
    )


@bp.post("/<public_id>/take-out")
@allow(Permission.REWARD_WRITE)
def take_out(public_id: str) -> Response:
    offering.take_out(_reward(public_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Nobody can redeem it any more. What was redeemed stays."), "good")
    return go(url_for("rewards.show", public_id=public_id))


@bp.post("/<public_id>/discard")
@allow(Permission.REWARD_WRITE)
def discard(public_id: str) -> Response:
    offering.discard(_reward(public_id))
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return go(url_for("rewards.index"))


@bp.post("/<public_id>/codes")
@allow(Permission.REWARD_WRITE)
def add_codes(public_id: str) -> Response:
    reward, form = _reward(public_id), CodesForm()
    if not form.validate_on_submit():
        return _reward_page(reward, form, 422)
    try:
        new = offering.add_codes(reward, (form.codes.data or "").splitlines(), by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.codes.errors = [refusal.message]
        return _reward_page(_reward(public_id), form, refusal.status)
    db.session.commit()
    flash(ngettext("%(num)s new code.", "%(num)s new codes.", new), "good")
    return go(url_for("rewards.show", public_id=public_id))


def _reward(public_id: str) -> Reward:
    return one_or_404(Reward.visible_to(current_user), public_id)


def _reward_page(reward: Reward, form: CodesForm, status: int = 200) -> Response:
    may_see_fans = current_user.can(Permission.REWARD_WRITE)
    latest = reading.latest(current_user, reward) if may_see_fans else []
    page = render_template(
        "community/rewards/shop/show.html",
        reward=reward,
        form=form,
        redemptions=latest,
        Handing=Handing,
        handings=HANDINGS,
    )
    return make_response(page, status)


def _form_page(form: RewardForm, reward: Reward | None, status: int = 200) -> Response:
    page = render_template("community/rewards/shop/edit.html", form=form, reward=reward, Handing=Handing)
    return make_response(page, status)


def _save(reward: Reward | None) -> Response:
    form = RewardForm(reward=reward)
    if not form.validate_on_submit():
        return _form_page(form, reward, 422)
    try:
        saved = offering.write(reward, _wanted(form), by=current_user, at=clock.now())
    except DomainError as refusal:
        public_id = reward.public_id if reward else ""
        db.session.rollback()
        form.form_errors.append(str(refusal.message))
        return _form_page(form, _reward(public_id) if public_id else None, refusal.status)
    db.session.commit()
    flash(
        _("Saved.") if saved.opened_at else _("Saved as a draft. Put it into the shop when fans may have it."), "good"
    )
    return go(url_for("rewards.show", public_id=saved.public_id))


def _wanted(form: RewardForm) -> offering.Wanted:
    fields: dict[str, Any] = {"cost": form.cost.data or 0, "stock": form.stock.data or 0, "per_fan": form.per_fan.data}
    return offering.Wanted(
        name=form.name_words,
        about=form.about_words,
        picture=_kept_picture(form),
        picture_alt=(form.picture_alt.data or "").strip(),
        handing=form.chosen_handing,
        level=form.chosen_level,
        **fields,
    )


def _kept_picture(form: RewardForm) -> Picture | None:
    upload = form.picture.data
    return keep(upload.stream, upload.filename or "", current_user, clock.now()) if upload else None
