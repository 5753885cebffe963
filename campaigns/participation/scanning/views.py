"""Codes on site: the team makes places and prints them, a fan scans."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from campaigns.participation import mission_views
from campaigns.participation.scanning import codes, scanning
from campaigns.participation.scanning.forms import SORT_WORDS, CodesForm, PlaceForm
from campaigns.participation.scanning.models import ScanPlace, Sort
from campaigns.planning.models import Mission, MissionKind
from commons import clock, qr
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.security import guessing_limit, posting_limit
from commons.web import absolute_url, allow, go, one_or_404, region
from community.members.current import the_member

bp = Blueprint("scanning", __name__, url_prefix="/participation")


@bp.get("/at/<place_id>/<code>")
@allow(Permission.TAKE_PART)
def arrive(place_id: str, code: str) -> str:
    """What a telephone opens that has scanned a code. Nothing is done until the fan says so."""
    place = _hanging(place_id)
    known = scanning.of(place, the_member())
    page = "campaigns/participation/scanning/arrive.html"
    return render_template(page, place=place, code=code, known=known, is_open=place.is_open(clock.now()), refusal=None)


@bp.post("/at/<place_id>/<code>")
@allow(Permission.TAKE_PART)
@posting_limit
@guessing_limit
def scan(place_id: str, code: str) -> Response:
    place = _hanging(place_id)
    try:
        scanning.scan(place, the_member(), code[:32], clock.now())
    except DomainError as refusal:
        db.session.rollback()
        page = "campaigns/participation/scanning/arrive.html"
        shown = {"place": _hanging(place_id), "code": code, "known": None, "is_open": False, "refusal": refusal}
        return make_response(render_template(page, **shown), refusal.status)
    mission_id = place.mission.public_id
    db.session.commit()
    flash(_("You have been here. It counts."), "good")
    return go(url_for("mission.show", public_id=mission_id))


@bp.get("/missions/<public_id>/places")
@allow(Permission.CAMPAIGN_READ)
def places(public_id: str) -> Response:
    return _list(mission_views.visible(public_id, MissionKind.SCAN), PlaceForm(formdata=None))


@bp.post("/missions/<public_id>/places")
@allow(Permission.CAMPAIGN_WRITE)
def add(public_id: str) -> Response:
    mission, form = mission_views.visible(public_id, MissionKind.SCAN), PlaceForm()
    if not form.validate_on_submit():
        return _list(mission, form, 422)
    try:
        scanning.add_place(mission, form.wanted, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _list(mission_views.visible(public_id, MissionKind.SCAN), form, refusal.status)
    db.session.commit()
    flash(_("The place is there. Print its code, or put it on a screen."), "good")
    return go(url_for("scanning.places", public_id=public_id))


@bp.post("/places/<public_id>/end")
@allow(Permission.CAMPAIGN_WRITE)
def end(public_id: str) -> Response:
    place = _place(public_id)
    scanning.end_place(place, clock.now())
    db.session.commit()
    flash(_("The place is closed; its codes are good no more."), "good")
    return go(url_for("scanning.places", public_id=place.mission.public_id))


@bp.post("/places/<public_id>/codes")
@allow(Permission.CAMPAIGN_WRITE)
def print_codes(public_id: str) -> Response:
    form, place = CodesForm(), _place(public_id)
    if not form.validate_on_submit():
        flash(_("Print 1 to %(count)s codes at a time.", count=scanning.MOST_AT_ONCE), "bad")
        return go(url_for("scanning.places", public_id=place.mission.public_id))
    scanning.make_codes(place, form.number.data or 1, clock.now())
    db.session.commit()
    return go(url_for("scanning.sheet", public_id=public_id))


@bp.get("/places/<public_id>/sheet")
@allow(Permission.CAMPAIGN_READ)
def sheet(public_id: str) -> str:
    """To be printed: the one code of the place, or every single one that is not used."""
    place = _place(public_id)
    good = [one.code for one in scanning.unused(place)] if place.sort is Sort.ONE_TIME else [""]
    return render_template("campaigns/participation/scanning/sheet.html", place=place, codes=good)


@bp.get("/places/<public_id>/screen")
@allow(Permission.CAMPAIGN_READ)
def screen(public_id: str) -> Response:
    """For a screen on site: the code of this moment, which renews itself."""
    place = _place(public_id)
    window = int(clock.now().timestamp()) // codes.LASTS
    page, part = (f"campaigns/participation/scanning/{name}.html" for name in ("screen", "_screen"))
    return region(part, page=page, place=place, window=window)


@bp.get("/places/<public_id>/code.<kind>")
@allow(Permission.CAMPAIGN_READ)
def picture(public_id: str, kind: str) -> Response:
    """The code as SVG, or as PNG to be kept."""
    place = _place(public_id)
    code = request.args.get("code", "")[:32] or codes.shown(place, clock.now())
    address = absolute_url("scanning.arrive", place_id=place.public_id, code=code)
    is_png = kind == "png"
    answer = make_response((qr.png if is_png else qr.svg)(address))
    answer.headers["Content-Type"] = "image/png" if is_png else "image/svg+xml"
    answer.headers["Cache-Control"] = "no-store"
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f"attachment; filename={place.public_id}.{'png' if is_png else 'svg'}"
    return answer


def _list(mission: Mission, form: PlaceForm, status: int = 200) -> Response:
    shown: dict[str, Any] = {
        "mission": mission,
        "campaign": mission.campaign,
        "rows": scanning.places_of(mission),
        "form": form,
        "codes_form": CodesForm(formdata=None),
        "sorts": SORT_WORDS,
        "Sort": Sort,
        "at": clock.now(),
    }
    return make_response(render_template("campaigns/participation/scanning/index.html", **shown), status)


def _hanging(public_id: str) -> ScanPlace:
    """A place of a campaign that the fan may see."""
    seen = Mission.visible_to(current_user, clock.now()).with_only_columns(Mission.id)
    return one_or_404(select(ScanPlace).where(ScanPlace.mission_id.in_(seen)), public_id)


def _place(public_id: str) -> ScanPlace:
    return one_or_404(ScanPlace.visible_to(current_user), public_id)
