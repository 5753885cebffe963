"""Merging members and splitting them again, for staff: look for the other self, see what will happen, decide."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.forms import storable
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.members import listing
from community.members.listing import Search
from community.members.merging import finding, likely, preview, selves
from community.members.merging.forms import MergeForm, ReasonForm
from community.members.merging.models import Merge, Proof
from community.members.merging.words import proof_words
from community.members.models import Member

bp = Blueprint("merging", __name__, url_prefix="/members")


@bp.get("/<public_id>/merge")
@allow(Permission.MEMBER_WRITE)
def search(public_id: str) -> str:
    """Look for the other self by name or handle; who may be it by evidence stands first."""
    member = _member(public_id)
    name = storable(request.args.get("name", "")).strip()[:60]
    found = listing.listing(Search(name=name, sort="name"), current_user).rows if name else []
    return render_template(
        "community/members/merging/search.html",
        member=member,
        name=name,
        rows=[row for row in found if row.member.id != member.id],
        likely=likely.same_as(member),
    )


@bp.get("/<public_id>/merge/<other_id>")
@allow(Permission.MEMBER_WRITE)
def look(public_id: str, other_id: str) -> Response | str:
    """Both side by side, and what will happen. The one with the account is the one to be kept."""
    kept, other = _member(public_id), _member(other_id)
    if kept.id == other.id:
        return go(url_for("merging.search", public_id=public_id))
    if kept.user_id is None and other.user_id is not None:
        return _redirect("merging.look", public_id=other_id, other_id=public_id)
    return _look_page(kept, other, MergeForm(formdata=None))


@bp.post("/<public_id>/merge/<other_id>")
@allow(Permission.MEMBER_WRITE)
def merge(public_id: str, other_id: str) -> Response | tuple[str, int]:
    kept, other, form = _member(public_id), _member(other_id), MergeForm()
    if not form.validate_on_submit():
        return _look_page(kept, other, form), 422
    by, reason = the_user(), form.reason.data or ""
    selves.merge(kept, other, by=by, at=clock.now(), proof=Proof.STAFF, reason=reason)
    db.session.commit()
    flash(_("The two are one member now."), "good")
    return go(url_for("merging.history", public_id=public_id))


@bp.get("/<public_id>/merges")
@allow(Permission.MEMBER_READ)
def history(public_id: str) -> str:
    """Who was merged with this member, by what proof, and what was split again; the handles beside it."""
    member = _member(public_id)
    return render_template("community/members/merging/history.html", **history_facts(member))


@bp.get("/merges/<merge_id>/split")
@allow(Permission.MEMBER_WRITE)
def look_at_split(merge_id: str) -> Response | str:
    merged = one_or_404(Merge.visible_to(current_user), merge_id)
    if merged.split_at is not None:
        return _redirect("merging.history", public_id=merged.kept.public_id)
    return _split_page(merged, ReasonForm(formdata=None))


@bp.post("/merges/<merge_id>/split")
@allow(Permission.MEMBER_WRITE)
def split(merge_id: str) -> Response | tuple[str, int]:
    merged, form = one_or_404(Merge.visible_to(current_user), merge_id), ReasonForm()
    if not form.validate_on_submit():
        return _split_page(merged, form), 422
    by = the_user()
    selves.split(merged, by=by, at=clock.now(), reason=form.reason.data or "")
    db.session.commit()
    flash(_("The two are apart again."), "good")
    return go(url_for("merging.history", public_id=merged.other.public_id))


def history_facts(member: Member) -> dict[str, Any]:
    """What the history of a member's selves needs."""
    return {
        "member": member,
        "merges": finding.history(member),
        "handles": preview.handles_of(member),
        "proof_words": proof_words,
        "may_write": current_user.can(Permission.MEMBER_WRITE),
    }


def _member(public_id: str) -> Member:
    found: Member = one_or_404(Member.visible_to(current_user), public_id)
    return found


def _look_page(kept: Member, other: Member, form: MergeForm) -> str:
    return render_template(
        "community/members/merging/look.html",
        kept=kept,
        other=other,
        sides=preview.sides([kept, other], clock.now()),
        effects=preview.effects(kept, other),
        may_turn=other.user_id is not None or kept.user_id is None,
        form=form,
    )


def _split_page(merged: Merge, form: ReasonForm) -> str:
    return render_template(
        "community/members/merging/split.html",
        merged=merged,
        back=preview.back(merged),
        form=form,
        proof_words=proof_words,
    )


def _redirect(endpoint: str, **values: Any) -> Response:
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[return-value]
