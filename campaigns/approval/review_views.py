"""The page of a reviewer outside: no sign-in, one request, as long as the link lasts."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from campaigns.approval import reading, reviewing
from campaigns.approval.forms import DecisionForm
from campaigns.approval.models import DecisionKind, ReviewLink
from commons import clock
from commons.db import db
from commons.errors import DomainError, Gone
from commons.extensions import limiter
from commons.security import guessing_limit, visitor_address
from commons.web import public

bp = Blueprint("review", __name__, url_prefix="/review")

looking_limit = limiter.shared_limit("60 per minute", scope="reviewing", key_func=visitor_address)


@bp.get("/<token>")
@public
@looking_limit
def show(token: str) -> Response:
    """What will be sent, as it will be seen, and two buttons."""
    at = clock.now()
    return _page(token, reviewing.look(token, at), DecisionForm(formdata=None))


@bp.post("/<token>")
@public
@guessing_limit
@looking_limit
def decide(token: str) -> Response:
    form, at = DecisionForm(), clock.now()
    link = reviewing.look(token, at)
    if not form.validate_on_submit():
        return _page(token, link, form, status=422)
    kind = DecisionKind.APPROVE if request.form.get("act") == "approve" else DecisionKind.REJECT
    try:
        reviewing.decide(token, kind, seen=form.seen.data or "", note=form.note.data or "", at=at)
    except Gone:
        raise
    except DomainError as refusal:
        db.session.rollback()
        return _page(token, reviewing.look(token, at), form, refusal=refusal, status=refusal.status)
    db.session.commit()
    words = (
        _("You approved it.")
        if kind is DecisionKind.APPROVE
        else _("You did not approve it. Your words were passed on.")
    )
    return _quiet(make_response(render_template("campaigns/approval/thanks.html", words=words)))


def _page(
    token: str, link: ReviewLink, form: DecisionForm, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    form.seen.data = link.request.seen
    page = render_template(
        "campaigns/approval/review.html",
        token=token,
        link=link,
        asked=link.request,
        shown=reading.shown(link.request),
        form=form,
        refusal=refusal,
    )
    return _quiet(make_response(page, status))


def _quiet(response: Response) -> Response:
    """The address is the key: it stays out of search engines. Caches and referrers never see one that holds a token."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
