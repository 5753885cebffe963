"""Badges for staff: all of them, one with those who have it, and a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n
from commons.db import db
from commons.errors import Invalid
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from commons.zones import to_local
from community.loyalty.badges import cabinet, declaring
from community.loyalty.badges.declaring import MOTIFS, TONES
from community.loyalty.badges.forms import BadgeForm
from community.loyalty.badges.models import Badge
from community.loyalty.badges.words import asked
from community.members.facts import say

bp = Blueprint("badges", __name__, url_prefix="/loyalty/badges")

PAGE = 30


@bp.get("")
@allow(Permission.LOYALTY_READ)
def index() -> str:
    query = Badge.visible_to(current_user).order_by(Badge.retired_at.is_not(None), Badge.id)
    return render_template(
        "community/loyalty/badges/index.html",
        badges=db.session.scalars(query).all(),
        holders=cabinet.holders(),
        asked=asked,
    )


@bp.get("/new")
@allow(Permission.LOYALTY_WRITE)
def new() -> Response:
    return _new_page(BadgeForm())


@bp.post("/new")
@allow(Permission.LOYALTY_WRITE)
def declare() -> Response:
    form = BadgeForm()
    if not form.validate_on_submit():
        return _new_page(form, status=422)
    try:
        badge = declaring.declare(form.draft, by=current_user, at=clock.now())
    except Invalid as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _new_page(form, status=422)
    db.session.commit()
    flash(_("The badge is made. Whoever deserves it already gets it in a moment."), "good")
    return go(url_for("badges.show", public_id=badge.public_id))


@bp.get("/<public_id>")
@allow(Permission.LOYALTY_READ)
def show(public_id: str) -> str:
    badge = one_or_404(Badge.visible_to(current_user), public_id)
    return render_template(
        "community/loyalty/badges/show.html",
        badge=badge,
        holders=cabinet.holders().get(badge.id, 0),
        page=page_of(cabinet.holders_of(badge), asked_page(), PAGE),
        asked=asked,
        may_change=current_user.can(Permission.LOYALTY_WRITE),
    )


@bp.get("/<public_id>/holders.csv")
@allow(Permission.LOYALTY_READ)
def export_holders(public_id: str) -> Response:
    """Everybody who has it, since when, and what brought it."""
    badge = one_or_404(Badge.visible_to(current_user), public_id)
    answer = csv_answer(list(_holder_rows(badge)), f"badge-{badge.public_id}-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<public_id>/retire")
@allow(Permission.LOYALTY_WRITE)
def retire(public_id: str) -> Response:
    badge = one_or_404(Badge.visible_to(current_user), public_id)
    declaring.retire(badge, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("badges.show", public_id=public_id))


@bp.post("/<public_id>/revive")
@allow(Permission.LOYALTY_WRITE)
def revive(public_id: str) -> Response:
    badge = one_or_404(Badge.visible_to(current_user), public_id)
    declaring.revive(badge, by=current_user, at=clock.now())
    db.session.commit()
    return go(url_for("badges.show", public_id=public_id))


def _holder_rows(badge: Badge) -> Iterator[Sequence[object]]:
    yield _("Fan"), _("Since"), _("Fulfilled by")
    for award in db.session.scalars(cabinet.holders_of(badge)):
        since = to_local(award.granted_at, i18n.zone()).strftime("%Y-%m-%d %H:%M")
        yield award.member.name, since, say(award.event) if award.event is not None else ""


def _new_page(form: BadgeForm, status: int = 200) -> Response:
    return region(
        "community/loyalty/badges/_form.html",
        page="community/loyalty/badges/new.html",
        status=status,
        form=form,
        motifs=MOTIFS,
        tones=TONES,
    )
