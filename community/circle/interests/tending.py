"""What hosts and staff lift out of a circle: pinned posts stay on top, featured ones are kept together."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from commons import events
from commons.db import db
from commons.errors import Invalid
from community.circle.interests.models import CirclePost
from community.members.models import Handle
from community.notices.telling import tell

MOST_PINNED = 3


def pin(post: CirclePost, by: Handle, at: datetime) -> None:
    """The post stays on top of its circle, beside at most two others. Already there: nothing happens."""
    _check(post)
    if post.pinned_at is not None:
        return
    pinned = select(func.count()).where(CirclePost.circle_id == post.circle_id, CirclePost.pinned_at.is_not(None))
    if db.session.scalars(pinned).one() >= MOST_PINNED:
        raise Invalid(
            ngettext("At most %(num)s post can be pinned.", "At most %(num)s posts can be pinned.", MOST_PINNED),
            _("Take another one down first."),
        )
    post.pinned_at = at
    _note("circle.pinned", post, by, at)


def unpin(post: CirclePost, by: Handle, at: datetime) -> None:
    """Back to its place in time. Twice is once."""
    if post.pinned_at is not None:
        post.pinned_at = None
        _note("circle.unpinned", post, by, at)


def feature(post: CirclePost, by: Handle, at: datetime) -> None:
    """Kept among the best of the circle; its author is told. Already so: nothing happens."""
    _check(post)
    if post.featured_at is not None:
        return
    post.featured_at = at
    _note("circle.featured", post, by, at)
    if post.author.member_id is not None:
        tell(
            post.author.member_id,
            "circle.featured",
            key=f"circle.featured:{post.public_id}",
            at=at,
            url=f"/circle/interests/posts/{post.public_id}",
            details={"circle": {"zh": post.circle.name.zh, "en": post.circle.name.en}},
        )


def unfeature(post: CirclePost, by: Handle, at: datetime) -> None:
    """No longer among the best. Twice is once."""
    if post.featured_at is not None:
        post.featured_at = None
        _note("circle.unfeatured", post, by, at)


def _check(post: CirclePost) -> None:
    if post.parent_id is not None or not post.stands:
        raise Invalid(_("Only a post that stands can be lifted out."))


def _note(kind: str, post: CirclePost, by: Handle, at: datetime) -> None:
    """About the author; a post earns its featuring once, however often it is taken out and put back."""
    moment = "" if kind == "circle.featured" else f":{at.isoformat()}"
    events.track(
        kind,
        key=f"{kind}:{post.public_id}{moment}",
        at=at,
        member_id=post.author.member_id,
        actor_id=by.user_id or (by.member.user_id if by.member is not None else None),
        subject=post,
        payload={"circle": {"zh": post.circle.name.zh, "en": post.circle.name.en}},
    )
