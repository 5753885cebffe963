"""A fan's handles: how to prove one more, and what waits for an answer."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import DomainError
from commons.panels import Panel
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, one_or_404
from community.handles import codes, looking, reading
from community.handles.forms import PostForm
from community.handles.models import HandleCode
from community.handles.providers import offered
from community.handles.wording import joined, proof_words
from community.members.current import the_member
from community.members.merging.joining import split_handle
from community.members.models import Handle, Member
from community.members.roster import CIRCLE

bp = Blueprint("handles", __name__, url_prefix="/me/handles")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> Response:
    return page(PostForm(formdata=None))


@bp.post("/code")
@allow(Permission.TAKE_PART)
@posting_limit
def make_code() -> Response:
    """A code, where it would be seen."""
    if looking.places().are_any or reading.is_code_seen():
        codes.make(the_member(), clock.now())
        db.session.commit()
    return back()


@bp.post("/code/<public_id>/confirm")
@allow(Permission.TAKE_PART)
@posting_limit
def confirm_code(public_id: str) -> Response:
    code = one_or_404(HandleCode.visible_to(current_user), public_id)
    try:
        handle = codes.confirm(code, by=the_user(), at=clock.now())
    except DomainError as refusal:
        flash(refusal.in_full, "bad")
    else:
        flash(joined(handle.channel, handle.name), "good")
    db.session.commit()  # what was proven is kept, also where the handle could not be joined
    return back()


@bp.post("/code/<public_id>/refuse")
@allow(Permission.TAKE_PART)
def refuse_code(public_id: str) -> Response:
    code = one_or_404(HandleCode.visible_to(current_user), public_id)
    codes.refuse(code, clock.now())
    db.session.commit()
    flash(_("Nothing was joined, and the code is over. You can make a new one."), "info")
    return back()


@bp.post("/<public_id>/split")
@allow(Permission.TAKE_PART)
def split(public_id: str) -> Response:
    """The fan takes a handle off again."""
    mine = select(Handle).where(Handle.member_id == the_member().id, Handle.channel != CIRCLE)
    handle = one_or_404(mine, public_id)
    name = handle.name
    split_handle(handle, by=the_user(), at=clock.now())
    db.session.commit()
    flash(_("%(name)s is no longer yours here. What was done under it went along.", name=name), "info")
    return back()


def panel(member: Member, at: datetime) -> Panel | None:
    """For staff: the handles of a member, and how each was proven."""
    known = reading.handles_of(member)
    may_split = current_user.can(Permission.MEMBER_WRITE)
    context = {"handles": known, "proof_words": proof_words, "may_split": may_split}
    return Panel("community/handles/_of_member.html", context, order=70) if known else None


def status_panel(member: Member, at: datetime) -> Panel | None:
    """For the fan: how many handles there are, and what waits."""
    code, handles = codes.open_code(member, at), [one for one in member.handles if one.channel != CIRCLE]
    waits = code is not None and code.waits_for_answer
    if not (waits or handles or offered() or reading.is_code_seen()):
        return None
    context = {"handles": handles, "waits": waits}
    return Panel("community/handles/_status.html", context, order=70)


def page(form: PostForm, status: int = 200) -> Response:
    """The fan's handles; `form` asks where the code was posted."""
    member, at = the_member(), clock.now()
    shown = render_template(
        "community/handles/index.html",
        handles=reading.handles_of(member),
        contested=reading.contested(member),
        code=codes.open_code(member, at),
        accounts=reading.heard_accounts(),
        places=looking.places(),
        form=form,
        providers=offered(),
        proof_words=proof_words,
    )
    return make_response(shown, status)


def back() -> Response:
    return make_response(redirect(url_for("handles.index"), 303))
