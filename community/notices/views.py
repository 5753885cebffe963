"""A fan's notices: the list, what of it was seen, and where else to be told."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user

from commons import clock
from commons.accounts import sessions
from commons.accounts.browsers import short
from commons.db import db
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import allow, one_or_404, public, region
from community.members.current import current_member, the_member
from community.members.models import Member
from community.members.profiles import allowing
from community.members.profiles.models import Purpose, Way
from community.notices import capping, letters, reading, wishes
from community.notices.forms import WishForm, wish_form
from community.notices.models import Notice, NoticeWish
from community.notices.push import browsers, keys
from community.notices.saying import say

bp = Blueprint("notices", __name__, url_prefix="/me/notices")


@bp.get("")
@allow(Permission.TAKE_PART)
def index() -> Response:
    """What the fan was told, newest first."""
    number = asked_page()
    return region(
        "community/notices/_list.html",
        page="community/notices/index.html",
        listing=reading.page(the_member(), number),
        goes_out=_goes_out(wishes.wish_of(the_member().id)),
        say=say,
    )


@bp.post("/seen")
@allow(Permission.TAKE_PART)
def see() -> Response:
    """Everything up to `until` has been seen; the page says so by itself, or the fan does with the button."""
    until = one_or_404(Notice.visible_to(current_user), request.form.get("until", ""))
    reading.see(the_member(), until, clock.now())
    db.session.commit()
    return region("components/_top_items.html", or_redirect=url_for("notices.index"))


@bp.get("/preferences")
@allow(Permission.TAKE_PART)
def preferences() -> Response:
    """Where the fan is told."""
    return region(**_preferences(wish_form(wishes.wish_of(the_member().id))))


@bp.post("/preferences")
@allow(Permission.TAKE_PART)
def wish() -> Response:
    """Keep what the fan wishes from now on."""
    member = the_member()
    form = wish_form(wishes.wish_of(member.id))
    if not form.validate_on_submit():
        return region(**_preferences(form), status=422)
    kept = wishes.change(member.id, **form.wish, at=clock.now())
    waits = wishes.waits(form.wish, kept)
    db.session.commit()
    shown = _preferences(wish_form(kept, fresh=True), saved=True, waits=waits)
    return region(**shown, or_redirect=url_for("notices.preferences", saved=1, waits=int(waits)))


@bp.get("/stop/<token>")
@public
def stop(token: str) -> str:
    """The page that a mail leads to: one button, no sign-in."""
    return render_template("community/notices/stop.html", token=token, done=False, member=_named(token))


@bp.post("/stop/<token>")
@public
def stop_now(token: str) -> str:
    """No more mails, for whoever holds the mail."""
    member = _named(token)
    allowing.withdraw(member.id, Purpose.MAIL, Way.LINK_IN_A_MAIL, clock.now())
    db.session.commit()
    return render_template("community/notices/stop.html", token=token, done=True, member=member)


def waiting(_user: Any) -> int:
    """How many notices are new to the visitor: the number on the bell."""
    member = current_member()
    return reading.unseen(member) if member is not None else 0


def _named(token: str) -> Member:
    member = letters.member_of(token)
    if member is None:
        abort(404)
    return member


def _goes_out(wish: NoticeWish | None) -> bool:
    return wish is not None and (wish.mail_since is not None or wish.push_since is not None)


def telling(waits: bool = False) -> Response:
    """The whole of where the fan is told, as it stands now: what a click on a browser answers with."""
    form = wish_form(wishes.wish_of(the_member().id), fresh=True)
    return region(**_preferences(form, waits=waits), or_redirect=url_for("notices.preferences", waits=int(waits)))


def _preferences(form: WishForm, saved: bool = False, waits: bool = False) -> dict[str, Any]:
    member = the_member()
    return {
        **_pushes(member),
        "partial": "community/notices/_telling.html",
        "page": "community/notices/preferences.html",
        "form": form,
        "saved": saved or request.args.get("saved") == "1",
        "waits": waits or request.args.get("waits") == "1",
        "email": member.user.email if member.user is not None else None,
        "cap": capping.the_cap(),
        "hours": (capping.WAKING, capping.RESTING),
    }


def _pushes(member: Member) -> dict[str, Any]:
    at = clock.now()
    server_key = keys.keys(at).server
    db.session.commit()  # in a house that was never prepared, the first visitor makes the keys
    return {
        "browsers": browsers.browsers_of(member, at),
        "this": sessions.this_sign_in(),
        "browser_words": short,
        "server_key": server_key,
    }
