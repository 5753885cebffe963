"""From the composer's form to the saved post."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.links.making import make_link
from campaigns.posts import writing
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError, NotAllowed
from commons.media.keeping import keep
from commons.permissions import Permission
from commons.web import one_or_404


def opened(public_id: str, user: User) -> BrandPost | None:
    """The post of that id; None when there has never been one. 404 for one that was discarded or is not for the user."""
    known = select(BrandPost.id).where(BrandPost.public_id == public_id)
    if db.session.scalar(known) is None:
        return None
    return one_or_404(BrandPost.visible_to(user), public_id)


def unwritten(public_id: str, user: User, at: datetime) -> BrandPost:
    """A post that nobody has written a word of yet, for an empty page; not in the session."""
    return BrandPost(
        public_id=public_id, text="", ad=False, revision=0, author_id=user.id, created_at=at, changed_at=at, pictures=[]
    )


def opened_or_begun(public_id: str, user: User, at: datetime) -> BrandPost:
    """The post of that id, begun now if there has never been one."""
    return opened(public_id, user) or writing.begin(public_id, by=user, at=at)


def save(post: BrandPost, form: PostForm, *, by: User, at: datetime) -> None:
    """Save what stands in the form: text, choices, pictures that were chosen, a link that was asked for.

    Raises what `writing.save`, `keep` and `make_link` raise.
    """
    draft = form.draft()
    if form.target.data:
        if not by.can(Permission.LINK_WRITE):
            raise NotAllowed(_("You may not make links."))
        link = make_link(form.target.data, by=by, at=at, campaign=draft.campaign, title=form.target.data[:120])
        draft = writing.Draft(draft.text, draft.campaign, link, draft.ad, draft.alts)
    writing.save(post, draft, revision=form.read_revision, by=by, at=at)
    refused = add_files(post, form, by=by, at=at)
    if refused:
        raise refused[0][1]


def add_files(post: BrandPost, form: PostForm, *, by: User, at: datetime) -> list[tuple[str, DomainError]]:
    """Add the pictures that were chosen. Those that were refused come back by name, the others are in."""
    refused = []
    for file in form.files:
        try:
            with db.session.begin_nested():
                writing.add_picture(post, keep(file.stream, file.filename or "", by, at), at=at)
        except DomainError as refusal:
            refused.append((file.filename or "", refusal))
    return refused


def do_act(post: BrandPost, act: str, at: datetime) -> None:
    """Carry out a button of the picture list: `up:<picture>`, `down:<picture>`, `remove:<picture>`; else nothing."""
    name, _colon, picture_id = act.partition(":")
    if name == "remove":
        writing.remove_picture(post, picture_id, at=at)
    elif name in {"up", "down"}:
        writing.move_picture(post, picture_id, -1 if name == "up" else 1, at=at)
