"""From the composer's form to the saved post."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.links.making import make_link
from campaigns.planning.models import Campaign
from campaigns.posts import labelling, writing
from campaigns.posts.drafts import MOST_LABELS
from campaigns.posts.forms import PostForm
from campaigns.posts.models import BrandPost, PostVariant
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError, Invalid, NotAllowed
from commons.media.keeping import keep
from commons.media.videos import keep_video
from commons.permissions import Permission
from commons.web import one_or_404
from community.channels.accounts import circle_account

# Files by name, and why each was refused.
Refusals = list[tuple[str, DomainError]]


def opened(public_id: str, user: User) -> BrandPost | None:
    """The post of that id; None when there has never been one. 404 for one that was discarded or is not for the user."""
    known = select(BrandPost.id).where(BrandPost.public_id == public_id)
    if db.session.scalar(known) is None:
        return None
    return one_or_404(BrandPost.visible_to(user), public_id)


def campaign_named(public_id: str, user: User, at: datetime) -> Campaign | None:
    """The campaign for which a post is to be written; None when the user sees none of that id."""
    return db.session.scalar(Campaign.visible_to(user, at).where(Campaign.public_id == public_id[:20]))


def unwritten(public_id: str, user: User, at: datetime, text: str = "", campaign: Campaign | None = None) -> BrandPost:
    """A post that nobody has written a word of yet, for an empty page; not in the session."""
    nothing = dict.fromkeys(("first_comment", "content_warning", "language", "notes", "video_alt"), "")
    return BrandPost(
        public_id=public_id,
        text=text,
        campaign=campaign,
        more=[],
        ad=False,
        revision=0,
        author_id=user.id,
        created_at=at,
        changed_at=at,
        pictures=[],
        labels=[],
        variants=[PostVariant(account=circle_account())],
        **nothing,
    )


def opened_or_begun(public_id: str, user: User, at: datetime) -> BrandPost:
    """The post of that id, begun now if there has never been one."""
    return opened(public_id, user) or writing.begin(public_id, by=user, at=at)


def save(post: BrandPost, form: PostForm, *, by: User, at: datetime) -> Refusals:
    """Save what stands in the form: words, choices, pictures that were chosen, a link or labels that were asked for.

    Returns the pictures that were refused; all the rest is saved then. Raises what `writing.save` and `make_link` raise.
    """
    draft = form.draft()
    if form.target.data:
        if not by.can(Permission.LINK_WRITE):
            raise NotAllowed(_("You may not make links."))
        link = make_link(form.target.data, by=by, at=at, campaign=draft.campaign, title=form.target.data[:120])
        draft = replace(draft, link=link)
    if form.new_labels.data:
        fresh = labelling.labels_named(labelling.names_in(form.new_labels.data), at)
        draft = replace(draft, labels=list(dict.fromkeys([*(draft.labels or []), *fresh])))
    if len(draft.labels or []) > MOST_LABELS:
        raise Invalid(_("A post has at most %(count)s labels.", count=MOST_LABELS))
    writing.save(post, draft, revision=form.read_revision, by=by, at=at)
    return add_files(post, form, by=by, at=at)


def add_files(post: BrandPost, form: PostForm, *, by: User, at: datetime) -> Refusals:
    """Add the pictures that were chosen. Those that were refused come back by name, the others are in.

    Commits before it looks at one: that takes a while, and no other writer waits for it.
    """
    refused: Refusals = []
    for file in form.files:
        try:
            writing.require_room(post)
            db.session.commit()
            picture = keep(file.stream, file.filename or "", by, at)
            with db.session.begin_nested():
                writing.add_picture(post, picture, at=at, by=by)
        except DomainError as refusal:
            refused.append((file.filename or "", refusal))
    return refused


def add_video(public_id: str, stream: IO[bytes], name: str, *, by: User, at: datetime) -> BrandPost:
    """Look at a video, keep it, and put it into the post of that id in place of the one it has.

    Looking at it takes a while: no transaction is open meanwhile, so what was done before is committed first. Raises what
    `keep_video` and `writing.set_video` raise.
    """
    db.session.commit()
    video = keep_video(stream, name, by, at)
    post = opened_or_begun(public_id, by, at)
    writing.set_video(post, video, at=at, by=by)
    return post


def do_act(post: BrandPost, act: str, *, by: User, at: datetime) -> None:
    """Carry out a button of the page: `up:<picture>`, `down:<picture>`, `remove:<picture>`, `remove-video`; else nothing."""
    name, _colon, picture_id = act.partition(":")
    if name == "remove":
        writing.remove_picture(post, picture_id, at=at, by=by)
    elif name in {"up", "down"}:
        writing.move_picture(post, picture_id, -1 if name == "up" else 1, at=at, by=by)
    elif name == "remove-video":
        writing.set_video(post, None, at=at, by=by)
