"""What fans share: the wall, handing in, one's own, withdrawing, appealing, reporting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from commons import clock
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import DomainError
from commons.media.serving import to_one_person
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, public, region
from community.members.current import current_member, the_member
from community.reviews import appealing, circle_posts, featuring, pictures, reading, slots, standard, submitting, words
from community.reviews.aspects import ASPECTS, averages_about
from community.reviews.forms import LIMIT, AppealForm, ReportForm, ReviewForm, SubmitForm, form_for
from community.reviews.models import Decision, Kind, ReviewAppeal, State, Submission
from community.reviews.slots import Order
from community.reviews.submitting import Draft

bp = Blueprint("shares", __name__)

KINDS = (Kind.POST, Kind.PICTURES, Kind.ORDER_REVIEW)


@bp.get("/circle/shares")
@public
def index() -> str:
    """What stands for everybody, the featured on top; of one kind, or about one thing that was bought."""
    kind = _kind(request.args.get("kind", ""))
    about = request.args.get("about", "")[:64]
    standing = select(Submission).where(Submission.state == State.PUBLISHED)
    before = one_or_404(standing, request.args["before"]) if request.args.get("before") else None
    rows, has_older = reading.published(kind, before, about)
    return render_template(
        "community/reviews/shares.html",
        rows=rows,
        has_older=has_older,
        kind=kind,
        about=about,
        before=before,
        averages=averages_about(about) if about else {},
        featured=featuring.showing("shares", clock.now()) if before is None and not about and kind is None else [],
        **_words(),
    )


@bp.get("/circle/shares/<public_id>")
@public
def show(public_id: str) -> Response:
    return _page(one_or_404(Submission.visible_to(current_user), public_id))


@bp.get("/circle/shares/<public_id>/pictures/<int:position>/<int:width>")
@public
def picture(public_id: str, position: int, width: int) -> Response:
    """A picture whose words not everybody may read."""
    found = one_or_404(Submission.visible_to(current_user), public_id)
    shown = next((one.picture for one in found.pictures if one.position == position), None)
    return to_one_person(shown or abort(404), width)


@bp.get("/circle/submit")
@allow(Permission.TAKE_PART)
def new() -> Response:
    kind = _kind(request.args.get("kind", "")) or Kind.POST
    form = form_for(kind, _orders())
    if isinstance(form, ReviewForm) and request.args.get("order") in form.known:
        form.order.data = request.args["order"]
    return _form_page(kind, form)


@bp.post("/circle/submit")
@allow(Permission.TAKE_PART)
@posting_limit
def submit() -> Response:
    """Hand in what the form says; sent twice it is handed in once."""
    kind = _kind(request.args.get("kind", "")) or Kind.POST
    form = form_for(kind, _orders())
    if not form.validate_on_submit():
        return _form_page(kind, form, status=422)
    try:
        made = submitting.submit(the_member(), _draft(kind, form), key=form.key.data or "", at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [*form.text.errors, refusal.message]
        return _form_page(kind, form, status=refusal.status)
    db.session.commit()
    is_out = made.state is State.PUBLISHED
    flash(_("It is published.") if is_out else _("Handed in. Somebody looks at it, and you are told."), "good")
    return go(made.url)


@bp.get("/me/submissions")
@allow(Permission.TAKE_PART)
def mine() -> str:
    page = reading.mine(the_member(), asked_page())
    return render_template("community/reviews/mine.html", page=page, orders=_orders()[:3], **_words())


@bp.post("/circle/shares/<public_id>/withdraw")
@allow(Permission.TAKE_PART)
def take_back(public_id: str) -> Response:
    submitting.withdraw(_mine(public_id), the_member(), clock.now())
    db.session.commit()
    flash(_("It is withdrawn."), "good")
    return go(url_for("shares.mine"))


@bp.post("/circle/shares/<public_id>/appeal")
@allow(Permission.TAKE_PART)
@posting_limit
def appeal(public_id: str) -> Response:
    found, form = _mine(public_id), AppealForm()
    if not form.validate_on_submit():
        return _page(found, appeal_form=form, status=422)
    try:
        appealing.appeal(found, form.text.data or "", by=the_member(), at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _page(_mine(public_id), appeal_form=form, status=refusal.status)
    db.session.commit()
    flash(_("Your appeal is in. Somebody else looks at it, and you are told."), "good")
    return go(found.url)


@bp.post("/circle/shares/<public_id>/report")
@allow(Permission.TAKE_PART)
@posting_limit
def report(public_id: str) -> Response:
    found = one_or_404(Submission.visible_to(current_user), public_id)
    form = ReportForm(clauses=standard.grounds())
    if not form.validate_on_submit():
        return _page(found, report_form=form, status=422)
    try:
        appealing.report(found, form.clause.data, form.text.data or "", by=the_member(), at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return _page(
            one_or_404(Submission.visible_to(current_user), public_id), report_form=form, status=refusal.status
        )
    db.session.commit()
    flash(_("Thank you. Somebody looks at it."), "good")
    return go(found.url)


def _page(
    found: Submission, appeal_form: AppealForm | None = None, report_form: ReportForm | None = None, status: int = 200
) -> Response:
    member = current_member()
    is_mine = member is not None and found.member_id == member.id
    against = appealing.decided_against(found) if is_mine else None
    return region(
        "community/reviews/_share.html",
        page="community/reviews/share.html",
        status=status,
        share=found,
        is_mine=is_mine,
        against=against,
        place=circle_posts.address_of(found),
        appeal=_appeal(found, against) if is_mine else None,
        appeal_form=appeal_form or AppealForm(formdata=None),
        report_form=report_form or ReportForm(formdata=None, clauses=standard.grounds()),
        may_report=member is not None and not is_mine and found.state is State.PUBLISHED,
        has_reported=member is not None and any(report.member_id == member.id for report in found.reports),
        **_words(),
    )


def _appeal(found: Submission, against: Decision | None) -> ReviewAppeal | None:
    """The appeal that the page tells of: that against what stands against it now, or the one that was right."""
    if against is not None:
        return appealing.appeal_of(against)
    return appealing.last_appeal(found) if found.state is State.PUBLISHED else None


def _form_page(kind: Kind, form: SubmitForm, status: int = 200) -> Response:
    return region(
        "community/reviews/_submit.html",
        page="community/reviews/submit.html",
        status=status,
        kind=kind,
        kinds=KINDS,
        form=form,
        limit=LIMIT,
        orders=form.known if isinstance(form, ReviewForm) else {},
        most_pictures=submitting.MOST_PICTURES,
        **_words(),
    )


def _draft(kind: Kind, form: SubmitForm) -> Draft:
    """What was entered, its pictures kept."""
    files, alts = form.pictures[: submitting.MOST_PICTURES], request.form.getlist("alt")
    kept = list(pictures.keep_all(files, alts, the_user(), clock.now()))
    if not isinstance(form, ReviewForm):
        return Draft(kind, form.text.data or "", kept)
    order = form.known.get(form.order.data)
    return Draft(kind, form.text.data or "", kept, int(form.stars.data), form.marks, order)


def _mine(public_id: str) -> Submission:
    return one_or_404(select(Submission).where(Submission.member_id == the_member().id), public_id)


def _orders() -> list[Order]:
    """What the member bought and has not reviewed yet, the latest first."""
    member, at = the_member(), clock.now()
    bought = [order for plug in slots.orders for order in plug(member, at)]
    query = select(Submission.order_ref).where(Submission.order_ref.in_([order.ref for order in bought]))
    reviewed = set(db.session.scalars(query))
    fresh = [order for order in bought if order.ref not in reviewed]
    return sorted(fresh, key=lambda order: order.bought_at, reverse=True)


def _kind(word: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.value == word), None)


def _words() -> dict[str, Any]:
    return {
        "kind_words": words.KINDS,
        "state_words": words.STATES,
        "tones": words.TONES,
        "aspect_words": ASPECTS,
        "Kind": Kind,
        "State": State,
    }
