"""The page of templates and hashtag sets."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from campaigns.posts import snippets
from campaigns.posts.models import Snippet, SnippetKind
from campaigns.posts.views import bp
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.forms import Form, required
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404

MOST_TEXT = 5_000


class SnippetForm(Form):
    name = StringField(_l("Name"), validators=[required(), Length(max=80)])
    text = TextAreaField(_l("Text"), validators=[required(), Length(max=MOST_TEXT)])


@bp.get("/templates")
@allow(Permission.POST_WRITE)
def templates() -> Response:
    return _page()


@bp.post("/templates")
@allow(Permission.POST_WRITE)
@posting_limit
def make_template() -> Response:
    """A new one, of the kind that the form names."""
    kind = SnippetKind.HASHTAGS if request.form.get("kind") == "hashtags" else SnippetKind.TEMPLATE
    form = SnippetForm()
    if not form.validate_on_submit():
        return _page(form=form, kind=kind, status=422)
    try:
        snippets.make(kind, form.name.data or "", form.text.data or "", by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(form=form, kind=kind, refusal=refusal, status=refusal.status)
    db.session.commit()
    flash(_("Saved."), "good")
    return go(url_for("posts.templates"))


@bp.get("/templates/<public_id>")
@allow(Permission.POST_WRITE)
def template(public_id: str) -> Response:
    snippet = one_or_404(Snippet.visible_to(current_user), public_id)
    return _page(form=SnippetForm(obj=snippet), kind=snippet.kind, snippet=snippet)


@bp.post("/templates/<public_id>")
@allow(Permission.POST_WRITE)
@posting_limit
def change_template(public_id: str) -> Response:
    snippet = one_or_404(Snippet.visible_to(current_user), public_id)
    form = SnippetForm()
    if not form.validate_on_submit():
        return _page(form=form, kind=snippet.kind, snippet=snippet, status=422)
    try:
        snippets.change(snippet, form.name.data or "", form.text.data or "", by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(form=form, kind=snippet.kind, snippet=snippet, refusal=refusal, status=refusal.status)
    db.session.commit()
    flash(_("Saved."), "good")
    return go(url_for("posts.templates"))


@bp.post("/templates/<public_id>/delete")
@allow(Permission.POST_WRITE)
def delete_template(public_id: str) -> Response:
    snippet = one_or_404(Snippet.visible_to(current_user), public_id)
    snippets.delete(snippet, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("Deleted."), "good")
    return go(url_for("posts.templates"))


def _page(
    *,
    form: SnippetForm | None = None,
    kind: SnippetKind = SnippetKind.TEMPLATE,
    snippet: Snippet | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    """The lists, and the form: empty, or with the one that is being changed."""
    context = {"snippets": snippets.all_snippets(), "kind": kind, "snippet": snippet, "refusal": refusal}
    context["form"] = form or SnippetForm(formdata=None)
    return make_response(render_template("campaigns/posts/templates.html", **context), status)
