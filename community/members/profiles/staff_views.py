"""Profiles for staff: entering what is known of a member, lifting a guardian's say, and who is in the circle in numbers."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404
from community.members.models import Member
from community.members.profiles import answers, choices, counting, guardians, reading, wording
from community.members.profiles.forms import EnteringForm, LiftingForm

bp = Blueprint("member_profiles", __name__, url_prefix="/members")


@bp.get("/numbers")
@allow(Permission.MEMBER_READ)
def numbers() -> str:
    """Who is in the circle, as far as members allow to be counted."""
    return render_template("community/members/profiles/numbers.html", counted=counting.counted())


@bp.get("/numbers.csv")
@allow(Permission.MEMBER_READ)
def numbers_csv() -> Response:
    return csv_answer(counting.table(), f"who-is-in-the-circle-{clock.now():%Y%m%d}")


@bp.get("/<public_id>/profile")
@allow(Permission.MEMBER_WRITE)
def edit(public_id: str) -> Response:
    member = _member(public_id)
    return _page(member, EnteringForm.of(member), LiftingForm(formdata=None, prefix="lift"))


@bp.post("/<public_id>/profile")
@allow(Permission.MEMBER_WRITE)
def enter(public_id: str) -> Response:
    """Write down or correct what is known; the fan is told and may clear it."""
    member, form = _member(public_id), EnteringForm()
    lifting = LiftingForm(formdata=None, prefix="lift")
    if not form.validate_on_submit():
        return _page(member, form, lifting, status=422)
    try:
        answers.enter(member, form.wanted, basis=form.basis.data or "", by=the_user(), at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(_member(public_id), form, lifting, refusal=refusal, status=refusal.status)
    db.session.commit()
    if guardians.is_awaited(member.id):
        flash(_("At this age a guardian has to agree. Nothing is kept until then."), "warn")
    else:
        flash(_("The profile is saved, and the fan is told."), "good")
    return _back(member)


@bp.post("/<public_id>/guardian/lift")
@allow(Permission.MEMBER_WRITE)
def lift(public_id: str) -> Response:
    """No guardian has to agree for the fan any more."""
    member, form = _member(public_id), LiftingForm(prefix="lift")
    if not form.validate_on_submit():
        return _page(member, EnteringForm.of(member), form, status=422)
    guardians.lift(member, basis=form.basis.data or "", by=the_user(), at=clock.now())
    db.session.commit()
    flash(_("Noted: no guardian has to agree any more. The fan is told."), "good")
    return _back(member)


def _page(
    member: Member, form: EnteringForm, lifting: LiftingForm, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    page = render_template(
        "community/members/profiles/edit.html",
        member=member,
        profile=reading.profile(member, clock.now()),
        form=form,
        lifting=lifting,
        refusal=refusal,
        value_words=choices.words,
        source_words=wording.SOURCES,
    )
    return make_response(page, status)


def _member(public_id: str) -> Member:
    member: Member = one_or_404(Member.visible_to(current_user), public_id)
    return member


def _back(member: Member) -> Response:
    return make_response(redirect(url_for("members.profile", public_id=member.public_id), 303))
