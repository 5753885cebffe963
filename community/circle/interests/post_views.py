"""Posts and answers: writing, reading one with its answers, taking back, reporting."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, public, signed_in
from community.circle.interests import measures, posting, reading, reporting, slots
from community.circle.interests.forms import PostForm, ReportForm
from community.circle.interests.joining import tends
from community.circle.interests.models import CirclePost, InterestCircle, Reason
from community.circle.interests.views import bp, can_write, circle_page, is_mine, mute_of, own_handle
from community.members.current import current_member, the_member


@bp.post("/<public_id>/posts")
@signed_in
def write(public_id: str) -> Response:
    """A new post in the circle."""
    circle = one_or_404(InterestCircle.visible_to(current_user), public_id)
    form = PostForm()
    post = _said(circle, form)
    if post is None:
        return make_response(circle_page(circle, form), 422)
    return go(url_for("interests.circle", public_id=public_id))


@bp.get("/posts/<public_id>")
@public
def post(public_id: str) -> str:
    """A post with its answers: the newest, or those before the answer `before`."""
    return _post_page(_root(public_id), PostForm())


@bp.post("/posts/<public_id>/answers")
@signed_in
def answer(public_id: str) -> Response:
    """An answer to the post."""
    root = _root(public_id)
    if not root.stands:
        abort(404)
    form = PostForm()
    said = _said(root.circle, form, under=root)
    if said is None:
        return make_response(_post_page(root, form), 422)
    return go(f"{_address(root)}#said-{said.public_id}")


@bp.get("/posts/<public_id>/taking-back")
@signed_in
def taking_back(public_id: str) -> str:
    """Asks before the words go."""
    post = one_or_404(reading.standing(current_user), public_id)
    if not is_mine(post):
        abort(404)
    return render_template("community/circle/interests/withdraw.html", post=post)


@bp.post("/posts/<public_id>/withdraw")
@signed_in
def withdraw(public_id: str) -> Response:
    """Take one's own words back; to everybody else there is nothing here."""
    post = one_or_404(reading.readable(current_user), public_id)
    if not is_mine(post):
        abort(404)
    posting.withdraw(post, own_handle(), clock.now())
    db.session.commit()
    flash(_("You have taken your words back."))
    return go(_address(post.parent) if post.parent else url_for("interests.circle", public_id=post.circle.public_id))


@bp.get("/posts/<public_id>/report")
@allow(Permission.TAKE_PART)
def report_form(public_id: str) -> str:
    """Why should somebody look at this post?"""
    post = one_or_404(reading.standing(current_user), public_id)
    return render_template("community/circle/interests/report.html", post=post, form=ReportForm())


@bp.post("/posts/<public_id>/report")
@allow(Permission.TAKE_PART)
def report(public_id: str) -> Response:
    post = one_or_404(reading.standing(current_user), public_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return make_response(render_template("community/circle/interests/report.html", post=post, form=form), 422)
    reporting.report(post, the_member(), Reason(form.reason.data), clock.now(), (form.note.data or "").strip())
    db.session.commit()
    flash(_("Thank you. Somebody looks at it, and you will be told what became of it."), "good")
    return go(_address(post.parent or post))


def _said(circle: InterestCircle, form: PostForm, under: CirclePost | None = None) -> CirclePost | None:
    """What the form says, written and committed; None with the reason in the form."""
    by = own_handle()
    if not form.validate_on_submit():
        return None
    try:
        said = posting.say(circle, by, form.text.data or "", clock.now(), key=form.key.data or "", under=under)
    except DomainError as refusal:
        db.session.rollback()
        form.text.errors = [refusal.message]
        return None
    db.session.commit()
    if said.stands_since is None:
        flash(_("Your words are with us; they stand as soon as somebody has looked at them."))
    return said


def _root(public_id: str) -> CirclePost:
    """A post as its page shows it: one that stands, or whose place is kept by answers, its author or who keeps order."""
    found = one_or_404(reading.readable(current_user).where(CirclePost.parent_id.is_(None)), public_id)
    if found.stands or is_mine(found) or tends(current_user, found.circle):
        return found
    if found.stands_since is None or not reading.answers(found).posts:
        abort(404)
    return found


def _post_page(root: CirclePost, form: PostForm) -> str:
    before = one_or_404(reading.standing(current_user), request.args["before"]) if request.args.get("before") else None
    answers, member = reading.answers(root, before), current_member()
    shown = [root, *answers.posts]
    return render_template(
        "community/circle/interests/post.html",
        circle=root.circle,
        card=reading.cards([root])[0],
        answers=answers,
        before=before,
        levels=reading.levels_of(root.circle, shown),
        form=form,
        keeps=tends(current_user, root.circle),
        can_write=root.stands and can_write(root.circle),
        mute=mute_of(root.circle),
        explained=_explained(root) if is_mine(root) else None,
        reported=reporting.has_reported(shown, member) if member is not None else set(),
    )


def _explained(post: CirclePost) -> str | None:
    """Where its author reads why the post does not stand."""
    if post.stands or post.withdrawn_at is not None:
        return None
    removal = measures.removal_of(post)
    if removal is not None:
        return url_for("interests.measure", public_id=removal.public_id)
    return next((path for plug in slots.explaining if (path := plug(post)) is not None), None)


def _address(root: CirclePost) -> str:
    return url_for("interests.post", public_id=root.public_id)


@bp.get("/said/<public_id>")
@public
def permalink(public_id: str) -> Response:
    """To a post or an answer in its place."""
    said = one_or_404(reading.standing(current_user), public_id)
    if said.parent is None:
        return make_response(redirect(_address(said), 302))
    return make_response(redirect(f"{_address(said.parent)}#said-{said.public_id}", 302))
