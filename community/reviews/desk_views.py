"""The queue for staff: one list with priorities, decided with a few keys; what was decided; the thresholds; featured slots."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.reviews import appealing, circle_posts, deciding, featuring, reading, sheets, standard, thresholds, words
from community.reviews.aspects import ASPECTS
from community.reviews.checks import Finding
from community.reviews.desk_forms import DecisionForm, FeatureForm, TermsForm
from community.reviews.models import Decision, Feature, Kind, State, Submission, Verdict, Wait

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


@bp.get("")
@allow(Permission.CONTENT_REVIEW)
def index() -> str:
    """What waits for this person, the most urgent first."""
    wait = _wait(request.args.get("wait", ""))
    return render_template(
        "community/reviews/index.html",
        page=reading.page_of_queue(current_user, wait, asked_page()),
        wait=wait,
        counts=reading.counts(current_user),
        overdue=reading.overdue(current_user, clock.now()),
        undoable=reading.last_undoable(current_user, clock.now()),
        **_words(),
    )


@bp.get("/decided")
@allow(Permission.CONTENT_REVIEW)
def decided() -> str:
    return render_template("community/reviews/decided.html", page=reading.decided(asked_page()), **_words())


@bp.get("/decided.csv")
@allow(Permission.CONTENT_REVIEW)
def decided_csv() -> Response:
    """Every decision as a file."""
    answer = csv_answer(sheets.decided_rows(), f"decided-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/<public_id>")
@allow(Permission.CONTENT_REVIEW)
def item(public_id: str) -> Response:
    return _page(one_or_404(Submission.visible_to(current_user), public_id))


@bp.post("/<public_id>")
@allow(Permission.CONTENT_REVIEW)
def decide(public_id: str) -> Response:
    """Decide, and go on with the next one."""
    found = one_or_404(Submission.visible_to(current_user), public_id)
    form = DecisionForm(clauses=standard.grounds())
    verdict = next((one for one in Verdict if one.value == request.form.get("verdict", "")), None)
    if verdict is None or not form.validate_on_submit():
        return _page(found, form, status=422)
    following = reading.next_after(current_user, found, _wait(request.args.get("wait", "")))
    given = {"clause": form.clause.data or "", "reason": form.reason.data or ""}
    act = deciding.decide_alike if form.alike.data else deciding.decide
    try:
        act(found, verdict, by=current_user, at=clock.now(), **given)
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _page(one_or_404(Submission.visible_to(current_user), public_id), form, status=refusal.status)
    db.session.commit()
    if following is None or following.id == found.id or not following.waits:
        following = reading.next_after(current_user)
    return go(_address(following))


@bp.post("/decisions/<public_id>/undo")
@allow(Permission.CONTENT_REVIEW)
def undo(public_id: str) -> Response:
    decision = one_or_404(select(Decision).where(Decision.by_id == current_user.id), public_id)
    deciding.undo(decision, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Undone. It waits again."), "good")
    return go(url_for("reviews.item", public_id=decision.submission.public_id))


@bp.get("/thresholds")
@allow(Permission.CONTENT_REVIEW)
def terms() -> Response:
    return _terms_page(TermsForm.of(thresholds.terms(), thresholds.number()))


@bp.post("/thresholds")
@allow(Permission.STANDARD_WRITE)
def change_terms() -> Response:
    form = TermsForm()
    if not form.validate_on_submit():
        return _terms_page(form, status=422)
    word = form.since.data or ""
    since = int(word) if word.isascii() and word.isdigit() else 0
    try:
        changed = thresholds.change(form.terms(thresholds.terms()), since, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _terms_page(form, status=refusal.status)
    db.session.commit()
    flash(_("They hold from now on.") if changed else _("Nothing changed."), "good")
    return go(url_for("reviews.terms"))


@bp.get("/featured")
@allow(Permission.CONTENT_REVIEW)
def featured() -> str:
    ahead, past = featuring.listing(clock.now())
    return render_template("community/reviews/featured.html", ahead=ahead, past=past, places=featuring.PLACES)


@bp.get("/<public_id>/feature")
@allow(Permission.CONTENT_REVIEW)
def feature_form(public_id: str) -> Response:
    found = one_or_404(_for_slots(), public_id)
    return _feature_page(found, FeatureForm.usual(clock.now()))


@bp.post("/<public_id>/feature")
@allow(Permission.CONTENT_REVIEW)
def feature(public_id: str) -> Response:
    found = one_or_404(_for_slots(), public_id)
    form = FeatureForm()
    if not form.validate_on_submit():
        return _feature_page(found, form, status=422)
    starts, ends = form.starts.data, form.ends.data
    assert starts is not None
    assert ends is not None
    try:
        featuring.feature(
            found,
            form.place.data,
            starts,
            ends,
            form.zone.data,
            by=current_user,
            at=clock.now(),
            note=form.note.data or "",
        )
    except DomainError as refusal:
        db.session.rollback()
        form.starts.errors = [refusal.in_full]
        return _feature_page(found, form, status=refusal.status)
    db.session.commit()
    flash(_("It is featured for that time, and its author is told."), "good")
    return go(url_for("reviews.featured"))


@bp.post("/featured/<public_id>/end")
@allow(Permission.CONTENT_REVIEW)
def end_feature(public_id: str) -> Response:
    featuring.end(one_or_404(Feature.visible_to(current_user), public_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The place is free again."), "good")
    return go(url_for("reviews.featured"))


def _for_slots() -> Select[Submission]:
    """What can be featured: published, and no post of another room."""
    return select(Submission).where(Submission.state == State.PUBLISHED, Submission.kind != Kind.FOREIGN)


def _page(found: Submission, form: DecisionForm | None = None, status: int = 200) -> Response:
    at = clock.now()
    wait = _wait(request.args.get("wait", ""))
    following = reading.next_after(current_user, found, wait)
    return region(
        "community/reviews/_item.html",
        page="community/reviews/item.html",
        status=status,
        item=found,
        form=form or DecisionForm(formdata=None, clauses=standard.grounds()),
        findings=[Finding.read(row) for row in found.findings],
        alike=deciding.waiting_alike(found) if found.state is State.WAITING else [],
        record=reading.record_of(found.member_id),
        appeal=appealing.open_appeal(found),
        place=circle_posts.address_of(found),
        why_not=deciding.why_not(found, current_user),
        options=deciding.OPTIONS[found.state] if found.waits or found.state is State.PUBLISHED else (),
        following=following if following is not None and following.id != found.id else None,
        previous=reading.previous_before(current_user, found, wait),
        undoable=reading.last_undoable(current_user, at),
        wait=wait,
        **_words(),
    )


def _terms_page(form: TermsForm, status: int = 200) -> Response:
    return region(
        "community/reviews/_terms.html", page="community/reviews/terms.html", status=status, form=form,
        numbers=thresholds.NUMBERS, history=thresholds.history(), may_change=current_user.can(Permission.STANDARD_WRITE),
    )  # fmt: skip


def _feature_page(found: Submission, form: FeatureForm, status: int = 200) -> Response:
    return region(
        "community/reviews/_feature.html", page="community/reviews/feature.html", status=status, form=form, share=found,
        **_words(),
    )  # fmt: skip


def _address(found: Submission | None) -> str:
    if found is None:
        return url_for("reviews.index")
    return url_for("reviews.item", public_id=found.public_id, wait=request.args.get("wait") or None)


def _wait(word: str) -> Wait | None:
    return next((wait for wait in Wait if wait.value == word), None)


def _words() -> dict[str, Any]:
    return {
        "kind_words": words.KINDS,
        "state_words": words.STATES,
        "tones": words.TONES,
        "wait_words": words.WAITS,
        "verdict_words": words.VERDICTS,
        "choice_words": words.CHOICES,
        "aspect_words": ASPECTS,
        "sight": words.sight,
        "State": State,
        "Verdict": Verdict,
        "Wait": Wait,
    }
