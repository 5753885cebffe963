"""A fan's own memberships: which are one, and saying that another account is oneself too."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.accounts import sessions
from commons.accounts.current import the_user
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.members.current import the_member
from community.members.merging import asking, finding, preview, selves
from community.members.merging.models import Merge
from community.members.merging.words import proof_words

bp = Blueprint("selves", __name__, url_prefix="/me/selves")
ASKED = "merge_ask"
sessions.keep_across_sign_in(ASKED)


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> str:
    member = the_member()
    return render_template(
        "community/members/merging/mine.html",
        member=member,
        merges=[
            merge for merge in finding.merges_into(member) if merge.other.user_id is not None or merge.kept is member
        ],
        proof_words=proof_words,
    )


@bp.post("/begin")
@allow(Permission.TAKE_PART)
def begin() -> Response:
    """Say that there is another account: this one is signed out, and the other one signed in."""
    asked, at = asking.ask(the_member(), clock.now()), clock.now()
    sessions.leave(at)
    session[ASKED] = asked.public_id
    db.session.commit()
    flash(_("You are signed out. Sign in with your other account now; it takes you on."), "info")
    return go(url_for("accounts.sign_in", next=url_for("selves.confirm")))


@bp.get("/confirm")
@allow(Permission.TAKE_PART)
def confirm() -> str | Response:
    """Both accounts side by side, before they become one."""
    member, at = the_member(), clock.now()
    asked = asking.open_ask(session.get(ASKED), at)
    if asked is None:
        flash(_("Begin here, signed in with the account that you want to keep."), "info")
        return redirect(url_for("selves.index"), 303)  # type: ignore[return-value]
    same = asked.member_id == member.id
    return render_template(
        "community/members/merging/confirm.html",
        asked=asked,
        same=same,
        sides=preview.sides([asked.member] if same else [asked.member, member], at),
    )


@bp.post("/confirm")
@allow(Permission.TAKE_PART)
def merge() -> Response:
    at = clock.now()
    asked = asking.open_ask(session.pop(ASKED, None), at)
    if asked is None or asked.member_id == the_member().id:
        return go(url_for("selves.confirm"))
    asking.answer(asked, the_member(), at)
    db.session.commit()
    flash(_("Both are one now. You may go on signing in with either."), "good")
    return go(url_for("selves.index"))


@bp.post("/<merge_id>/split")
@allow(Permission.TAKE_PART)
def split(merge_id: str) -> Response:
    """Take back what one did oneself."""
    mine = {one.id for one in finding.merges_into(the_member()) if one.merged_by_id == current_user.id}
    merged = one_or_404(Merge.of(mine), merge_id)
    selves.split(merged, by=the_user(), at=clock.now())
    db.session.commit()
    flash(_("The two are apart again. Each has what it brought."), "good")
    return go(url_for("selves.index"))
