"""Writing a post: beginning, saving, going back, its pictures, throwing it away and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import regex
from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.posts import versions
from campaigns.posts.applying import apply
from campaigns.posts.drafts import TEAM_ONLY, Content, Draft, Edited, content_of, content_with, said_on
from campaigns.posts.models import BrandPost, PostPicture, PostVariant, PostVersion
from campaigns.publishing import scheduling
from campaigns.publishing.models import FIXED, PLANNED, Delivery
from commons import events
from commons.accounts.models import User
from commons.db import ALPHABET, PUBLIC_ID_LENGTH, db
from commons.errors import Conflict, Invalid
from commons.media.models import Picture, Video
from commons.media.usage import let_go
from community.channels.accounts import circle_account

__all__ = ["Draft", "Edited"]

MOST_PICTURES = 9
_PUBLIC_ID = regex.compile(f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")


class Stale(Conflict):
    """Somebody has saved this post since the writer last read it."""


class Fixed(Conflict):
    """The post is on its way or out: what readers see no longer changes."""


def begin(public_id: str, *, by: User, at: datetime) -> BrandPost:
    """The empty post of that id, made if it is not there. The page that writes it chose the id, so twice is once."""
    found = db.session.scalar(select(BrandPost).where(BrandPost.public_id == public_id))
    if found is not None:
        return found
    if not _PUBLIC_ID.fullmatch(public_id):
        raise Invalid(_("The address of this post is mistyped."), _("Begin a new post."))
    post = BrandPost(public_id=public_id, author_id=by.id, created_at=at, changed_at=at)
    post.variants.append(PostVariant(account=circle_account()))
    db.session.add(post)
    db.session.flush()
    _tell("post.begun", post, by, at)
    return post


def save(post: BrandPost, draft: Draft, *, revision: int, by: User, at: datetime) -> bool:
    """Write the draft into the post; whether anything changed. Raises `Stale` or `Fixed`, and then nothing did.

    `revision` is the one that the writer read. Saving the same again changes nothing, whatever the revision. An account on
    which the post is planned or out stays chosen: there it is cancelled first.
    """
    deliveries = _hold(post)
    return _write(post, content_with(post, draft), deliveries, revision=revision, by=by, at=at)


def go_back(post: BrandPost, version: PostVersion, *, revision: int, by: User, at: datetime) -> bool:
    """Make the post what it was; itself a save, and a version of its own. Raises what `save` raises.

    What is gone since (a picture that was deleted, an account that was disconnected) does not come back.
    """
    deliveries = _hold(post)
    changed = _write(post, version.content, deliveries, revision=revision, by=by, at=at, apart=True)
    if changed:
        _tell("post.gone_back", post, by, at, number=version.number)
    return changed


def add_picture(post: BrandPost, picture: Picture, *, at: datetime, by: User | None = None, alt: str = "") -> None:
    """Put a picture at the end; one that is in the post already stays where it is. Raises `Invalid` when there are enough."""
    deliveries = lock(post)
    if any(entry.picture is picture for entry in post.pictures):
        return
    require_room(post)
    post.pictures.append(PostPicture(picture=picture, position=len(post.pictures), alt=alt))
    _touch(post, deliveries, by, at)


def require_room(post: BrandPost) -> None:
    """Raises `Invalid` when no further picture fits into the post."""
    if len(post.pictures) >= MOST_PICTURES:
        raise Invalid(_("A post has at most %(count)s pictures.", count=MOST_PICTURES))


def move_picture(post: BrandPost, picture_id: str, by_places: int, *, at: datetime, by: User | None = None) -> None:
    """Move a picture forwards (negative) or backwards; at the ends it stays where it is."""
    deliveries = lock(post)
    order = list(post.pictures)
    entry = next((entry for entry in order if entry.picture.public_id == picture_id), None)
    if entry is None:
        return
    order.remove(entry)
    order.insert(max(0, entry.position + by_places), entry)
    _number(order)
    _touch(post, deliveries, by, at)


def remove_picture(post: BrandPost, picture_id: str, *, at: datetime, by: User | None = None) -> None:
    """Take a picture out of the post; one that is not in it is no matter."""
    deliveries = lock(post)
    for entry in post.pictures:
        if entry.picture.public_id == picture_id:
            let_go(entry.picture, at)
    _number([entry for entry in post.pictures if entry.picture.public_id != picture_id])
    post.pictures = [entry for entry in post.pictures if entry.picture.public_id != picture_id]
    _touch(post, deliveries, by, at)


def set_video(post: BrandPost, video: Video | None, *, at: datetime, by: User | None = None, alt: str = "") -> None:
    """Put a video into the post in place of the one it has; None takes it out."""
    deliveries = lock(post)
    if (post.video_id or None) == (video.id if video else None):
        return
    if post.video is not None:
        let_go(post.video, at)
    post.video, post.video_alt = video, alt
    _touch(post, deliveries, by, at)


def discard(post: BrandPost, *, by: User, at: datetime) -> None:
    """Throw the post away; `restore` takes it back. Refused while it is planned or out."""
    if post.is_pattern:
        raise Conflict(_("This is the pattern of a series: it stays as long as the series."))
    deliveries = lock(post)
    if any(delivery.state in PLANNED for delivery in deliveries):
        raise Conflict(_("This post is scheduled."), _("Cancel it first, then discard it."))
    if post.discarded_at is None:
        post.discarded_at = at
        _tell("post.discarded", post, by, at)


def restore(post: BrandPost, *, by: User, at: datetime) -> None:
    """Take a discarded post back. Safe to call twice."""
    if post.discarded_at is not None:
        post.discarded_at = None
        _tell("post.restored", post, by, at)


def lock(post: BrandPost) -> list[Delivery]:
    """Hold the post and its deliveries until the transaction ends, and read them anew. Raises `Fixed`."""
    deliveries = _hold(post)
    if any(delivery.is_fixed for delivery in deliveries):
        raise _fixed()
    return deliveries


def _hold(post: BrandPost) -> list[Delivery]:
    db.session.execute(select(BrandPost.id).where(BrandPost.id == post.id).with_for_update())
    query = select(Delivery).where(Delivery.post_id == post.id).with_for_update(of=Delivery)
    deliveries = list(db.session.scalars(query.execution_options(populate_existing=True)))
    db.session.refresh(post)
    return deliveries


def _write(
    post: BrandPost,
    wanted: Content,
    deliveries: list[Delivery],
    *,
    revision: int,
    by: User,
    at: datetime,
    apart: bool = False,
) -> bool:
    before = content_of(post)
    wanted = {**before, **wanted, "variants": _with_bound(before, wanted, deliveries)}
    if wanted == before:
        return False
    if post.revision != revision:
        raise Stale(
            _("Somebody else saved this post in the meantime."),
            _("Save the draft to see both versions; nothing is lost."),
        )
    out = [delivery.account.public_id for delivery in deliveries if delivery.is_fixed]
    if any(said_on(before, account) != said_on(wanted, account) for account in out):
        raise _fixed()
    apply(post, before, wanted, at)
    post.revision += 1
    post.changed_at = at
    db.session.flush()
    versions.keep(post, by=by, at=at, apart=apart)
    if {name for name in wanted if wanted[name] != before[name]} - TEAM_ONLY:
        _follow(post, deliveries, by, at)
    return True


def _with_bound(before: Content, wanted: Content, deliveries: Iterable[Delivery]) -> Content:
    """Where the post goes, with the accounts that cannot be left out any more."""
    bound = {d.account.public_id for d in deliveries if d.state in PLANNED | FIXED} & set(before["variants"])
    given: Content = wanted["variants"]
    return {**given, **{account: before["variants"][account] for account in bound if account not in given}}


def _follow(post: BrandPost, deliveries: Iterable[Delivery], by: User, at: datetime) -> None:
    """Tell whoever has to know that something else will be sent than was planned."""
    if any(delivery.state in PLANNED for delivery in deliveries):
        for follow in scheduling.changed:
            follow(post, by, at)


def _fixed() -> Fixed:
    return Fixed(
        _("This post is on its way or out. Its words no longer change."),
        _("Copy what you still need before you leave the page."),
    )


def _number(order: list[PostPicture]) -> None:
    for position, entry in enumerate(order):
        entry.position = position


def _touch(post: BrandPost, deliveries: Iterable[Delivery], by: User | None, at: datetime) -> None:
    post.changed_at = at
    db.session.flush()
    db.session.refresh(post, ["pictures"])
    versions.keep(post, by=by, at=at)
    if by is not None:
        _follow(post, deliveries, by, at)


def _tell(kind: str, post: BrandPost, by: User, at: datetime, **more: Any) -> None:
    key = f"{kind}:{post.public_id}:{at.isoformat()}"
    excerpt = {"post": post.public_id, "text": post.text[:80], **more}
    events.track(kind, key=key, at=at, actor_id=by.id, subject=post, campaign_id=post.campaign_id, payload=excerpt)
