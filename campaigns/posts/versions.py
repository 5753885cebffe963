"""Earlier versions of a post: one for every few minutes of one person's writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.posts.drafts import content_of
from campaigns.posts.models import BrandPost, PostVersion
from commons.accounts.models import User
from commons.db import db

TOGETHER = timedelta(minutes=5)


def keep(post: BrandPost, *, by: User | None, at: datetime, apart: bool = False) -> PostVersion:
    """Remember how the post stands. What one person saves within five minutes is one version, unless it is to stand `apart`.

    The post is locked by whoever calls. `by` None: whoever wrote last.
    """
    last = latest(post)
    author_id = by.id if by else last.author_id if last else post.author_id
    if last is not None and not apart and last.author_id == author_id and at - last.began_at < TOGETHER:
        last.content, last.saved_at = content_of(post), at
        db.session.flush()
        return last
    version = PostVersion(
        post=post,
        number=last.number + 1 if last else 1,
        author_id=author_id,
        began_at=at,
        saved_at=at,
        content=content_of(post),
    )
    db.session.add(version)
    db.session.flush()
    return version


def latest(post: BrandPost) -> PostVersion | None:
    query = select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.number.desc())
    return db.session.scalars(query.limit(1)).first()


def versions_of(post: BrandPost, most: int = 100) -> Sequence[PostVersion]:
    """The newest versions, newest first."""
    query = select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.number.desc())
    return db.session.scalars(query.limit(most)).all()
