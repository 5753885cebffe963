"""The page of one delivery: how it stands, what was sent, every try, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.publishing import checks, deciding, findings, holding, preflight, receipts, scheduling
from campaigns.publishing.content import texts_on
from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.timeline import timeline_of
from campaigns.publishing.views import bp
from commons import clock
from commons.db import db
from commons.errors import Conflict, DomainError
from commons.permissions import Permission
from commons.security import posting_limit
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region

STOPPED = frozenset({DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.MISSED})


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def show(public_id: str) -> Response:
    return _page(one_or_404(Delivery.visible_to(current_user), public_id))


@bp.get("/<public_id>/progress")
@allow(Permission.POST_READ)
def progress(public_id: str) -> Response:
    """What changes while it goes out, for a page that waits for it."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    return region("campaigns/publishing/_progress.html", page="campaigns/publishing/show.html", **_shown(delivery))


@bp.post("/<public_id>/live")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def said_live(public_id: str) -> Response:
    """A person has found it: the address that was pasted."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    url = request.form.get("url", "")
    try:
        deciding.it_is_live(delivery, url, by=current_user, at=clock.now())
    except deciding.NotThere as refusal:
        db.session.rollback()
        return _page(delivery, status=refusal.status, refusal=refusal, url=url)
    db.session.commit()
    flash(_("Thank you. It counts as published."), "good")
    return go(delivery.url)


@bp.post("/<public_id>/not-there")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def said_not_there(public_id: str) -> Response:
    return _act(public_id, deciding.it_is_not_there, _("It is sent again."))


@bp.post("/<public_id>/check-again")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def check_again(public_id: str) -> Response:
    return _act(public_id, deciding.check_again, _("It is looked for. Nothing is sent."))


@bp.post("/<public_id>/rest")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def send_the_rest(public_id: str) -> Response:
    return _act(public_id, deciding.send_the_rest, _("The rest is on its way."))


@bp.post("/<public_id>/leave")
@allow(Permission.POST_SCHEDULE)
def leave_it_so(public_id: str) -> Response:
    return _act(public_id, deciding.leave_it_so, _("It stays as it is."))


@bp.post("/<public_id>/send-now")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def send_now(public_id: str) -> Response:
    """Send what was held, failed or was missed, as it stands."""
    return _act(public_id, _send_now, _("It goes out now."))


@bp.post("/<public_id>/let-through")
@allow(Permission.HOLD_MANAGE)
@posting_limit
def let_through(public_id: str) -> Response:
    """Send one post although a hold is on: the statement, say."""
    return _act(public_id, _let_through, _("It goes out now, although all else is held."))


@bp.post("/<public_id>/check")
@allow(Permission.POST_READ)
@posting_limit
def check(public_id: str) -> Response:
    """Look it over now."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    preflight.check(delivery.id, clock.now(), asked=True)
    found = findings.open_of(delivery)
    if found:
        flash(_("Checked. Something stands in its way."), "warn")
    else:
        flash(_("Checked. Nothing stands in its way."), "good")
    return go(delivery.url)


@bp.post("/<public_id>/look")
@allow(Permission.POST_READ)
@posting_limit
def look(public_id: str) -> Response:
    """Fetch the live text again."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    trouble = receipts.look_again(delivery.id, clock.now())
    flash(trouble.words if trouble else _("This is what stands there now."), "warn" if trouble else "good")
    return go(url_for("publishing.receipt", public_id=public_id))


@bp.get("/<public_id>/receipt")
@allow(Permission.POST_READ)
def receipt(public_id: str) -> str:
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    at = clock.now()
    return render_template(
        "campaigns/publishing/receipt.html", delivery=delivery, receipt=receipts.receipt_of(delivery, at), at=at
    )


@bp.get("/<public_id>/receipt.json")
@allow(Permission.POST_READ)
def receipt_json(public_id: str) -> Response:
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    answer = Response(receipts.as_json(receipts.receipt_of(delivery, clock.now())), content_type="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename={receipts.file_name(delivery)}.json"
    return answer


@bp.get("/<public_id>/receipt.csv")
@allow(Permission.POST_READ)
def receipt_csv(public_id: str) -> Response:
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    rows = list(receipts.as_rows(receipts.receipt_of(delivery, clock.now())))
    return csv_answer(rows, receipts.file_name(delivery))


def _act(public_id: str, act: Callable[..., None], words: str) -> Response:
    """Carry out an act of the page and show how it stands; a refusal is told on the page."""
    delivery = one_or_404(Delivery.visible_to(current_user), public_id)
    try:
        act(delivery, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(delivery, status=refusal.status, refusal=refusal)
    db.session.commit()
    if delivery.state is DeliveryState.IN_REVIEW:
        flash(_("It waits for approval, and goes out the moment that everybody has agreed."), "warn")
    else:
        flash(words, "good")
    return go(delivery.url)


def _send_now(delivery: Delivery, *, by: Any, at: datetime) -> None:
    if delivery.state not in STOPPED:
        raise Conflict(_("This has been settled meanwhile."), _("Reload the page to see how it stands now."))
    scheduling.publish_now(delivery.post, delivery.account, delivery.zone or by.zone, by=by, at=at)


def _let_through(delivery: Delivery, *, by: Any, at: datetime) -> None:
    _send_now(delivery, by=by, at=at)
    holding.let_through(delivery, by=by, at=at)


def _page(delivery: Delivery, *, status: int = HTTPStatus.OK, **more: Any) -> Response:
    return make_response(render_template("campaigns/publishing/show.html", **{**_shown(delivery), **more}), status)


def _shown(delivery: Delivery) -> dict[str, Any]:
    at = clock.now()
    return {
        "delivery": delivery,
        "timeline": timeline_of(delivery),
        "parts": receipts.parts_of(delivery, at),
        "texts": texts_on(delivery.post, delivery.account),
        "attempts": receipts.attempts_of(delivery),
        "found": findings.open_of(delivery),
        "hold": holding.hold_over(delivery, at),
        "ends_before": checks.ends_before(delivery.account, delivery.due_at),
        "refusal": None,
        "url": "",
        "at": at,
    }
