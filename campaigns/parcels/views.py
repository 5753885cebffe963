"""What waits to be sent, as a page and as a table to fill in; and the pages of the table that comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.parcels import goods, wording
from campaigns.parcels.importing import parcels_in
from campaigns.parcels.understanding import COLUMNS
from commons import clock, i18n
from commons.permissions import Permission
from commons.sheets.forms import ImportForm
from commons.sheets.pages import ImportPages
from commons.tables import csv_answer
from commons.web import allow
from commons.zones import to_local

bp = Blueprint("parcels", __name__, url_prefix="/parcels")

ImportPages(
    kind=parcels_in,
    permission=Permission.PRIZE_SEND,
    form=ImportForm,
    choose="campaigns/parcels/choose.html",
    look="campaigns/parcels/look.html",
    name="parcels",
    more={"kinds": wording.KINDS},
).put_onto(bp)


@bp.get("")
@allow(Permission.PRIZE_SEND)
def index() -> str:
    """How much of each kind waits, and the way out and back as a table."""
    return render_template("campaigns/parcels/index.html", counts=goods.counts(current_user), words=wording)


@bp.get("/waiting.csv")
@allow(Permission.PRIZE_SEND)
def export() -> Response:
    """Every parcel that waits, with its address where we know it, and an empty column for the parcel number."""
    answer = csv_answer(list(_rows()), f"parcels-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows() -> Iterator[Sequence[object]]:
    head = (
        _("What it is"),
        _("What is sent"),
        _("Recipient"),
        _("Telephone number"),
        _("Delivery address"),
        _("Due before"),
    )
    yield str(COLUMNS["number"]), str(COLUMNS["tracking"]), *head
    for one in goods.waiting(current_user):
        until = to_local(one.until, i18n.zone()).strftime("%Y-%m-%d") if one.until else ""
        to = (one.to.get(part, "") for part in ("name", "phone", "place"))
        yield one.number, "", str(wording.KINDS[one.kind]), one.what, *to, until
