"""The ledger for those who answer for it: the proof that it balances, what is still owed in points, and every movement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.admin import brand
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.loyalty import adjusting
from community.loyalty.books import liability, reconciling, statement, tracing
from community.loyalty.books.forms import LiabilityForm, ReasonForm
from community.loyalty.books.liability import Liability
from community.loyalty.models import Currency, EntryKind, LedgerEntry
from community.loyalty.watching import showing
from community.loyalty.watching.words import SIGNS
from community.loyalty.words import CURRENCIES, ENTRIES
from community.members.facts import evidence_words, say
from community.members.models import Member

bp = Blueprint("ledger", __name__, url_prefix="/loyalty")
NIGHTS = 400


@bp.get("/reconciliation")
@allow(Permission.LOYALTY_READ)
def reconciliation() -> str:
    """The newest proof, or the one of the night that the address names."""
    nights = reconciling.nights()
    chosen = request.args.get("night")
    proof = (reconciling.of_night(chosen) or abort(404)) if chosen else next(iter(nights), None)
    return render_template(
        "community/loyalty/reconciliation.html",
        proof=proof,
        is_newest=not nights or proof is nights[0],
        found=tracing.found_by(proof),
        nights=nights,
        newest=tracing.newest(),
        currencies=CURRENCIES,
        kinds=ENTRIES,
    )


@bp.get("/reconciliation.csv")
@allow(Permission.LOYALTY_READ)
def reconciliation_csv() -> Response:
    """The comparisons of the last months, one in each row."""
    return csv_answer(_nights(), f"reconciliation-{clock.now():%Y-%m-%d}")


@bp.get("/members/<public_id>/statement.csv")
@allow(Permission.LOYALTY_READ)
def statement_csv(public_id: str) -> Response:
    member = one_or_404(Member.visible_to(current_user), public_id)
    return csv_answer(statement.rows(member), f"statement-{member.public_id}")


@bp.get("/liability")
@allow(Permission.LOYALTY_READ)
def owed() -> Response:
    form = LiabilityForm(request.args)
    is_valid = form.validate()
    found = _liability(form) if is_valid else None
    words = {
        "form": form,
        "found": found,
        "per_hundred": form.per_hundred if is_valid else None,
        "worth": liability.worth,
    }
    return make_response(render_template("community/loyalty/liability.html", **words), 200 if is_valid else 422)


@bp.get("/liability.csv")
@allow(Permission.LOYALTY_READ)
def owed_csv() -> Response:
    """The same as a file; what cannot be read in the address is left out."""
    form = LiabilityForm(request.args)
    if not form.validate():
        form = LiabilityForm()
    found = _liability(form)
    return csv_answer(_rows(found, form), f"points-liability-{found.at:%Y-%m-%d}")


@bp.get("/entries/<public_id>")
@allow(Permission.LOYALTY_READ)
def entry(public_id: str) -> Response:
    return _entry_page(_visible(public_id), ReasonForm(formdata=None))


@bp.post("/entries/<public_id>/confirm")
@allow(Permission.LOYALTY_WRITE)
def confirm(public_id: str) -> Response:
    """What is pending counts from now on, because a person says so."""
    return _settle(public_id, adjusting.confirm, _("It is available from now on."))


@bp.post("/entries/<public_id>/undo")
@allow(Permission.LOYALTY_WRITE)
def undo(public_id: str) -> Response:
    return _settle(public_id, adjusting.take_back, _("The entry is undone."))


def _settle(public_id: str, verb: Callable[..., object], done: str) -> Response:
    found, form = _visible(public_id), ReasonForm()
    if not form.validate_on_submit():
        return _entry_page(found, form, status=422)
    try:
        verb(found, note=form.note.data or "", by=current_user, at=clock.now())
    except Invalid as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.message)
        return _entry_page(_visible(public_id), form, status=422)
    db.session.commit()
    flash(done, "good")
    return go(url_for("ledger.entry", public_id=public_id))


def _visible(public_id: str) -> LedgerEntry:
    return one_or_404(LedgerEntry.visible_to(current_user), public_id)


def _entry_page(found: LedgerEntry, form: ReasonForm, status: int = 200) -> Response:
    touched = tracing.touches(found)
    return region(
        "community/loyalty/_entry.html",
        page="community/loyalty/entry.html",
        status=status,
        entry=found,
        basis=tracing.basis_of(found),
        form=form,
        touches=touched,
        undone_by=tracing.reversal_of(found),
        held_by=showing.about_entry(found),
        signs=SIGNS,
        is_pending=any(touch.brought and touch.lot.is_pending and touch.lot.remaining for touch in touched),
        may_be_undone=found.kind in {EntryKind.EARN, EntryKind.SPEND, EntryKind.ADJUST},
        may_change=current_user.can(Permission.LOYALTY_WRITE),
        currencies=CURRENCIES,
        kinds=ENTRIES,
        evidence_words=evidence_words,
        say=say,
    )


def _liability(form: LiabilityForm) -> Liability:
    """As the ledger stands now, or as it stood when the chosen day was over."""
    zone = brand.shown().zone
    at = liability.end_of(form.day.data, zone) if form.day.data else clock.now()
    now = clock.now()
    return liability.liability(at, zone, past=True) if at < now else liability.liability(now, zone)


def _nights() -> Iterator[Sequence[object]]:
    held = [f"{currency.value}_{what}" for currency in Currency for what in reconciling.HELD]
    yield "checked_at", "accounts", "entries", "lots", "differences", *held
    for night in reconciling.nights(NIGHTS):
        sums = [night.totals.get(currency.value, {}).get(what, 0) for currency in Currency for what in reconciling.HELD]
        yield night.checked_at.isoformat(), night.accounts, night.entries, night.lots, len(night.differences), *sums


def _rows(found: Liability, form: LiabilityForm) -> Iterator[Sequence[object]]:
    yield "as_of", "kind", "month", "available", "pending", "points", "members", "worth", "currency"
    for line in found.lines:
        value = liability.worth(line.points, form.per_hundred) if form.per_hundred else None
        month = f"{line.month:%Y-%m}" if line.month else ""
        yield (
            found.at.isoformat(), line.kind, month, line.available, line.pending, line.points, line.members,
            value.amount if value else "", value.currency if value else "",
        )  # fmt: skip
