"""Invitations for fans: one's own codes and who came by them, the link that a code is, and coming by one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, qr, security
from commons.accounts.slots import INVITED_WITH
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import allow, go, public
from community.members.current import current_member, the_member
from community.seed_users import accepting, codes, naming, reading
from community.seed_users.forms import CodeForm
from community.seed_users.models import CodeState, InvitationCode
from community.seed_users.wording import CODE_STATES

bp = Blueprint("invitations", __name__)


@bp.get("/me/invitations")
@allow(Permission.TAKE_PART)
def index() -> Response:
    return _page(CodeForm(formdata=None))


@bp.post("/me/invitations")
@allow(Permission.TAKE_PART)
@security.guessing_limit
@security.guessing_limit_of(security.visitor)
def enter() -> Response:
    """Enter a code after signing up."""
    form, member = CodeForm(), the_member()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        accepting.accept(member, codes.usable(form.code.data or "", clock.now()), clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.code.errors = [refusal.in_full]
        return _page(form, refusal.status)
    return _welcome()


@bp.post("/me/invitations/name")
@allow(Permission.TAKE_PART)
def switch_name() -> Response:
    """Let the inviter see one's name (`on` = 1), or not (0)."""
    acceptance = accepting.acceptance_of(the_member())
    if acceptance is None:
        abort(404)
    accepting.show_name(acceptance, request.form.get("on") == "1")
    db.session.commit()
    return go(url_for("invitations.index"))


@bp.get("/i/<code>")
@public
@security.opening_limit
def look(code: str) -> Response:
    """Who invites, and the way in; whoever signs up afterwards brings the code along."""
    found = _code(code)
    over = codes.over(found, clock.now()) if found.state(clock.now()) is not CodeState.OPEN else None
    if over is None and not current_user.is_authenticated:
        session[INVITED_WITH] = found.code
    member = current_member()
    against = over or (accepting.refusal(member, found, clock.now()) if member is not None else None)
    inviter = found.seed_user.member
    page = render_template(
        "community/seed_users/invitation.html",
        code=found,
        inviter=inviter.name if inviter.card_public else "",
        against=against,
        member=member,
    )
    return make_response(page, over.status if over else 200, {"Cache-Control": "no-store"})


@bp.post("/i/<code>")
@allow(Permission.TAKE_PART)
@security.opening_limit
def accept(code: str) -> Response:
    """A fan who has signed up already comes by the link."""
    member, found = the_member(), _code(code)
    accepting.accept(member, codes.usable(found.code, clock.now()), clock.now())
    return _welcome()


@bp.get("/i/<code>.svg")
@public
@security.opening_limit
def qr_code(code: str) -> Response:
    """The QR code of an invitation, as SVG."""
    found = _code(code)
    return make_response(
        qr.svg(codes.address_of(found)), {"Content-Type": "image/svg+xml", "Cache-Control": "private, max-age=86400"}
    )


def _code(typed: str) -> InvitationCode:
    return codes.find(typed) or abort(404)


def _welcome() -> Response:
    session.pop(INVITED_WITH, None)
    db.session.commit()
    flash(_("Counted. Good that you are here."), "good")
    return go(url_for("invitations.index"))


def _page(form: CodeForm, status: int = 200) -> Response:
    page = render_template("community/seed_users/mine.html", form=form, **_context())
    return make_response(page, status, {"Cache-Control": "no-store"})


def _context() -> dict[str, Any]:
    member, at = the_member(), clock.now()
    seed, acceptance = naming.running(member), accepting.acceptance_of(member)
    return {
        "seed": seed,
        "codes": codes.of_seed_user(seed) if seed is not None else [],
        "address_of": codes.address_of,
        "states": CODE_STATES,
        "at": at,
        "acceptance": acceptance,
        "can_enter": acceptance is None and accepting.in_time(member, at),
        "within": accepting.WITHIN.days,
        "came": reading.mine(member, asked_page()),
        "together": reading.came_by({member.id}).get(member.id, 0),
    }
