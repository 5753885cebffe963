"""Group buys for everybody to see, for fans to join, for campaign leads to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.groupbuys import offering, reading
from campaigns.groupbuys.forms import OfferForm
from campaigns.groupbuys.joining import Over, SoldOut, join, leave, seat_of
from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.groupbuys.offering import AlreadyOpen
from campaigns.links.following import came_by
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.media.keeping import keep
from commons.media.models import Picture
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, public, region
from community.members.current import current_member, the_member

bp = Blueprint("groupbuys", __name__, url_prefix="/groupbuys")

MOST_SEATS_SHOWN = 200


@bp.get("")
@public
def index() -> str:
    past = "past" in request.args
    return render_template("campaigns/groupbuys/index.html", offers=reading.listed(current_user, past=past), past=past)


@bp.get("/<public_id>")
@public
def show(public_id: str) -> str:
    return render_template("campaigns/groupbuys/show.html", **_page(_visible(public_id)))


@bp.get("/<public_id>/progress")
@public
def progress(public_id: str) -> Response:
    """The region that keeps itself up to date while people join."""
    return region("campaigns/groupbuys/_progress.html", **_seen(_visible(public_id)))


@bp.post("/<public_id>/join")
@allow(Permission.TAKE_PART)
@posting_limit
def take_seat(public_id: str) -> Response:
    group_buy = _visible(public_id)
    try:
        join(group_buy, the_member(), clock.now(), came_by())
    except (SoldOut, Over) as refusal:
        return _refuse(public_id, refusal)
    db.session.commit()
    return _answer(group_buy)


@bp.post("/<public_id>/leave")
@allow(Permission.TAKE_PART)
@posting_limit
def give_back(public_id: str) -> Response:
    group_buy = _visible(public_id)
    try:
        leave(group_buy, the_member(), clock.now())
    except Over as refusal:
        return _refuse(public_id, refusal)
    db.session.commit()
    return _answer(group_buy)


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
    group_buy = _visible(public_id)
    if group_buy.state is not GroupBuyState.DRAFT:
        flash(_("Fans have seen this offer; what it promises no longer changes."), "warn")
        return go(url_for("groupbuys.show", public_id=public_id))
    page = render_template("campaigns/groupbuys/edit.html", form=OfferForm.of(group_buy), group_buy=group_buy)
    return make_response(page)


@bp.post("/<public_id>/edit")
@allow(Permission.GROUP_BUY_WRITE)
def update(public_id: str) -> Response:
    return _save(_visible(public_id))


@bp.post("/<public_id>/open")
@allow(Permission.GROUP_BUY_WRITE)
def open_(public_id: str) -> Response:
    group_buy = _visible(public_id)
    try:
        offering.open_offer(group_buy, by=current_user, at=clock.now())
    except (AlreadyOpen, Invalid) as refusal:
        db.session.rollback()
        flash(refusal.message, "bad")
    else:
        db.session.commit()
        flash(_("The group buy is open. It settles by itself at the deadline."), "good")
    return go(url_for("groupbuys.show", public_id=public_id))


@bp.post("/<public_id>/call-off")
@allow(Permission.GROUP_BUY_WRITE)
def call_off(public_id: str) -> Response:
    group_buy = _visible(public_id)
    offering.call_off(group_buy, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("groupbuys.show", public_id=public_id))


@bp.post("/<public_id>/discard")
@allow(Permission.GROUP_BUY_WRITE)
def discard(public_id: str) -> Response:
    offering.discard(_visible(public_id))
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return go(url_for("groupbuys.index"))


@bp.get("/<public_id>/seats.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    """Every seat that was taken, also those given back; times in UTC."""
    group_buy = _visible(public_id)
    return csv_answer(_seat_rows(group_buy), f"seats-{group_buy.public_id}")


def _visible(public_id: str) -> GroupBuy:
    return one_or_404(GroupBuy.visible_to(current_user), public_id)


def _seat_rows(group_buy: GroupBuy) -> Iterator[Sequence[object]]:
    yield "member", "name", "joined_at", "left_at", "came_by"
    for seat in reading.seat_rows(group_buy):
        left = seat.left_at.isoformat() if seat.left_at else ""
        slug = seat.link.slug if seat.link else ""
        yield seat.member.public_id, seat.member.name, seat.joined_at.isoformat(), left, slug


def _seen(group_buy: GroupBuy) -> dict[str, Any]:
    """What the region shows that keeps itself up to date."""
    member, now = current_member(), clock.now()
    seat = seat_of(group_buy, member) if member else None
    return {
        "group_buy": group_buy,
        "seat": seat if seat and seat.left_at is None else None,
        "people": reading.people(group_buy),
        "joinable": group_buy.state is GroupBuyState.OPEN and group_buy.deadline_at > now,
        "refusal": None,
    }


def _page(group_buy: GroupBuy) -> dict[str, Any]:
    can_read = current_user.can(Permission.CAMPAIGN_READ)
    return {**_seen(group_buy), "seats": reading.seat_rows(group_buy, MOST_SEATS_SHOWN) if can_read else []}


def _answer(group_buy: GroupBuy) -> Response:
    back = url_for("groupbuys.show", public_id=group_buy.public_id)
    return region("campaigns/groupbuys/_progress.html", or_redirect=back, **_seen(group_buy))


def _refuse(public_id: str, refusal: DomainError) -> Response:
    """The region as it really stands, with the reason above it."""
    db.session.rollback()
    seen = {**_page(_visible(public_id)), "refusal": refusal}
    page = "campaigns/groupbuys/show.html"
    return region("campaigns/groupbuys/_progress.html", page=page, status=refusal.status, **seen)


def _save(group_buy: GroupBuy | None) -> Response:
    form = OfferForm(group_buy=group_buy)
    if not form.validate_on_submit():
        return _form_again(form, group_buy, 422)
    try:
        picture = _kept_picture(form)
    except DomainError as refusal:
        form.picture.errors = [refusal.message]
        return _form_again(form, group_buy, refusal.status)
    group_buy = offering.write_offer(group_buy, _wanted(form, picture), by=current_user, at=clock.now())
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
    return offering.Wanted(
        title=(form.title.data or "").strip(),
        description=(form.description.data or "").strip(),
        picture=picture,
        picture_alt=(form.picture_alt.data or "").strip(),
        price=form.price.money,
        usual_price=form.usual_price.money if (form.usual_price.data or "").strip() else None,
        needed=form.needed.data or 1,
        seats=form.seats.data or 1,
        deadline=form.deadline.data or clock.now(),
        zone=form.zone.data,
        campaign=campaign,
    )
