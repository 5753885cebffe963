"""The books on screen: what is held, and the proof of every night."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _

from campaigns.payments.books import reconciling
from campaigns.payments.desk_views import provider_words
from commons import clock
from commons.db import db
from commons.money import Money
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go

bp = Blueprint("payment_books", __name__, url_prefix="/payments/books")
NIGHTS = 400


@bp.get("")
@allow(Permission.PAYMENT_READ)
def index() -> str:
    """Sums as they are now, the newest proof, and the nights before."""
    nights = reconciling.nights()
    return render_template(
        "campaigns/payments/books/index.html",
        totals=reconciling.totals(),
        proof=next(iter(nights), None),
        nights=nights,
        provider_words=provider_words(),
        Money=Money,
    )


@bp.post("/check")
@allow(Permission.PAYMENT_WRITE)
def check() -> Response:
    """Compare at this moment, without waiting for the night."""
    proof = reconciling.check(clock.now())
    db.session.commit()
    flash(
        _("Differences were found.") if proof.differences else _("Everything adds up."),
        "warn" if proof.differences else "good",
    )
    return go(url_for("payment_books.index"))


@bp.get("/nights.csv")
@allow(Permission.PAYMENT_READ)
def export() -> Response:
    """The comparisons of the last months, one sum in each row."""
    return csv_answer(_nights(), f"payment-books-{clock.now():%Y-%m-%d}")


def _nights() -> Iterator[Sequence[object]]:
    yield (
        "checked_at",
        "payments",
        "receipts",
        "refunds",
        "differences",
        "provider",
        "currency",
        "received",
        "sent_back",
        "promised",
        "held",
    )
    for night in reconciling.nights(NIGHTS):
        counted = (night.checked_at.isoformat(), night.payments, night.receipts, night.refunds, len(night.differences))
        for total in night.totals or [{}]:
            sums = [_amount(total, name) for name in ("received", "sent_back", "promised", "held")]
            yield *counted, total.get("provider", ""), total.get("currency", ""), *sums


def _amount(total: dict[str, object], name: str) -> object:
    minor = total.get(name)
    return Money(minor, str(total["currency"])).amount if isinstance(minor, int) else ""
