"""Staff: who works here, who is invited, which role does what."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from commons import clock, security
from commons.accounts import inviting
from commons.accounts.models import Invitation, User
from commons.admin import audit, staffing
from commons.admin.forms import InviteForm, RoleForm
from commons.admin.views import bp
from commons.db import db
from commons.errors import DomainError
from commons.i18n import zone
from commons.permissions import GRANTS, ROLE_WORDS, Permission, Role
from commons.web import allow, one_or_404


@bp.get("/staff")
@allow(Permission.STAFF_MANAGE)
def staff() -> str:
    people = staffing.people()
    context = {"people": people, "seen": staffing.last_seen(people), "invitations": staffing.invitations()}
    return render_template("commons/admin/staff.html", at=clock.now(), **context)


@bp.route("/staff/invite", methods=["GET", "POST"])
@allow(Permission.STAFF_MANAGE)
@security.mailing_limit_on_post
def invite() -> Response:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            inviting.invite(form.email.data or "", Role(form.role.data), current_user, clock.now())
        except DomainError as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.in_full)
        else:
            return _done(_("The invitation to %(email)s is on its way.", email=form.email.data))
    page = render_template("commons/admin/invite.html", form=form, roles=_roles())
    return make_response(page, 422 if form.is_submitted() else 200)


@bp.post("/invitations/<public_id>/send-again")
@allow(Permission.STAFF_MANAGE)
@security.mailing_limit
def invite_again(public_id: str) -> Response:
    invitation = one_or_404(Invitation.visible_to(current_user), public_id)
    inviting.send_again(invitation, current_user, clock.now())
    return _done(_("A new link is on its way to %(email)s; the old one stopped working.", email=invitation.email))


@bp.post("/invitations/<public_id>/withdraw")
@allow(Permission.STAFF_MANAGE)
def withdraw_invitation(public_id: str) -> Response:
    invitation = one_or_404(Invitation.visible_to(current_user), public_id)
    inviting.withdraw(invitation, current_user, clock.now())
    return _done(_("The invitation to %(email)s is withdrawn.", email=invitation.email))


@bp.get("/staff/<public_id>")
@allow(Permission.STAFF_MANAGE)
def person(public_id: str) -> str:
    user = one_or_404(_staff(), public_id)
    return _person_page(user, RoleForm(formdata=None, data={"role": user.role.value}))


@bp.post("/staff/<public_id>/role")
@allow(Permission.STAFF_MANAGE)
def change_role(public_id: str) -> Response:
    user = one_or_404(_staff(), public_id)
    form = RoleForm()
    if not form.validate_on_submit():
        return make_response(_person_page(user, form), 422)
    staffing.change_role(user, Role(form.role.data), current_user, clock.now())
    return _done(_("%(name)s is now: %(role)s.", name=user.name, role=user.role.label), public_id)


@bp.post("/staff/<public_id>/end")
@allow(Permission.STAFF_MANAGE)
def end_access(public_id: str) -> Response:
    user = one_or_404(_staff(), public_id)
    staffing.end_access(user, current_user, clock.now())
    return _done(_("%(name)s is signed out everywhere and has no access any more.", name=user.name), public_id)


@bp.post("/staff/<public_id>/restore")
@allow(Permission.STAFF_MANAGE)
def restore_access(public_id: str) -> Response:
    user = one_or_404(_staff(), public_id)
    staffing.restore_access(user, current_user, clock.now())
    return _done(_("%(name)s may sign in again.", name=user.name), public_id)


def _staff() -> Select[User]:
    return User.visible_to(current_user).where(User.role != Role.FAN, User.erased_at.is_(None))


def _person_page(user: User, form: RoleForm) -> str:
    acts = audit.acts(audit.Filter(zone=zone(), actor=user), 10)
    context = {"person": user, "form": form, "roles": _roles(), "acts": acts, "seen": staffing.last_seen([user])}
    return render_template("commons/admin/person.html", **context)


def _roles() -> list[dict[str, Any]]:
    """Each staff role with the sentences of what it may do."""
    return [
        {"role": role, "sentences": [permission.sentence for permission in Permission if permission in GRANTS[role]]}
        for role in ROLE_WORDS
        if role.is_staff
    ]


def _done(words: str, public_id: str = "") -> Response:
    db.session.commit()
    flash(words, "good")
    address = url_for("admin.person", public_id=public_id) if public_id else url_for("admin.staff")
    return make_response(redirect(address, 303))
