"""Group buys for everybody to see and for fans to join, alone or in teams."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user

from campaigns.groupbuys import market, pricing, reading, regions, wording
from campaigns.groupbuys.forms import JoinForm
from campaigns.groupbuys.joining import join, leave, seat_of
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState, Seat, Team, TeamState
from campaigns.links.following import came_by
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import absolute_url, allow, go, one_or_404, public, region
from community.members.current import current_member, the_member

bp = Blueprint("groupbuys", __name__, url_prefix="/groupbuys")


@bp.get("")
@public
def index() -> str:
    past = "past" in request.args
    return render_template("campaigns/groupbuys/index.html", offers=reading.listed(current_user, past=past), past=past)


@bp.get("/mine")
@allow(Permission.TAKE_PART)
def mine() -> str:
    """The fan's own seats: where each stands, and what comes next."""
    page = reading.page_of_mine(the_member(), asked_page())
    return render_template("campaigns/groupbuys/mine.html", page=page, words=wording)


@bp.get("/<public_id>")
@public
def show(public_id: str) -> str:
    return render_template("campaigns/groupbuys/show.html", **page_of_offer(visible(public_id)))


@bp.get("/<public_id>/progress")
@public
def progress(public_id: str) -> Response:
    """The region that keeps itself up to date while people join."""
    return region("campaigns/groupbuys/_progress.html", **_seen(visible(public_id)))


@bp.get("/teams/<public_id>")
@public
def team(public_id: str) -> str:
    found = one_or_404(Team.visible_to(current_user), public_id)
    return render_template("campaigns/groupbuys/team.html", **_team_page(found))


@bp.get("/teams/<public_id>/progress")
@public
def team_progress(public_id: str) -> Response:
    found = one_or_404(Team.visible_to(current_user), public_id)
    return region("campaigns/groupbuys/_team.html", **_team_page(found))


@bp.post("/<public_id>/join")
@allow(Permission.TAKE_PART)
@posting_limit
def take_seat(public_id: str) -> Response:
    """Take a seat; in an offer with teams that starts one. Where money is asked, paying comes next."""
    group_buy, form = visible(public_id), JoinForm()
    quantity = (form.quantity.data if form.validate_on_submit() else 0) or 1
    try:
        seat = join(group_buy, the_member(), clock.now(), came_by(), quantity=quantity)
    except DomainError as refusal:
        return _refuse(public_id, refusal)
    db.session.commit()
    return _taken(seat)


@bp.post("/teams/<public_id>/join")
@allow(Permission.TAKE_PART)
@posting_limit
def join_team(public_id: str) -> Response:
    found, form = one_or_404(Team.visible_to(current_user), public_id), JoinForm()
    quantity = (form.quantity.data if form.validate_on_submit() else 0) or 1
    try:
        seat = join(found.group_buy, the_member(), clock.now(), came_by(), quantity=quantity, team=found)
    except DomainError as refusal:
        db.session.rollback()
        seen = _team_page(one_or_404(Team.visible_to(current_user), public_id)) | {"refusal": refusal}
        page = "campaigns/groupbuys/team.html"
        return region("campaigns/groupbuys/_team.html", page=page, status=refusal.status, **seen)
    db.session.commit()
    return _taken(seat)


@bp.post("/<public_id>/leave")
@allow(Permission.TAKE_PART)
@posting_limit
def give_back(public_id: str) -> Response:
    group_buy = visible(public_id)
    try:
        leave(group_buy, the_member(), clock.now())
    except DomainError as refusal:
        return _refuse(public_id, refusal)
    db.session.commit()
    return region("campaigns/groupbuys/_progress.html", or_redirect=group_buy.url, **_seen(group_buy))


def visible(public_id: str) -> GroupBuy:
    return one_or_404(GroupBuy.visible_to(current_user), public_id)


def page_of_offer(group_buy: GroupBuy) -> dict[str, Any]:
    """Everything that the page of an offer shows to whoever looks."""
    staff = current_user.can(Permission.CAMPAIGN_READ)
    has_teams = group_buy.kind is GroupBuyKind.TEAMS
    return {
        **_seen(group_buy),
        "teams": reading.teams_of(group_buy, joinable=not staff) if has_teams else [],
        "later": reading.later_version(group_buy),
        "counts": reading.counts(group_buy) if staff else {},
        "buyers": market.buyers(group_buy) if staff and group_buy.kind is GroupBuyKind.MARKET else None,
        "words": wording,
    }


def _seen(group_buy: GroupBuy) -> dict[str, Any]:
    """What the region shows that keeps itself up to date."""
    member, now = current_member(), clock.now()
    seat = seat_of(group_buy, member) if member else None
    return {
        "group_buy": group_buy,
        "seat": seat if seat and seat.stands else None,
        "people": reading.people(group_buy) if group_buy.kind is not GroupBuyKind.MARKET else [],
        "joinable": group_buy.state is GroupBuyState.OPEN and group_buy.deadline_at > now,
        "next_step": pricing.next_step(group_buy.steps, group_buy.reached),
        "regions": regions.words(group_buy) if group_buy.regions else "",
        "form": JoinForm(formdata=None),
        "refusal": None,
    }


def _team_page(found: Team) -> dict[str, Any]:
    offer, member = found.group_buy, current_member()
    seat = seat_of(offer, member) if member else None
    mine = seat if seat is not None and seat.stands else None
    return {
        "team": found,
        "group_buy": offer,
        "people": reading.people_of(found),
        "seat": mine,
        "in_it": mine is not None and mine.team_id == found.id,
        "joinable": found.state is TeamState.OPEN
        and offer.state is GroupBuyState.OPEN
        and offer.deadline_at > clock.now(),
        "missing": max(0, offer.needed - found.reached),
        "next_step": pricing.next_step(offer.steps, found.reached),
        "price_now": pricing.price_at(offer.steps, found.reached),
        "regions": regions.words(offer) if offer.regions else "",
        "share": absolute_url("groupbuys.team", public_id=found.public_id),
        "form": JoinForm(formdata=None),
        "refusal": None,
    }


def _taken(seat: Seat) -> Response:
    """To the payment while one waits, else to where one is in now."""
    offer = seat.group_buy
    if seat.payment is not None and seat.payment.is_waiting:
        return go(url_for("payments.pay", public_id=seat.payment.public_id))
    if seat.team is not None:
        return region("campaigns/groupbuys/_team.html", or_redirect=seat.team.url, **_team_page(seat.team))
    return region("campaigns/groupbuys/_progress.html", or_redirect=offer.url, **_seen(offer))


def _refuse(public_id: str, refusal: DomainError) -> Response:
    """The region as it really stands, with the reason above it."""
    db.session.rollback()
    seen = {**page_of_offer(visible(public_id)), "refusal": refusal}
    page = "campaigns/groupbuys/show.html"
    return region("campaigns/groupbuys/_progress.html", page=page, status=refusal.status, **seen)
