"""Group buys for those who run them: the offer while it is a draft, opening it, the next version, the end."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.groupbuys import offering
from campaigns.groupbuys.forms import OfferForm
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState
from campaigns.groupbuys.views import bp, visible
from campaigns.planning.models import Campaign
from commons import clock
from commons.acting import act
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.permissions import Permission
from commons.web import allow, go, one_or_404


@bp.get("/new")
@allow(Permission.GROUP_BUY_WRITE)
def new() -> str:
    form = OfferForm(campaign=request.args.get("campaign"), needed=10, seats=50)
    return render_template("campaigns/groupbuys/edit.html", form=form, group_buy=None)


@bp.post("/new")
@allow(Permission.GROUP_BUY_WRITE)
def create() -> Response:
    return _save(None)


@bp.get("/<public_id>/edit")
@allow(Permission.GROUP_BUY_WRITE)
def edit(public_id: str) -> Response:
    group_buy = visible(public_id)
    if group_buy.state is not GroupBuyState.DRAFT:
        flash(_("Fans have seen this offer; what it promises no longer changes."), "warn")
        return go(url_for("groupbuys.show", public_id=public_id))
    page = render_template("campaigns/groupbuys/edit.html", form=OfferForm.of(group_buy), group_buy=group_buy)
    return make_response(page)


@bp.post("/<public_id>/edit")
@allow(Permission.GROUP_BUY_WRITE)
def update(public_id: str) -> Response:
    return _save(visible(public_id))


@bp.post("/<public_id>/open")
@allow(Permission.GROUP_BUY_WRITE)
def open_(public_id: str) -> Response:
    group_buy = visible(public_id)
    return act(
        lambda: offering.open_offer(group_buy, by=current_user, at=clock.now()),
        _("The group buy is open. It settles by itself at the deadline."),
        url_for("groupbuys.show", public_id=public_id),
    )


@bp.post("/<public_id>/version")
@allow(Permission.GROUP_BUY_WRITE)
def version(public_id: str) -> Response:
    """A draft that says the same, for those who come later."""
    draft = offering.new_version(visible(public_id), by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("groupbuys.edit", public_id=draft.public_id))


@bp.post("/<public_id>/call-off")
@allow(Permission.GROUP_BUY_WRITE)
def call_off(public_id: str) -> Response:
    group_buy = visible(public_id)
    offering.call_off(group_buy, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("groupbuys.show", public_id=public_id))


@bp.post("/<public_id>/discard")
@allow(Permission.GROUP_BUY_WRITE)
def discard(public_id: str) -> Response:
    offering.discard(visible(public_id))
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return go(url_for("groupbuys.index"))


def _save(group_buy: GroupBuy | None) -> Response:
    form = OfferForm(group_buy=group_buy)
    if not form.validate_on_submit():
        return _form_again(form, group_buy, 422)
    try:
        picture = _kept_picture(form)
    except DomainError as refusal:
        form.picture.errors = [refusal.message]
        return _form_again(form, group_buy, refusal.status)
    try:
        group_buy = offering.write_offer(group_buy, _wanted(form, picture), by=current_user, at=clock.now())
    except Invalid as refusal:
        form.form_errors.append(refusal.message)
        return _form_again(form, group_buy, refusal.status)
    db.session.commit()
    flash(_("Saved as a draft. Open it when fans may join."), "good")
    return go(url_for("groupbuys.show", public_id=group_buy.public_id))


def _form_again(form: OfferForm, group_buy: GroupBuy | None, status: int) -> Response:
    page = render_template("campaigns/groupbuys/edit.html", form=form, group_buy=group_buy)
    return make_response(page, status)


def _kept_picture(form: OfferForm) -> Picture | None:
    upload = form.picture.data
    return keep(upload.stream, upload.filename or "", current_user, clock.now()) if upload else None


def _wanted(form: OfferForm, picture: Picture | None) -> offering.Wanted:
    campaign = None
    if form.campaign.data:
        campaign = one_or_404(Campaign.visible_to(current_user, clock.now()), form.campaign.data)
    kind, needed = form.chosen_kind, form.needed.data or 1
    on_market = kind is GroupBuyKind.MARKET
    return offering.Wanted(
        title=(form.title.data or "").strip(),
        description=(form.description.data or "").strip(),
        picture=picture,
        picture_alt=(form.picture_alt.data or "").strip(),
        price=form.price.money,
        usual_price=form.usual_price.money if (form.usual_price.data or "").strip() else None,
        needed=needed,
        seats=form.seats.data or 1,
        deadline=form.deadline.data or clock.now(),
        zone=form.zone.data,
        campaign=campaign,
        tiers=form.steps,
        team_seats=(form.team_seats.data or needed) if kind is GroupBuyKind.TEAMS else None,
        most_each=1 if on_market else form.most_each.data or 1,
        regions=[] if on_market else form.regions.data or [],
        provider=None if on_market else form.provider.data or None,
        hold_minutes=form.hold_minutes.data or 30,
        market_address=form.market_address.data or "" if on_market else "",
    )
