"""The board of an offer's seats, and what the team does with them: fill, lower, deliver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from campaigns.groupbuys import delivering, reading, stocking, wording
from campaigns.groupbuys.forms import FillForm, LowerForm
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, SeatState, Team
from campaigns.groupbuys.views import bp, visible
from commons import clock
from commons.acting import act
from commons.db import db
from commons.forms import Form
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404

HEAD = (
    "seat", "member", "name", "state", "quantity", "price", "currency", "team", "joined_at", "left_at", "left_why", "payment",
    "delivered_at", "tracking", "came_by",
)  # fmt: skip


@bp.get("/<public_id>/seats")
@allow(Permission.CAMPAIGN_READ)
def board(public_id: str) -> str:
    return render_template("campaigns/groupbuys/board.html", **_board(visible(public_id)))


@bp.get("/<public_id>/seats.csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str) -> Response:
    """Every seat that was taken, also those given back, or those in one state; times in UTC."""
    group_buy = visible(public_id)
    return csv_answer(_seat_rows(group_buy, _asked_state()), f"seats-{group_buy.public_id}")


@bp.post("/<public_id>/fill")
@allow(Permission.GROUP_BUY_WRITE)
def fill(public_id: str) -> Response:
    group_buy, form = visible(public_id), FillForm()
    team = one_or_404(Team.visible_to(current_user), request.form["team"]) if request.form.get("team") else None
    said = _("The brand has taken these seats. They are counted apart, for everybody to see.")
    return _do(
        group_buy,
        form,
        lambda: stocking.fill(group_buy, form.count.data or 0, by=current_user, at=clock.now(), team=team),
        said,
    )


@bp.post("/<public_id>/lower")
@allow(Permission.GROUP_BUY_WRITE)
def lower(public_id: str) -> Response:
    group_buy, form = visible(public_id), LowerForm()
    said = _("There are fewer seats now. Who came last is told and refunded in a moment.")
    return _do(
        group_buy,
        form,
        lambda: stocking.lower(
            group_buy, form.seats.data or 0, form.reason.data or "", by=current_user, at=clock.now()
        ),
        said,
    )


@bp.post("/<public_id>/deliver")
@allow(Permission.GROUP_BUY_WRITE)
def deliver(public_id: str) -> Response:
    """Mark the ticked seats as delivered, or all that wait for it."""
    group_buy = visible(public_id)
    named = None if "all" in request.form else request.form.getlist("seat")
    count = delivering.deliver(group_buy, named, by=current_user, at=clock.now())
    db.session.commit()
    if count:
        flash(
            ngettext(
                "%(num)d seat is delivered; its buyer is invited to review.",
                "%(num)d seats are delivered; their buyers are invited to review.",
                count,
            ),
            "good",
        )
    else:
        flash(_("Nothing was ticked that waits for its delivery."), "warn")
    return _back(group_buy)


@bp.post("/<public_id>/orders/deliver")
@allow(Permission.GROUP_BUY_WRITE)
def deliver_orders(public_id: str) -> Response:
    """Mark what was ordered on the marketplace as delivered; who ordered it is invited to review, where we know who it was."""
    group_buy = visible(public_id)
    count = delivering.deliver_orders(group_buy, by=current_user, at=clock.now())
    db.session.commit()
    if count:
        said = ngettext("%(num)d buyer is invited to review.", "%(num)d buyers are invited to review.", count)
        flash(said, "good")
    else:
        flash(_("There is nobody to invite: every buyer whom we know was invited already."), "warn")
    return go(group_buy.url)


def _do(group_buy: GroupBuy, form: Form, change: Callable[[], object], said: str) -> Response:
    """Let it happen and say so, or say why not; then back to the board."""
    if not form.validate_on_submit():
        flash(" ".join(str(error) for field in form for error in field.errors), "bad")
        return _back(group_buy)
    return act(change, said, url_for("groupbuys.board", public_id=group_buy.public_id))


def _back(group_buy: GroupBuy) -> Response:
    return go(url_for("groupbuys.board", public_id=group_buy.public_id))


def _board(group_buy: GroupBuy) -> dict[str, object]:
    state = _asked_state()
    return {
        "group_buy": group_buy,
        "page": reading.board(group_buy, state, asked_page()),
        "state": state,
        "counts": reading.counts(group_buy),
        "fills": reading.fills_of(group_buy),
        "teams": reading.teams_of(group_buy, joinable=True) if group_buy.kind is GroupBuyKind.TEAMS else [],
        "undelivered": reading.undelivered(group_buy),
        "fill_form": FillForm(formdata=None),
        "lower_form": LowerForm(formdata=None),
        "words": wording,
    }


def _asked_state() -> SeatState | None:
    asked = request.args.get("state", "")
    return SeatState(asked) if asked in set(SeatState) else None


def _seat_rows(group_buy: GroupBuy, state: SeatState | None) -> Iterator[Sequence[object]]:
    yield HEAD
    for seat in reading.seat_rows(group_buy, state):
        yield (
            seat.public_id,
            seat.member.public_id,
            seat.member.name,
            seat.state.value,
            seat.quantity,
            seat.price.amount,
            group_buy.currency,
            seat.team.public_id if seat.team else "",
            seat.joined_at.isoformat(),
            seat.left_at.isoformat() if seat.left_at else "",
            seat.left_why.value if seat.left_why else "",
            seat.payment.public_id if seat.payment else "",
            seat.delivered_at.isoformat() if seat.delivered_at else "",
            seat.tracking,
            seat.link.slug if seat.link else "",
        )
