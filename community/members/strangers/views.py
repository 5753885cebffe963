"""Inviting and erasing members who have no account, for staff who may change members."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts.current import the_user
from commons.acting import act
from commons.db import db
from commons.permissions import Permission
from commons.security import mailing_limit_on_post
from commons.web import allow, go, one_or_404
from community.members.models import Member
from community.members.strangers import erasing, inviting
from community.members.strangers.forms import ErasingForm

bp = Blueprint("strangers", __name__, url_prefix="/members")


@bp.post("/<public_id>/invite")
@allow(Permission.MEMBER_WRITE)
@mailing_limit_on_post
def invite(public_id: str) -> Response:
    """Mail an invitation to open an account."""
    member = _stranger(public_id)
    back = url_for("members.profile", public_id=public_id)
    return act(lambda: inviting.invite(member, by=the_user(), at=clock.now()), _("The invitation is on its way."), back)


@bp.get("/<public_id>/erase")
@allow(Permission.MEMBER_WRITE)
def look(public_id: str) -> Response:
    """What goes and what stays, before anybody decides."""
    return _page(_stranger(public_id), ErasingForm(formdata=None))


@bp.post("/<public_id>/erase")
@allow(Permission.MEMBER_WRITE)
def erase(public_id: str) -> Response:
    member, form = _stranger(public_id), ErasingForm()
    if not form.validate_on_submit():
        return _page(member, form, 422)
    by, reason = the_user(), form.reason.data or ""
    erasing.erase(member, by=by, reason=reason, at=clock.now())
    db.session.commit()
    flash(_("The person is erased. Points and counts stay in balance under a stub without a name."), "good")
    return go(url_for("members.index"))


def _stranger(public_id: str) -> Member:
    without = Member.visible_to(current_user).where(Member.user_id.is_(None))
    member: Member = one_or_404(without, public_id)
    return member


def _page(member: Member, form: ErasingForm, status: int = 200) -> Response:
    page = render_template("community/members/strangers/erase.html", member=member, form=form)
    return make_response(page, status)
