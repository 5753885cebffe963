"""The content standard: the public page with its counter and its versions, and the draft of the next one."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, public, region
from community.reviews import counting, sheets, standard, words
from community.reviews.desk_forms import ClauseForm, PublishForm
from community.reviews.fairness import Unfair
from community.reviews.models import Clause, StandardVersion

bp = Blueprint("standard", __name__)


@bp.get("/circle/standard")
@public
def show() -> str:
    """What holds now, and what was refused and removed under each clause."""
    return _page(standard.current())


@bp.get("/circle/standard/<int:number>")
@public
def version(number: int) -> str:
    """A version as it once was in force."""
    found = next((one for one in standard.versions() if one.number == number), None)
    if found is None:
        abort(404)
    return _page(found)


@bp.get("/circle/standard/counter.csv")
@public
def counter_csv() -> Response:
    """The public counter as a file."""
    return csv_answer(sheets.counter_rows(counting.count(clock.now())), f"counter-{clock.now():%Y%m%d}")


@bp.get("/reviews/standard")
@allow(Permission.STANDARD_WRITE)
def draft() -> str:
    return render_template(
        "community/reviews/draft.html",
        current=standard.current(),
        draft=standard.draft(),
        form=PublishForm(formdata=None),
    )


@bp.post("/reviews/standard")
@allow(Permission.STANDARD_WRITE)
def begin() -> Response:
    """Start the next version as a copy of the one in force."""
    standard.begin(clock.now())
    db.session.commit()
    return go(url_for("standard.draft"))


@bp.get("/reviews/standard/clauses/new")
@allow(Permission.STANDARD_WRITE)
def new_clause() -> Response:
    return _clause_page(ClauseForm(formdata=None, grounds=True), None)


@bp.post("/reviews/standard/clauses/new")
@allow(Permission.STANDARD_WRITE)
def add_clause() -> Response:
    return _save(None)


@bp.get("/reviews/standard/clauses/<public_id>")
@allow(Permission.STANDARD_WRITE)
def clause(public_id: str) -> Response:
    found = _clause(public_id)
    return _clause_page(ClauseForm.of(found), found)


@bp.post("/reviews/standard/clauses/<public_id>")
@allow(Permission.STANDARD_WRITE)
def change_clause(public_id: str) -> Response:
    return _save(_clause(public_id))


@bp.post("/reviews/standard/clauses/<public_id>/strike")
@allow(Permission.STANDARD_WRITE)
def strike(public_id: str) -> Response:
    standard.strike(_clause(public_id))
    db.session.commit()
    return go(url_for("standard.draft"))


@bp.post("/reviews/standard/discard")
@allow(Permission.STANDARD_WRITE)
def discard() -> Response:
    found = standard.draft()
    if found is not None:
        standard.discard(found)
        db.session.commit()
        flash(_("The draft is gone; what is in force stays."), "good")
    return go(url_for("standard.draft"))


@bp.post("/reviews/standard/publish")
@allow(Permission.STANDARD_WRITE)
def publish() -> Response:
    found, form = standard.draft(), PublishForm()
    if found is None:
        return go(url_for("standard.draft"))
    if not form.validate_on_submit():
        return _publish_page(form)
    try:
        standard.publish(found, form.note, by=current_user, at=clock.now())
    except Invalid as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _publish_page(form)
    db.session.commit()
    flash(_("Version %(number)s is in force.", number=found.number), "good")
    return go(url_for("standard.show"))


def _page(shown: StandardVersion) -> str:
    now = standard.current()
    return render_template(
        "community/reviews/standard.html",
        version=shown,
        current=now,
        versions=standard.versions(),
        counter=counting.count(clock.now()) if shown is now else None,
        titles=standard.titles(),
        by_hosts=words.BY_HOSTS,
        may_write=current_user.is_authenticated and current_user.can(Permission.STANDARD_WRITE),
    )


def _publish_page(form: PublishForm) -> Response:
    return region(
        "community/reviews/_publish.html", page="community/reviews/draft.html", status=422,
        current=standard.current(), draft=standard.draft(), form=form,
    )  # fmt: skip


def _clause(public_id: str) -> Clause:
    """A clause of the draft; those in force no longer change."""
    return one_or_404(select(Clause).join(Clause.version).where(StandardVersion.published_at.is_(None)), public_id)


def _save(known: Clause | None) -> Response:
    form, version = ClauseForm(), standard.draft()
    if version is None:
        return go(url_for("standard.draft"))
    if not form.validate_on_submit():
        return _clause_page(form, known, status=422)
    try:
        standard.write(version, form.wording, known)
    except Invalid as refusal:
        db.session.rollback()
        field = form.grounds if isinstance(refusal, Unfair) else form.number
        field.errors = [refusal.in_full]
        return _clause_page(form, known, status=422)
    db.session.commit()
    flash(_("Clause %(number)s is in the draft.", number=form.wording.number), "good")
    return go(url_for("standard.draft"))


def _clause_page(form: ClauseForm, known: Clause | None, status: int = 200) -> Response:
    return region(
        "community/reviews/_clause.html", page="community/reviews/clause.html", status=status, form=form, clause=known
    )
