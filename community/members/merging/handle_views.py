"""Joining handles to members and splitting them off, for staff who know whose they are."""

from __future__ import annotations

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.forms import storable
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.members.merging import joining, preview
from community.members.merging.forms import MergeForm, ReasonForm
from community.members.merging.models import Proof
from community.members.merging.views import bp
from community.members.models import Handle, Member


@bp.get("/<public_id>/handles/join")
@allow(Permission.MEMBER_WRITE)
def handles(public_id: str) -> str:
    """Look for a handle that is nobody's so far."""
    member = one_or_404(Member.visible_to(current_user), public_id)
    name = storable(request.args.get("name", "")).strip()[:60]
    found = preview.nobodys(name) if name else []
    return render_template("community/members/merging/handles.html", member=member, name=name, handles=found)


@bp.get("/<public_id>/handles/join/<handle_id>")
@allow(Permission.MEMBER_WRITE)
def look_at_handle(public_id: str, handle_id: str) -> str:
    member = one_or_404(Member.visible_to(current_user), public_id)
    return _join_page(member, one_or_404(preview.JOINABLE, handle_id), MergeForm(formdata=None))


@bp.post("/<public_id>/handles/join/<handle_id>")
@allow(Permission.MEMBER_WRITE)
def join_handle(public_id: str, handle_id: str) -> Response | tuple[str, int]:
    member, form = one_or_404(Member.visible_to(current_user), public_id), MergeForm()
    handle = one_or_404(preview.JOINABLE, handle_id)
    if not form.validate_on_submit():
        return _join_page(member, handle, form), 422
    by, reason = the_user(), form.reason.data or ""
    joining.join_handle(handle, member, by=by, at=clock.now(), proof=Proof.STAFF, reason=reason)
    db.session.commit()
    flash(_("The handle is joined, with all that was done under it."), "good")
    return go(url_for("merging.history", public_id=public_id))


@bp.get("/handles/<handle_id>/split")
@allow(Permission.MEMBER_WRITE)
def look_at_handle_split(handle_id: str) -> str:
    return _split_page(one_or_404(preview.SPLITTABLE, handle_id), ReasonForm(formdata=None))


@bp.post("/handles/<handle_id>/split")
@allow(Permission.MEMBER_WRITE)
def split_handle(handle_id: str) -> Response | tuple[str, int]:
    handle, form = one_or_404(preview.SPLITTABLE, handle_id), ReasonForm()
    if not form.validate_on_submit():
        return _split_page(handle, form), 422
    by = the_user()
    own = joining.split_handle(handle, by=by, at=clock.now(), reason=form.reason.data or "")
    db.session.commit()
    flash(_("The handle is a member of its own now."), "good")
    return go(url_for("members.profile", public_id=own.public_id))


def _join_page(member: Member, handle: Handle, form: MergeForm) -> str:
    facts = preview.facts_under(handle, None)
    return render_template("community/members/merging/join.html", member=member, handle=handle, facts=facts, form=form)


def _split_page(handle: Handle, form: ReasonForm) -> str:
    facts = preview.facts_under(handle, handle.member_id)
    return render_template("community/members/merging/split_handle.html", handle=handle, facts=facts, form=form)
