"""Saying something in a circle, and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Gone, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Permission
from community.circle.commenting import MOST_A_MINUTE, MOST_SAME, SAME_WITHIN, TooFast, checked
from community.circle.interests import reporting, slots
from community.circle.interests.joining import membership_of
from community.circle.interests.models import CirclePost, InterestCircle, Measure, MeasureKind, Settled
from community.loyalty.rules.undoing import is_undone
from community.members import bars, roster
from community.members.bars import Act
from community.members.models import Handle, Member
from community.notices.telling import tell


def handle_for(user: User, at: datetime) -> Handle | None:
    """Under which name the account acts in the circles: a fan's own, or that of staff; None: has no part in them."""
    if speaks_for_the_brand(user):
        return roster.staff_handle(user, at)
    member = roster.member_of(user) if user.can(Permission.TAKE_PART) else None
    return roster.handle_of(member) if member is not None else None


def known_handle(user: User) -> Handle | None:
    """The same where it exists already: what a page asks that only reads."""
    if not user.is_authenticated:
        return None
    names = select(Member.public_id).where(Member.user_id == user.id)
    query = select(Handle).where(Handle.channel == roster.CIRCLE)
    return db.session.scalar(query.where(or_(Handle.external_id == user.public_id, Handle.external_id.in_(names))))


def speaks_for_the_brand(user: User) -> bool:
    return user.is_authenticated and (user.can(Permission.BRAND_COMMENT) or user.can(Permission.CIRCLE_MANAGE))


def may_write(circle: InterestCircle, by: Handle | None, at: datetime) -> bool:
    """Whether this person may write here now: the brand, and members of the circle who are not muted."""
    if by is None or circle.closed_at is not None:
        return False
    return by.is_brand or (membership_of(circle, by.member) is not None and mute_of(circle, by, at) is None)


def mute_of(circle: InterestCircle, by: Handle, at: datetime) -> Measure | None:
    """The mute that keeps this person from writing here now; the one that lasts longest."""
    query = select(Measure).where(
        Measure.kind == MeasureKind.MUTE,
        Measure.circle_id == circle.id,
        Measure.member_id == by.member_id,
        Measure.lifted_at.is_(None),
        or_(Measure.until.is_(None), Measure.until > at),
    )
    return db.session.scalar(query.order_by(Measure.until.desc()).limit(1))


def say(
    circle: InterestCircle, by: Handle, text: str, at: datetime, *, key: str, under: CirclePost | None = None
) -> CirclePost:
    """Write a post, or an answer to the post that `under` belongs to. The same form sent twice says it once.

    `NotAllowed` for strangers and the muted, `Invalid` for nothing to read, too much, or the same words again within a
    day (an answer may be given a few times: people thank more than once), `TooFast` above the usual pace.
    """
    words = checked(text)
    name = _key(by, key, words)
    known = _named(name)
    if known is not None:
        return known
    if by.member is not None:
        bars.check(by.member, Act.SPEAK, at)
    _refuse(circle, by, words, at, MOST_SAME if under is not None else 1)
    root = under.parent or under if under is not None else None
    row = {
        "public_id": random_id(), "circle_id": circle.id, "author_id": by.id, "parent_id": root.id if root else None,
        "text": words, "key": name, "said_at": at,
    }  # fmt: skip
    is_new = insert_new(CirclePost, row) is not None
    post = _named(name)
    assert post is not None
    if is_new and (by.is_brand or all(plug(post, at) for plug in slots.submitting)):
        let_stand(post, at)
    return post


def let_stand(post: CirclePost, at: datetime) -> None:
    """Everybody reads it from now on; only now it is a fact. Twice is once."""
    if post.stands_since is not None:
        return
    post.stands_since = at
    kind = "circle.answered" if post.parent_id else "circle.posted"
    events.track(
        kind,
        key=_fact_key(post),
        at=at,
        member_id=post.author.member_id,
        actor_id=post.author.user_id,
        subject=post,
        payload={"circle": {"zh": post.circle.name.zh, "en": post.circle.name.en}},
    )
    if post.parent is not None:
        _tell_author(post, post.parent, at)


def withdraw(post: CirclePost, by: Handle, at: datetime) -> None:
    """The author takes it back: its words are erased, and open reports about it are answered.

    The fact names the fact it undoes. Twice is once.
    """
    if not by.is_same_person(post.author):
        raise NotAllowed(_("Only who wrote this can withdraw it."))
    if post.withdrawn_at is not None:
        return
    post.withdrawn_at, post.text = at, ""
    post.pinned_at = post.featured_at = None
    reporting.settle(post, Settled.WITHDRAWN, by, at)
    said = fact_of(post)
    events.track(
        "circle.withdrawn",
        key=f"circle.withdrawn:{post.public_id}",
        at=at,
        member_id=by.member_id,
        actor_id=by.user_id,
        subject=post,
        payload={
            "circle": {"zh": post.circle.name.zh, "en": post.circle.name.en},
            "said_event_id": said.id if said else None,
        },
    )


def facts_of(handle_ids: Sequence[int]) -> Select[int]:
    """The ids of all facts about what was said in circles under these handles."""
    said = select(CirclePost.id).where(CirclePost.author_id.in_(handle_ids))
    return select(Event.id).where(Event.subject_type == CirclePost.__tablename__, Event.subject_id.in_(said))


def fact_of(post: CirclePost) -> Event | None:
    """The fact that stands for the post, the latest: one that came back after a removal has a new one."""
    query = select(Event).where(
        Event.subject_type == CirclePost.__tablename__,
        Event.subject_id == post.id,
        Event.kind.in_(["circle.posted", "circle.answered"]),
    )
    return db.session.scalars(query.order_by(Event.id.desc()).limit(1)).first()


def note_again(post: CirclePost, because: str) -> None:
    """The post is back: its fact, if it was undone, is written anew at the moment when it first stood, and earns as it did then."""
    fact = fact_of(post)
    if fact is not None and post.withdrawn_at is None and is_undone(fact):
        events.track(
            fact.kind,
            key=f"{_fact_key(post)}:{because}",
            at=fact.occurred_at,
            member_id=fact.member_id,
            actor_id=fact.actor_id,
            subject=post,
            payload=fact.payload,
        )


def _refuse(circle: InterestCircle, by: Handle, words: str, at: datetime, most_same: int) -> None:
    if circle.closed_at is not None:
        raise Gone(_("This circle is closed."))
    if not may_write(circle, by, at):
        if mute_of(circle, by, at) is not None:
            raise NotAllowed(_("You are muted in this circle; you can read on."))
        raise NotAllowed(_("Join the circle to write in it."))
    if _count(by, at - timedelta(minutes=1), at) >= MOST_A_MINUTE:
        raise TooFast(_("You are writing very fast. Wait a minute, then send it; your words stay here."))
    if not by.is_brand and _count(by, at - SAME_WITHIN, at, words) >= most_same:
        raise Invalid(_("You have already said exactly this. Add something new, or leave it at that."))


def _count(by: Handle, since: datetime, at: datetime, words: str = "") -> int:
    query = select(func.count()).where(
        CirclePost.author_id == by.id, CirclePost.said_at > since, CirclePost.said_at <= at
    )
    if words:
        query = query.where(CirclePost.text == words, CirclePost.withdrawn_at.is_(None))
    return db.session.scalars(query).one()


def _tell_author(answer: CirclePost, root: CirclePost, at: datetime) -> None:
    """Who is answered is told once for each person who answers, not for each word."""
    author = root.author
    if author.member_id is None or author.member_id == answer.author.member_id:
        return
    tell(
        author.member_id,
        "circle.answered_by_the_house" if answer.author.is_brand else "circle.answered",
        key=f"circle.answered:{root.public_id}:{answer.author.public_id}",
        at=at,
        url=f"/circle/interests/posts/{root.public_id}",
        details={"circle": {"zh": answer.circle.name.zh, "en": answer.circle.name.en}},
    )


def _key(by: Handle, key: str, words: str) -> str:
    return hashlib.sha256(f"{by.public_id}\n{key}\n{words}".encode()).hexdigest()


def _named(key: str) -> CirclePost | None:
    return db.session.scalar(select(CirclePost).where(CirclePost.key == key))


def _fact_key(post: CirclePost) -> str:
    return f"circle.said:{post.public_id}"
