"""Who has a post open for writing at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.posts.models import BrandPost, PostPresence
from commons.accounts.models import User
from commons.db import db, insert_into

# A page says every ten seconds that it is still open.
STILL_HERE = timedelta(seconds=25)


def be_here(post: BrandPost, user: User, at: datetime) -> None:
    """Note that `user` has the post open."""
    statement = insert_into(PostPresence).values(post_id=post.id, user_id=user.id, seen_at=at)
    seen = statement.on_conflict_do_update(index_elements=["post_id", "user_id"], set_={"seen_at": at})
    db.session.execute(seen)


def others(post: BrandPost, user: User, at: datetime) -> Sequence[User]:
    """Who else has it open, by name."""
    query = (
        select(User)
        .join(PostPresence, PostPresence.user_id == User.id)
        .where(PostPresence.post_id == post.id, PostPresence.user_id != user.id, PostPresence.seen_at > at - STILL_HERE)
    )
    return db.session.scalars(query.order_by(User.name)).all()
