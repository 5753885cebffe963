"""What hosts and staff lift out of a circle: pinned posts stay on top, featured ones are kept together."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from commons import events
from commons.db import db
from commons.errors import Invalid, NotAllowed
from community.circle.interests.models import CirclePost, InterestCircle
from community.circle.interests.reading import is_standing
from community.members.models import Handle
from community.notices.telling import tell

MOST_PINNED = 3


def pin(post: CirclePost, by: Handle, at: datetime) -> None:
    """The post stays on top of its circle, beside at most two others. Already there: nothing happens.

    One that comes back to the top because its removal was wrong is never turned away: only who pins has to make room.
    """
    _check(post)
    if post.pinned_at is not None:
        return
    if _pinned_beside(post) >= MOST_PINNED:
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
    """Kept among the best of the circle; its author is told. Already so: nothing happens.

    A host features what others wrote: it may earn something, and nobody rewards himself.
    """
    _check(post)
    if post.featured_at is not None:
        return
    if not by.is_brand and by.is_same_person(post.author):
        raise NotAllowed(_("Somebody else features what you wrote yourself."))
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


def _pinned_beside(post: CirclePost) -> int:
    """How many posts stand on top of its circle; of two who pin at once the second counts what the first has pinned."""
    db.session.execute(select(InterestCircle.id).where(InterestCircle.id == post.circle_id).with_for_update())
    query = select(func.count()).where(CirclePost.circle_id == post.circle_id, CirclePost.pinned_at.is_not(None))
    return db.session.scalars(query.where(is_standing())).one()


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
        actor_id=by.acting_account,
        subject=post,
        payload={"circle": {"zh": post.circle.name.zh, "en": post.circle.name.en}},
    )
