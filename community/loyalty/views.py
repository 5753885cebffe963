"""Loyalty for staff: the overview, and why a member stands where he stands."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, region
from community.loyalty import adjusting, overview, profile, why
from community.loyalty.books import reconciling
from community.loyalty.forms import AdjustForm
from community.loyalty.ledger import NotEnough
from community.loyalty.levels import setting_up
from community.loyalty.levels.climbing import levels
from community.loyalty.levels.standing import history
from community.loyalty.levels.views import level_facts
from community.loyalty.rules import versions as rules
from community.loyalty.rules.limits import limits
from community.members.facts import evidence_words, name_of
from community.members.models import Member

bp = Blueprint("loyalty", __name__, url_prefix="/loyalty")


@bp.get("")
@allow(Permission.LOYALTY_READ)
def index() -> str:
    at = clock.now()
    return render_template(
        "community/loyalty/index.html",
        overview=overview.overview(at),
        rules=[(rule, rules.current(rule, at)) for rule in rules.all_rules()],
        evidence_words=evidence_words,
        name_of=name_of,
        limits=limits,
        levels=levels(),
        population=setting_up.population(),
        proof=reconciling.latest(),
    )


@bp.post("/check")
@allow(Permission.LOYALTY_WRITE)
def check() -> Response:
    proof = reconciling.check(clock.now())
    db.session.commit()
    return region("community/loyalty/_proof.html", proof=proof, or_redirect=url_for("loyalty.index"))


@bp.get("/members/<public_id>")
@allow(Permission.LOYALTY_READ)
def member(public_id: str) -> Response:
    """Every movement of one member with its reason."""
    found, at = one_or_404(Member.visible_to(current_user), public_id), clock.now()
    number = asked_page()
    page = why.history(found, number)
    return region(
        "community/loyalty/_history.html",
        page="community/loyalty/member.html",
        lines=page.lines,
        number=number,
        older=url_for("loyalty.member", public_id=public_id, page=number + 1) if page.has_older else None,
        newer=url_for("loyalty.member", public_id=public_id, page=number - 1) if number > 1 else None,
        steps=history(found),
        **(level_facts(found, at) | profile.facts_of(found, at)),
    )


@bp.post("/members/<public_id>/adjust")
@allow(Permission.LOYALTY_WRITE)
def adjust(public_id: str) -> Response:
    found = one_or_404(Member.visible_to(current_user), public_id)
    form = AdjustForm()
    if not form.validate_on_submit():
        return _adjust_page(found, form)
    words = {"token": form.token.data or "", "note": form.note.data or ""}
    try:
        adjusting.adjust(found, form.chosen, form.amount.data or 0, by=current_user, at=clock.now(), **words)
    except NotEnough as refusal:
        db.session.rollback()
        form.amount.errors = [refusal.message]
        return _adjust_page(found, form)
    db.session.commit()
    flash(_("The balance is adjusted."), "good")
    return go(url_for("members.profile", public_id=public_id))


def _adjust_page(member: Member, form: AdjustForm) -> Response:
    return region(
        "community/loyalty/_profile.html",
        page="community/loyalty/adjust.html",
        status=422,
        **profile.facts_of(member, clock.now(), form),
    )
