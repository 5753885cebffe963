"""Muting a member and removing a post: by a rule, with a notice, and with an appeal that restores everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons import events
from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from community.circle.commenting import checked
from community.circle.interests import reporting, slots
from community.circle.interests.joining import is_host
from community.circle.interests.models import CirclePost, InterestCircle, Measure, MeasureKind, Settled
from community.circle.interests.posting import fact_of, mute_of, note_again
from community.members.models import Handle, Member
from community.notices.telling import tell

MOST_DAYS = 30
MOST_REMOVALS = 20


class Criticism(NotAllowed):
    """The post may judge the brand: one person, host or staff, does not remove it."""


def mute(
    circle: InterestCircle, member: Member, *, rule: int, reason: str, days: int, by: Handle, at: datetime
) -> Measure:
    """The member reads on but does not write here for so many days. Already muted: `Conflict`.

    `NotAllowed` for a host against another host: about hosts staff decide.
    """
    if by.member_id == member.id:
        raise NotAllowed(_("You cannot mute yourself."))
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("A mute lasts from 1 to %(most)s days.", most=MOST_DAYS))
    if mute_of(circle, _handle(member), at) is not None:
        raise Conflict(_("This member is already muted here."))
    measure = _take(MeasureKind.MUTE, circle, member, rule, reason, by, at, until=at + timedelta(days=days))
    _announce("circle.muted", measure, by, at, days=days)
    return measure


def remove(post: CirclePost, *, rule: int, reason: str, by: Handle, at: datetime) -> Measure:
    """A fan's post stands no longer, and what it earned is taken back; its words are kept for the appeal.

    `Criticism` for what may judge the brand: see `hand_on`. Open reports about it are settled by it. That it was pinned or featured stays written down: nobody sees it while the
    post does not stand, and it comes back with the post.
    """
    if any(plug(post) for plug in slots.protecting):
        raise Criticism(_("This may be criticism of us; nobody removes it alone."))
    member = post.author.member
    if member is None:
        raise NotAllowed(_("What the brand wrote, the brand withdraws."))
    if not post.stands:
        raise Conflict(_("This post no longer stands."))
    measure = _take(MeasureKind.REMOVAL, post.circle, member, rule, reason, by, at, post=post)
    post.removed_at = at
    reporting.settle(post, Settled.REMOVED, by, at)
    said = fact_of(post)
    _announce("circle.post_removed", measure, by, at, said_event_id=said.id if said else 0)
    return measure


def hand_on(post: CirclePost, at: datetime) -> None:
    """Put what may be criticism before the people who decide about it together; until then it stays."""
    for plug in slots.handing_on:
        plug(post, at)


def lift(measure: Measure, by: Handle, at: datetime) -> None:
    """Undo it: the member writes again, the post stands again and earns again what it had earned. Twice is once.

    `NotAllowed` for the member whom it concerns, also as a host of the circle.
    """
    if measure.lifted_at is not None:
        return
    if by.member_id is not None and by.member_id == measure.member_id:
        raise NotAllowed(_("Somebody else decides about what concerns you; you can appeal."))
    measure.lifted_at = at
    if measure.post is not None and not _is_withheld(measure.post):
        measure.post.removed_at = None
        note_again(measure.post, measure.public_id)
    _announce("circle.measure_lifted", measure, by, at)


def appeal(measure: Measure, text: str, at: datetime) -> None:
    """The member asks for another look, once, while it holds."""
    if measure.appealed_at is not None:
        raise Conflict(_("You have already appealed; somebody is looking at it."))
    if not measure.holds(at):
        raise Conflict(_("This no longer holds, so there is nothing to appeal."))
    measure.appeal, measure.appealed_at = checked(text), at
    db.session.flush()


def decide(measure: Measure, *, upheld: bool, answer: str, by: Handle, at: datetime) -> None:
    """Answer the appeal. Upheld, everything is restored. Who took the measure does not decide about it."""
    if measure.appealed_at is None or measure.decided_at is not None or measure.lifted_at is not None:
        raise Conflict(_("There is no open appeal here."))
    if measure.by_id == by.id:
        raise NotAllowed(_("Somebody else decides about what you did yourself."))
    measure.answer, measure.decided_at, measure.decided_by_id = checked(answer), at, by.id
    if upheld:
        lift(measure, by, at)
    else:
        _announce("circle.appeal_refused", measure, by, at)


def appeals(circle: InterestCircle | None = None) -> Sequence[Measure]:
    """Appeals that nobody has answered yet, oldest first."""
    query = select(Measure).options(joinedload(Measure.member), joinedload(Measure.post), joinedload(Measure.circle))
    query = query.where(Measure.appealed_at.is_not(None), Measure.decided_at.is_(None), Measure.lifted_at.is_(None))
    if circle is not None:
        query = query.where(Measure.circle_id == circle.id)
    return db.session.scalars(query.order_by(Measure.appealed_at)).all()


def holding(circle: InterestCircle, at: datetime) -> Sequence[Measure]:
    """The mutes that hold in the circle now, those that end first at the top."""
    query = select(Measure).options(joinedload(Measure.member)).where(Measure.circle_id == circle.id)
    query = query.where(Measure.kind == MeasureKind.MUTE, Measure.lifted_at.is_(None), Measure.until > at)
    return db.session.scalars(query.order_by(Measure.until)).all()


def removals(circle: InterestCircle) -> Sequence[Measure]:
    """What was removed in the circle and not put back, the latest first."""
    query = select(Measure).options(joinedload(Measure.member), joinedload(Measure.post))
    query = query.where(
        Measure.circle_id == circle.id, Measure.kind == MeasureKind.REMOVAL, Measure.lifted_at.is_(None)
    )
    return db.session.scalars(query.order_by(Measure.taken_at.desc(), Measure.id.desc()).limit(MOST_REMOVALS)).all()


def removal_of(post: CirclePost) -> Measure | None:
    """The measure by which the post was removed and that still holds."""
    query = select(Measure).where(Measure.post_id == post.id, Measure.lifted_at.is_(None))
    return db.session.scalars(query.order_by(Measure.id.desc()).limit(1)).first()


def _take(
    kind: MeasureKind, circle: InterestCircle, member: Member, rule: int, reason: str, by: Handle, at: datetime,
    *, post: CirclePost | None = None, until: datetime | None = None,
) -> Measure:  # fmt: skip
    if not by.is_brand and is_host(circle, member):
        raise NotAllowed(_("About a host of this circle staff decide."), _("Report the post; they are told."))
    lines = circle.rule_lines
    if not 1 <= rule <= len(lines):
        raise Invalid(_("Name the rule of the circle that was broken."))
    measure = Measure(
        kind=kind, circle_id=circle.id, member_id=member.id, post_id=post.id if post is not None else None,
        rule_number=rule, rule=lines[rule - 1], reason=checked(reason), by_id=by.id, taken_at=at, until=until,
    )  # fmt: skip
    db.session.add(measure)
    db.session.flush()
    return measure


def _is_withheld(post: CirclePost) -> bool:
    """Whether another room keeps it from being read as well."""
    return any(plug(post) is not None for plug in slots.explaining)


def _announce(kind: str, measure: Measure, by: Handle, at: datetime, **more: int) -> None:
    """The fact, and the notice to whom it concerns."""
    circle = db.session.get_one(InterestCircle, measure.circle_id)
    details = {**_circle(circle), "rule": measure.rule_number, **more}
    key = f"{kind}:{measure.public_id}"
    actor, member_id = by.acting_account, measure.member_id
    events.track(kind, key=key, at=at, member_id=member_id, actor_id=actor, subject=measure, payload=details)
    url = f"/circle/interests/measures/{measure.public_id}"
    tell(measure.member_id, kind, key=key, at=at, url=url, details=details)


def _handle(member: Member) -> Handle:
    return next(handle for handle in member.handles if handle.channel == "circle")


def _circle(circle: InterestCircle) -> dict[str, object]:
    return {"circle": {"zh": circle.name.zh, "en": circle.name.en}}
