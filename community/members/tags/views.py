"""Tags for staff: all of them, one of them, a member's own, and on many members at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from commons import clock, i18n
from commons.accounts.current import the_user
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.forms import storable
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, one_or_404, region
from community.members.models import Member
from community.members.tags import choosing, ending, naming, running, tagging, wording
from community.members.tags.conditions import asking
from community.members.tags.forms import MergeForm, TagForm
from community.members.tags.models import Act, Tag, TagRun
from community.members.views import search_in

bp = Blueprint("tags", __name__, url_prefix="/members")

MOST_CHOSEN = 1000
PAGE = 50


@bp.get("/tags")
@allow(Permission.MEMBER_READ)
def index() -> Response:
    return _index_page(TagForm(formdata=None))


@bp.get("/tags.csv")
@allow(Permission.MEMBER_READ)
def export() -> Response:
    sizes = tagging.sizes()
    rows = ((tag.name, sizes.get(tag.id, 0), i18n.date_words(tag.made_at, "yyyy-MM-dd")) for tag in naming.offered())
    return csv_answer([(_("Tag"), _("Members"), _("Made")), *rows], f"tags-{clock.now():%Y%m%d}")


@bp.post("/tags")
@allow(Permission.MEMBER_WRITE)
def create() -> Response:
    form = TagForm()
    if not form.validate_on_submit():
        return _index_page(form, 422)
    tag = naming.named(form.word.data or "", by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The tag “%(name)s” is there.", name=tag.name), "good")
    return go(url_for("tags.index"))


@bp.get("/tags/<public_id>")
@allow(Permission.MEMBER_READ)
def show(public_id: str) -> Response:
    tag = one_or_404(Tag.visible_to(current_user), public_id)
    return _tag_page(tag, TagForm(formdata=None, data={"word": tag.name}))


@bp.post("/tags/<public_id>/rename")
@allow(Permission.MEMBER_WRITE)
def rename(public_id: str) -> Response:
    tag = one_or_404(Tag.visible_to(current_user), public_id)
    form = TagForm()
    if not form.validate_on_submit():
        return _tag_page(tag, form, 422)
    try:
        is_new = ending.rename(tag, form.word.data or "", by=current_user, at=clock.now())
    except Conflict as refusal:
        form.word.errors = [*form.word.errors, refusal.in_full]
        db.session.rollback()
        return _tag_page(one_or_404(Tag.visible_to(current_user), public_id), form, 422)
    db.session.commit()
    flash(_("The tag is renamed.") if is_new else _("Nothing changed."), "good")
    return go(url_for("tags.show", public_id=public_id))


@bp.post("/tags/<public_id>/merge")
@allow(Permission.MEMBER_WRITE)
def merge(public_id: str) -> Response:
    tag = one_or_404(Tag.visible_to(current_user), public_id)
    into = one_or_404(Tag.visible_to(current_user), storable(request.form.get("into", "")) or "-")
    if not request.form.get("sure"):
        flash(_("Say first that you know that this cannot be undone."), "warn")
        return go(url_for("tags.show", public_id=public_id))
    run = running.merge(tag, into, by=the_user(), at=clock.now())
    return _after(run, url_for("tags.show", public_id=into.public_id))


@bp.post("/tags/<public_id>/remove")
@allow(Permission.MEMBER_WRITE)
def remove(public_id: str) -> Response:
    tag = one_or_404(Tag.visible_to(current_user), public_id)
    run = running.remove(tag, by=the_user(), at=clock.now())
    return _after(run, url_for("tags.index"))


@bp.post("/tags/apply")
@allow(Permission.MEMBER_WRITE)
def apply() -> Response:
    """Put a tag on members of the list, or take it off: on those who are ticked, or on everybody whom the search finds."""
    search = search_in(request.form)
    back = url_for("members.index", name=search.name or None, level=search.level or None, tag=search.tag or None)
    is_all = request.form.get("whom") == "found"
    ticked = [storable(one) for one in request.form.getlist("member")][:MOST_CHOSEN]
    if not is_all and not ticked:
        flash(_("Tick the members first, or choose everybody of the list."), "warn")
        return go(back)
    try:
        act, tag = _asked_for()
    except Invalid as refusal:
        flash(refusal.in_full, "bad")
        return go(back)
    chosen = choosing.all_found(search) if is_all else choosing.these(ticked)
    run = running.start(act, tag, by=the_user(), at=clock.now(), chosen=chosen)
    return _after(run, back)


@bp.get("/tags/runs/<public_id>")
@allow(Permission.MEMBER_WRITE)
def run(public_id: str) -> Response:
    """How far an act on many members is."""
    found = one_or_404(TagRun.visible_to(current_user), public_id)
    return region(
        "community/members/tags/_run.html", page="community/members/tags/run.html", run=found, doing=wording.DOING
    )


@bp.post("/<public_id>/tags")
@allow(Permission.MEMBER_WRITE)
def put_on(public_id: str) -> Response:
    """Put a tag on one member; a word that is new becomes a tag."""
    member = one_or_404(Member.visible_to(current_user), public_id)
    word = storable(request.form.get("word", ""))
    try:
        tag = naming.named(word, by=current_user, at=clock.now())
    except Invalid as refusal:
        return _panel(member, 422, refusal.in_full, word[:100])
    if tagging.put_on(tag, [member.id], by=current_user, at=clock.now()):
        tagging.log("tag.put_on_some", tag, 1, by=current_user, at=clock.now())
    db.session.commit()
    return _panel(member)


@bp.post("/<public_id>/tags/<tag_id>/off")
@allow(Permission.MEMBER_WRITE)
def take_off(public_id: str, tag_id: str) -> Response:
    member = one_or_404(Member.visible_to(current_user), public_id)
    tag = one_or_404(Tag.visible_to(current_user), tag_id)
    if tagging.take_off(tag, [member.id], at=clock.now()):
        tagging.log("tag.taken_off_some", tag, 1, by=current_user, at=clock.now())
    db.session.commit()
    return _panel(member)


def _asked_for() -> tuple[Act, Tag]:
    """What the form of the list asks for. Raises `Invalid` for a word that is no tag."""
    word = storable(request.form.get("word", ""))
    if request.form.get("act") == Act.PUT_ON:
        return Act.PUT_ON, naming.named(word, by=current_user, at=clock.now())
    tag = naming.called(naming.checked(word))
    if tag is None:
        raise Invalid(_("There is no tag “%(name)s”.", name=word[:40]), _("Choose one of the list."))
    return Act.TAKE_OFF, tag


def _after(run: TagRun, done: str) -> Response:
    """Where an act leads: to what it was about when all is done, else to its progress."""
    db.session.commit()
    if run.ended_at is None:
        return go(url_for("tags.run", public_id=run.public_id))
    flash(ngettext("Done: %(num)s member changed.", "Done: %(num)s members changed.", run.changed), "good")
    return go(done)


def _panel(member: Member, status: int = 200, error: str = "", word: str = "") -> Response:
    facts = wording.facts_of(member, error, word)
    address = url_for("members.profile", public_id=member.public_id)
    return region("community/members/tags/_profile.html", or_redirect=address, status=status, **facts)


def _index_page(form: TagForm, status: int = 200) -> Response:
    return Response(
        render_template(
            "community/members/tags/index.html",
            form=form,
            found=page_of(naming.by_name(), asked_page(), PAGE),
            sizes=tagging.sizes(),
            may_tag=current_user.can(Permission.MEMBER_WRITE),
        ),
        status,
    )


def _tag_page(tag: Tag, form: TagForm, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "tag": tag,
        "size": tagging.size(tag),
        "form": form,
        "merging": MergeForm.beside(tag),
        "asking": asking(tag),
        "may_tag": current_user.can(Permission.MEMBER_WRITE),
    }
    return Response(render_template("community/members/tags/show.html", **context), status)
