"""The fan's own pages: check-in, status, and the public card."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for

from commons import clock
from commons.db import db
from commons.paging import asked_page
from commons.permissions import Permission
from commons.web import absolute_url, allow, one_or_404, public, region, safe_next, signed_in
from community.circle import cards, checking_in, status
from community.circle.views import NO_STORE, bp
from community.loyalty.levels.standing import standing
from community.members.current import current_member
from community.members.models import Member


@bp.post("/circle/check-in")
@allow(Permission.TAKE_PART)
def check_in() -> Response:
    """Check in for today; once a day, and a second time changes nothing."""
    member = current_member()
    if member is None:
        abort(404)
    checking_in.check_in(member, clock.now())
    db.session.commit()
    answer = region(
        "community/circle/_check_in.html",
        streak=checking_in.streak_of(member, clock.now()),
        just_now=True,
        or_redirect=safe_next(url_for("circle.me")),
    )
    answer.headers["HX-Trigger"] = "circle:moved"
    return answer


@bp.get("/circle/me")
@signed_in
def me() -> str:
    """Where the fan stands, why, and what is next. Staff learn where their own side is."""
    member = current_member()
    if member is None:
        return render_template("community/circle/no_status.html")
    number = asked_page()
    now = status.status_of(member, clock.now(), number)
    return render_template(
        "community/circle/status.html",
        member=member,
        status=now,
        card_address=_card_address(member),
        **_reasons(now, number),
    )


@bp.get("/circle/me/live")
@allow(Permission.TAKE_PART)
def live() -> Response:
    """The moving part of the status page; 204 while `mark` still holds. `level` is the rank that was shown last."""
    member = current_member()
    if member is None or status.mark_of(member, clock.now()) == request.args.get("mark"):
        return make_response("", 204, NO_STORE)
    now = status.status_of(member, clock.now())
    shown = request.args.get("level", type=int)
    risen = shown is not None and now.standing.level.rank > shown
    answer = render_template(
        "community/circle/_status_live.html", member=member, status=now, risen=risen, **_reasons(now, 1)
    )
    return make_response(answer, NO_STORE)


@bp.post("/circle/me/card")
@allow(Permission.TAKE_PART)
def switch_card() -> Response:
    """Show one's card to everybody (`on` = 1), or take it away at once (0)."""
    member = current_member()
    if member is None:
        abort(404)
    cards.switch(member, request.form.get("on") == "1")
    db.session.commit()
    return region(
        "community/circle/_card_switch.html",
        member=member,
        card_address=_card_address(member),
        or_redirect=url_for("circle.me") + "#card",
    )


@bp.get("/circle/cards/<public_id>")
@public
def card(public_id: str) -> Response:
    """A member's public card; nothing here unless the member shows it."""
    member = one_or_404(cards.public_cards(), public_id)
    page = render_template(
        "community/circle/card.html",
        member=member,
        standing=standing(member, clock.now()),
        card_address=_card_address(member),
        picture_address=absolute_url("circle.card_png", public_id=member.public_id),
    )
    return make_response(page, NO_STORE)


def _card_address(member: Member) -> str:
    return absolute_url("circle.card", public_id=member.public_id)


def _reasons(shown: status.Status, number: int) -> dict[str, Any]:
    """The page of the history, as loyalty's partial takes it."""
    return {
        "lines": shown.history.lines,
        "older": url_for("circle.me", page=number + 1) + "#reasons" if shown.history.has_older else None,
        "newer": url_for("circle.me", page=number - 1) + "#reasons" if number > 1 else None,
        "number": number,
    }
