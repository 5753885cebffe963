"""The circles themselves: opening, changing and closing them, and who hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, func, select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from community.circle.interests import slots, waiting
from community.circle.interests.joining import membership_of
from community.circle.interests.models import CirclePost, InterestCircle, Membership
from community.circle.interests.reading import is_standing
from community.members.models import Handle, Member
from community.notices.telling import tell

SYMBOLS = ("leaf", "mug", "camera", "heart", "sun", "moon", "walk", "writing", "gift", "star", "home", "world")


@dataclass(frozen=True, slots=True)
class Look:
    """What staff set up: name, what it is about, rules (one a line) in both languages, and a symbol."""

    name: Words
    about: Words
    rules: Words
    symbol: str


@dataclass(frozen=True, slots=True)
class Line:
    """A circle in a list."""

    circle: InterestCircle
    members: int
    posts_of_week: int
    waiting: int = 0


def open_circle(look: Look, *, by: User, at: datetime) -> InterestCircle:
    """A new circle, open for everybody from now on. `Invalid` for rules that none may say (`slots.ruling`)."""
    _check(look)
    circle = InterestCircle(opened_at=at, **_columns(look))
    db.session.add(circle)
    db.session.flush()
    _note("circle.opened", circle, by, at)
    return circle


def change(circle: InterestCircle, look: Look, *, by: User, at: datetime) -> None:
    """Other words or another symbol; `Invalid` as for a new one. Measures keep the rule as it read when they were taken."""
    _check(look)
    for column, value in _columns(look).items():
        setattr(circle, column, value)
    db.session.flush()
    _note("circle.changed", circle, by, at)


def close(circle: InterestCircle, *, by: User, at: datetime) -> None:
    """Nobody but staff finds it any more; nothing in it is lost. Twice is once."""
    if circle.closed_at is None:
        circle.closed_at = at
        _note("circle.closed", circle, by, at)


def reopen(circle: InterestCircle, *, by: User, at: datetime) -> None:
    """Everybody finds it again. Twice is once."""
    if circle.closed_at is not None:
        circle.closed_at = None
        _note("circle.reopened", circle, by, at)


def name_host(circle: InterestCircle, member: Member, *, by: User, at: datetime) -> None:
    """The member hosts the circle from now on and is told so; only who belongs to it can. Twice is once."""
    membership = membership_of(circle, member)
    if membership is None:
        raise Invalid(_("Only a member of this circle can host it."))
    if membership.host_since is None:
        membership.host_since = at
        _note("circle.host_named", circle, by, at, member)
        _tell_host("circle.host_named", circle, member, at)


def release_host(circle: InterestCircle, member: Member, *, by: User, at: datetime) -> None:
    """The member hosts no longer, is told so, and stays in the circle. Twice is once."""
    membership = membership_of(circle, member)
    if membership is not None and membership.host_since is not None:
        membership.host_since = None
        _note("circle.host_released", circle, by, at, member)
        _tell_host("circle.host_released", circle, member, at)


def hosts_of(circle: InterestCircle) -> Sequence[Member]:
    """Who hosts, longest first."""
    query = select(Member).join(Membership, Membership.member_id == Member.id)
    query = query.where(
        Membership.circle_id == circle.id, Membership.host_since.is_not(None), Membership.left_at.is_(None)
    )
    return db.session.scalars(query.order_by(Membership.host_since)).all()


def candidates(circle: InterestCircle, limit: int = 50) -> Sequence[Member]:
    """Who could host: members of the circle who do not yet, those who wrote most first."""
    said = select(func.count(CirclePost.id)).join(Handle, Handle.id == CirclePost.author_id)
    said = said.where(CirclePost.circle_id == circle.id, Handle.member_id == Member.id)
    query = (
        select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.circle_id == circle.id, Membership.left_at.is_(None), Membership.host_since.is_(None))
        .where(Member.counts())
        .order_by(said.correlate(Member).scalar_subquery().desc(), Membership.joined_at)
    )
    return db.session.scalars(query.limit(limit)).all()


def lines(circles: Sequence[InterestCircle], at: datetime, *, waits: bool = False) -> list[Line]:
    """The circles with their counts, for staff also of what waits: a fixed number of queries, however many circles."""
    ids = [circle.id for circle in circles]
    members, posts = _members(ids), said_since(ids, at - timedelta(days=7))
    due = waiting.in_circles(ids) if waits else Counter[int]()
    return [Line(one, members[one.id], posts[one.id], due[one.id]) for one in circles]


def words_of(circle: InterestCircle) -> dict[str, str]:
    """The circle's name as facts and notices keep it."""
    return {"zh": circle.name.zh, "en": circle.name.en}


def _check(look: Look) -> None:
    for plug in slots.ruling:
        plug(look.rules)


def _columns(look: Look) -> dict[str, object]:
    return {"name": look.name, "about": look.about, "rules": look.rules, "symbol": look.symbol}


def _members(ids: Sequence[int]) -> Counter[int]:
    query = select(Membership.circle_id, func.count()).where(
        Membership.circle_id.in_(ids), Membership.left_at.is_(None)
    )
    return Counter(dict(db.session.execute(query.group_by(Membership.circle_id)).all()))


def said_since(ids: Sequence[int], since: datetime) -> Counter[int]:
    """How many posts and answers stand in each circle that were said since then."""
    query = select(CirclePost.circle_id, func.count()).where(CirclePost.circle_id.in_(ids), _stands_since(since))
    return Counter(dict(db.session.execute(query.group_by(CirclePost.circle_id)).all()))


def words_since(since: datetime) -> ScalarSelect[int]:
    """The same as a column beside `InterestCircle`."""
    query = select(func.count()).where(CirclePost.circle_id == InterestCircle.id, _stands_since(since))
    return query.correlate(InterestCircle).scalar_subquery()


def _stands_since(since: datetime) -> ColumnElement[bool]:
    """Whether a post was said since then and is still to be read."""
    return (CirclePost.said_at >= since) & is_standing()


def _tell_host(kind: str, circle: InterestCircle, member: Member, at: datetime) -> None:
    tell(
        member.id,
        kind,
        key=f"{kind}:{circle.public_id}:{member.public_id}:{at.isoformat()}",
        at=at,
        url=f"/circle/interests/{circle.public_id}",
        details={"circle": words_of(circle)},
    )


def _note(kind: str, circle: InterestCircle, by: User, at: datetime, member: Member | None = None) -> None:
    who = member.public_id if member is not None else ""
    events.track(
        kind,
        key=f"{kind}:{circle.public_id}:{who}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        member_id=member.id if member is not None else None,
        subject=circle,
        payload={"circle": words_of(circle)},
    )
