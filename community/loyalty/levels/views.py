"""Levels for staff: what they take, and setting one by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, region
from community.loyalty.levels import ladders, locking, locks, outlook, setting_up
from community.loyalty.levels.forms import LevelsForm, LockForm
from community.loyalty.levels.words import asked_words, cause_words
from community.loyalty.models import Level
from community.members.models import Member

bp = Blueprint("levels", __name__, url_prefix="/loyalty")


@bp.get("/levels")
@allow(Permission.LOYALTY_READ)
def index() -> Response:
    version = ladders.newest()
    return _page(LevelsForm.of(list(ladders.levels()), version.period_days if version is not None else None))


@bp.post("/levels")
@allow(Permission.LOYALTY_WRITE)
def change() -> Response:
    form = LevelsForm()
    if not form.validate_on_submit() or len(form.drafts) != len(ladders.levels()):
        return _page(form, status=422)
    try:
        changed = setting_up.redraw(form.drafts, form.period_days.data, by=current_user, at=clock.now())
    except Invalid as refusal:
        form.form_errors.append(refusal.message)
        return _page(form, status=422)
    db.session.commit()
    flash(_("The levels are changed.") if changed else _("Nothing changed."), "good")
    return go(url_for("levels.index"))


@bp.post("/members/<public_id>/level")
@allow(Permission.LOYALTY_WRITE)
def lock(public_id: str) -> Response:
    member, form = one_or_404(Member.visible_to(current_user), public_id), LockForm()
    if not form.validate_on_submit():
        return _level_panel(member, form, status=422)
    level = db.session.scalars(select(Level).where(Level.public_id == form.level.data)).one()
    locking.lock(member, level, reason=form.reason.data or "", until=form.ends_at, by=current_user, at=clock.now())
    db.session.commit()
    return _level_panel(member)


@bp.post("/members/<public_id>/level/release")
@allow(Permission.LOYALTY_WRITE)
def release(public_id: str) -> Response:
    member = one_or_404(Member.visible_to(current_user), public_id)
    made = locks.lock_of(member.id, clock.now())
    if made is not None:
        locking.release(made, by=current_user, at=clock.now())
    db.session.commit()
    return _level_panel(member)


def level_facts(member: Member, at: datetime, form: LockForm | None = None) -> dict[str, Any]:
    """What `_level.html` needs."""
    return {
        "member": member,
        "outlook": outlook.outlook(member, at),
        "lock_form": form or LockForm(formdata=None),
        "may_lock": current_user.can(Permission.LOYALTY_WRITE),
        "cause_words": cause_words,
    }


def _level_panel(member: Member, form: LockForm | None = None, status: int = 200) -> Response:
    return region(
        "community/loyalty/_level.html",
        status=status,
        or_redirect=url_for("loyalty.member", public_id=member.public_id),
        **level_facts(member, clock.now(), form),
    )


def _page(form: LevelsForm, status: int = 200) -> Response:
    return region(
        "community/loyalty/_levels.html",
        page="community/loyalty/levels.html",
        status=status,
        form=form,
        rows=list(zip(ladders.levels(), form.levels, strict=False)),
        population=setting_up.population(),
        versions=ladders.versions(),
        asked_words=asked_words,
        may_change=current_user.can(Permission.LOYALTY_WRITE),
    )
