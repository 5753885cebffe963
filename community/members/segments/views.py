"""Segments for staff: the list, one segment with its members, and the form with its live count."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, i18n
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import Invalid
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.members.segments import deciding, drafting, listing, rebuilding, slots, wording, writing
from community.members.segments.deciding import Count
from community.members.segments.drafting import DraftGroup, SegmentForm
from community.members.segments.models import Reason, Segment
from community.members.segments.tree import DEEPEST, Join
from community.members.segments.writing import Draft, MeansEverybody

bp = Blueprint("segments", __name__, url_prefix="/members/segments")


@bp.get("")
@allow(Permission.MEMBER_READ)
def index() -> str:
    return render_template(
        "community/members/segments/index.html",
        found=listing.listed(current_user, asked_page()),
        total=listing.total(),
        said=wording.said,
        may_write=_may_write(),
    )


@bp.get("/new")
@allow(Permission.MEMBER_WRITE)
def new() -> Response:
    return _form_page(SegmentForm(formdata=None), drafting.blank())


@bp.post("/new")
@allow(Permission.MEMBER_WRITE)
def create() -> Response:
    """Make the segment; with `act` only the form changes."""
    form, draft = SegmentForm(), drafting.read(request.form)
    if request.form.get("act"):
        return _form_page(form, draft, found=_counted(drafting.read(request.form)))
    if not _is_valid(form, draft):
        return _form_page(form, draft, status=422)
    try:
        segment = writing.make(_wanted(form, draft), by=current_user, at=clock.now())
    except Invalid as refusal:
        return _refused_page(form, draft, refusal)
    db.session.commit()
    flash(_("The segment is made. Who is in it is being worked out."), "good")
    return go(url_for("segments.show", public_id=segment.public_id))


@bp.post("/count")
@allow(Permission.MEMBER_WRITE)
def live_count() -> Response:
    """How many the form as it stands would mean; writes nothing."""
    return region("community/members/segments/_count.html", found=_counted(drafting.read(request.form)))


@bp.get("/<public_id>")
@allow(Permission.MEMBER_READ)
def show(public_id: str) -> Response:
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    number = asked_page()
    return region(
        "community/members/segments/_members.html",
        page="community/members/segments/show.html",
        segment=segment,
        said=wording.said(segment.rules),
        found=listing.members_of(segment, current_user, number),
        number=number,
        total=listing.total(),
        needed_by=writing.needed_by(segment, clock.now()),
        reasons=wording.REASONS,
        may_write=_may_write(),
    )


@bp.get("/<public_id>/state")
@allow(Permission.MEMBER_READ)
def state(public_id: str) -> Response:
    """How far the work on the segment is."""
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    return region(
        "community/members/segments/_state.html",
        segment=segment,
        total=listing.total(),
        reasons=wording.REASONS,
        may_write=_may_write(),
    )


@bp.get("/<public_id>/members.csv")
@allow(Permission.MEMBER_READ)
def export(public_id: str) -> Response:
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    rows = listing.table(segment, the_user(), i18n.zone(), clock.now())
    return csv_answer(rows, f"segment-{segment.public_id}-{clock.now():%Y%m%d}")


@bp.get("/<public_id>/edit")
@allow(Permission.MEMBER_WRITE)
def edit(public_id: str) -> Response:
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    form = drafting.plain_form(segment.name, segment.note)
    found = deciding.count(segment.rules, clock.now())
    return _form_page(form, drafting.of(segment.rules), segment, found=found)


@bp.post("/<public_id>/edit")
@allow(Permission.MEMBER_WRITE)
def change(public_id: str) -> Response:
    """Change the segment; with `act` only the form changes."""
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    form, draft = SegmentForm(), drafting.read(request.form)
    if request.form.get("act"):
        return _form_page(form, draft, segment, found=_counted(drafting.read(request.form)))
    if not _is_valid(form, draft):
        return _form_page(form, draft, segment, status=422)
    try:
        is_new = writing.change(segment, _wanted(form, draft), by=current_user, at=clock.now())
    except Invalid as refusal:
        return _refused_page(form, draft, refusal, segment)
    db.session.commit()
    flash(_("The segment is changed.") if is_new else _("Nothing changed."), "good")
    return go(url_for("segments.show", public_id=public_id))


@bp.post("/<public_id>/remove")
@allow(Permission.MEMBER_WRITE)
def remove(public_id: str) -> Response:
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    writing.remove(segment, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The segment is removed."), "good")
    return go(url_for("segments.index"))


@bp.post("/<public_id>/prove")
@allow(Permission.MEMBER_WRITE)
def prove(public_id: str) -> Response:
    """Look at all members again, now instead of tonight."""
    segment = one_or_404(Segment.visible_to(current_user), public_id)
    if segment.round is None or segment.round.ended_at is not None:
        rebuilding.start(segment, Reason.PROOF, clock.now())
        db.session.commit()
    return go(url_for("segments.show", public_id=public_id))


def _is_valid(form: SegmentForm, draft: DraftGroup) -> bool:
    """Both are looked at, so that all errors show."""
    named, ruled = form.validate_on_submit(), draft.validate()
    if not ruled:
        form.form_errors.append(_("Check the conditions that are marked."))
    if named and ruled and not draft.is_complete:
        form.form_errors.append(_("A group has no condition. Add one, or remove the group."))
        return False
    return bool(named and ruled)


def _wanted(form: SegmentForm, draft: DraftGroup) -> Draft:
    return Draft((form.name.data or "").strip(), draft.rules, (form.note.data or "").strip(), bool(form.everybody.data))


def _counted(draft: DraftGroup) -> Count | None:
    """None while something is missing or wrong."""
    if not draft.is_complete or not draft.validate():
        return None
    return deciding.count(draft.rules, clock.now())


def _refused_page(form: SegmentForm, draft: DraftGroup, refusal: Invalid, segment: Segment | None = None) -> Response:
    form.form_errors.append(refusal.in_full)
    return _form_page(form, draft, segment, status=422, asks_everybody=isinstance(refusal, MeansEverybody))


def _form_page(
    form: SegmentForm, draft: DraftGroup, segment: Segment | None = None, status: int = 200, **more: Any
) -> Response:
    address = url_for("segments.change", public_id=segment.public_id) if segment else url_for("segments.create")
    return region(
        "community/members/segments/_form.html",
        page="community/members/segments/edit.html",
        status=status,
        form=form,
        draft=draft,
        segment=segment,
        action=address,
        kinds=[kind for kind in slots.kinds().values() if kind.is_offered],
        joins=[(join, wording.JOINS[join]) for join in Join],
        deepest=DEEPEST,
        **({"asks_everybody": bool(form.everybody.data), "found": None} | more),
    )


def _may_write() -> bool:
    return bool(current_user.can(Permission.MEMBER_WRITE))
