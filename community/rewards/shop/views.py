"""The points shop for fans."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from commons import clock
from commons.db import db, random_id
from commons.errors import DomainError
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.current import the_member
from community.rewards.shop import handing, reading, redeeming
from community.rewards.shop.forms import ParcelForm, RedeemForm
from community.rewards.shop.models import Handing, Redemption, Reward

bp = Blueprint("shop", __name__, url_prefix="/me/shop")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> str:
    member = the_member()
    return render_template(
        "community/rewards/shop/shop.html", shelf=reading.shelf(member), mine=reading.mine(member, 3)
    )


@bp.get("/<public_id>")
@allow(Permission.TAKE_PART)
def show(public_id: str) -> Response:
    reward = one_or_404(Reward.visible_to(current_user), public_id)
    form = _form(reward, formdata=None, token=random_id(), cost=reward.cost)
    return _page(reward, form)


@bp.post("/<public_id>")
@allow(Permission.TAKE_PART)
@posting_limit
def redeem(public_id: str) -> Response:
    reward, member = one_or_404(Reward.visible_to(current_user), public_id), the_member()
    form = _form(reward)
    if not form.validate_on_submit():
        return _page(reward, form, status=422)
    address = form.address if isinstance(form, ParcelForm) else None
    cost, token = form.cost.data or 0, form.token.data or ""
    try:
        redemption = redeeming.redeem(reward, member, cost=cost, token=token, at=clock.now(), address=address)
    except DomainError as refusal:
        db.session.rollback()
        return _page(one_or_404(Reward.visible_to(current_user), public_id), form, refusal, refusal.status)
    db.session.commit()
    return go(url_for("shop.redemption", public_id=redemption.public_id))


@bp.get("/mine")
@allow(Permission.TAKE_PART)
def mine() -> str:
    page = page_of(reading.all_mine(the_member()), asked_page(), reading.PAGE)
    return render_template("community/rewards/shop/mine.html", page=page)


@bp.get("/mine/<public_id>")
@allow(Permission.TAKE_PART)
def redemption(public_id: str) -> Response:
    found = one_or_404(Redemption.visible_to(current_user), public_id)
    lapsed = reading.lapsed(found, clock.now())
    page = render_template("community/rewards/shop/redemption.html", redemption=found, Handing=Handing, lapsed=lapsed)
    return make_response(page, {"Cache-Control": "no-store"})


@bp.post("/mine/<public_id>/cancel")
@allow(Permission.TAKE_PART)
def cancel(public_id: str) -> Response:
    found, at = one_or_404(Redemption.visible_to(current_user), public_id), clock.now()
    lapsed = reading.lapsed(found, at)
    handing.cancel(found, at=at)
    db.session.commit()
    flash(_cancelled(lapsed), "good")
    return go(url_for("shop.redemption", public_id=public_id))


def _cancelled(lapsed: int) -> str:
    if not lapsed:
        return str(_("Cancelled. All points are back."))
    return str(
        ngettext(
            "Cancelled. %(num)s point had expired meanwhile, the others are back.",
            "Cancelled. %(num)s points had expired meanwhile, the others are back.",
            lapsed,
        )
    )


def _form(reward: Reward, **given: Any) -> RedeemForm:
    return ParcelForm(**given) if reward.handing is Handing.PARCEL else RedeemForm(**given)


def _page(reward: Reward, form: RedeemForm, refusal: DomainError | None = None, status: int = 200) -> Response:
    """The reward with the form; after a refusal the form agrees to the cost as it is now."""
    member = the_member()
    if refusal is not None:
        form.cost.data = reward.cost
    page = render_template(
        "community/rewards/shop/reward.html",
        reward=reward,
        form=form,
        points=balance(member, Currency.POINTS),
        against=refusal or redeeming.refusal(reward, member, clock.now()),
        Handing=Handing,
    )
    return make_response(page, status)
