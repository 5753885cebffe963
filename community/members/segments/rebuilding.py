"""Looking at all members of the circle, piece by piece: for new rules, for a new day, and as a proof of what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from commons import jobs
from commons.db import changed, db
from community.members.models import Member
from community.members.segments import following, latecomers
from community.members.segments.deciding import today
from community.members.segments.models import Reason, Segment, SegmentDue, SegmentMember, SegmentRound

CHUNK = 50_000
PROOF_EVERY = timedelta(hours=24)
BY_JOB = {
    Reason.RULES: "segments.round",
    Reason.AGAIN: "segments.round",
    Reason.DAY: "segments.prove",
    Reason.PROOF: "segments.prove",
}


def start(segment: Segment, reason: Reason, at: datetime, waits_for: Sequence[str] = ()) -> SegmentRound:
    """Begin a round over all members in the background; one that is under way is broken off for it."""
    stop(segment, at)
    wanted = db.session.scalar(select(func.count(Member.id))) or 0
    begun = SegmentRound(segment_id=segment.id, reason=reason, started_at=at, wanted=wanted, waits_for=list(waits_for))
    db.session.add(begun)
    db.session.flush()
    db.session.expire(segment, ["rounds"])
    jobs.send(BY_JOB[reason], round_id=begun.id)
    return begun


def stop(segment: Segment, at: datetime) -> None:
    """Break off what is under way."""
    under_way = (SegmentRound.segment_id == segment.id, SegmentRound.ended_at.is_(None))
    changed(update(SegmentRound).where(*under_way).values(ended_at=at, broken_off=True))
    db.session.expire(segment, ["rounds"])


def step(round_id: int, at: datetime, chunk: int = CHUNK) -> bool:
    """The next piece of a round; whether more follow. A round that was broken off or is over stays as it is."""
    segment_id = db.session.scalar(select(SegmentRound.segment_id).where(SegmentRound.id == round_id))
    if segment_id is None:
        return False
    locked = select(Segment).where(Segment.id == segment_id).with_for_update(key_share=True)
    segment = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    found = db.session.scalars(_round(round_id)).one_or_none()
    if found is None or found.ended_at is not None or segment.removed_at is not None:
        return False
    if found.reason is Reason.RULES and found.up_to == 0:
        found.waits_for = latecomers.writing()
    _look(segment, found, at, chunk)
    return found.ended_at is None


def rebuild(segment: Segment, at: datetime, reason: Reason = Reason.PROOF) -> SegmentRound:
    """A whole round at once, each piece committed."""
    begun = start(segment, reason, at)
    db.session.commit()
    while step(begun.id, at):
        db.session.commit()
    db.session.commit()
    return begun


def turn(at: datetime) -> int:
    """Begin what is due: the new day of segments that days change, and for each a proof once a day. How many rounds.

    One that has not ended in a day was given up somewhere, and is broken off for the next.
    """
    busy = select(SegmentRound.segment_id).where(
        SegmentRound.ended_at.is_(None), SegmentRound.started_at > at - PROOF_EVERY
    )
    idle = db.session.scalars(select(Segment).where(Segment.removed_at.is_(None), Segment.id.not_in(busy))).all()
    begun = 0
    for segment in idle:
        if segment.drifts and segment.settled_day != today(at):
            start(segment, Reason.DAY, at)
        elif segment.round is None or _last_proof(segment) <= at - PROOF_EVERY:
            start(segment, Reason.PROOF, at)
        else:
            continue
        begun += 1
    return begun


def complaint(at: datetime) -> str | None:
    """What the newest proofs found wrong, as a sentence."""
    newest = (
        select(func.max(SegmentRound.id)).where(SegmentRound.ended_at.is_not(None)).group_by(SegmentRound.segment_id)
    )
    query = (
        select(SegmentRound)
        .join(SegmentRound.segment)
        .options(joinedload(SegmentRound.segment))
        .where(SegmentRound.id.in_(newest), SegmentRound.strays > 0, Segment.removed_at.is_(None))
    )
    found = db.session.scalars(query.limit(1)).one_or_none()
    if found is None:
        return None
    return str(
        _(
            "The segment “%(name)s” was not right: %(number)s differences, put right now",
            name=found.segment.name,
            number=found.strays,
        )
    )


def _round(round_id: int) -> Select[SegmentRound]:
    return select(SegmentRound).where(SegmentRound.id == round_id).execution_options(populate_existing=True)


def _look(segment: Segment, found: SegmentRound, at: datetime, chunk: int) -> None:
    after = found.up_to
    beyond = select(Member.id).where(Member.id > after).order_by(Member.id)
    last = db.session.scalar(beyond.offset(chunk - 1).limit(1))
    came, went = following.put_right(
        segment, lambda column: column.between(after + 1, last) if last is not None else column > after, at
    )
    segment.size += len(came) - len(went)
    found.came += len(came)
    found.went += len(went)
    if found.reason is Reason.PROOF and segment.settled_day == today(at):
        found.strays += _strays([*came, *went])
    found.looked_at += chunk if last is not None else max(0, found.wanted - found.looked_at)
    if last is not None:
        found.up_to = last
    else:
        _end(segment, found, at)


def _end(segment: Segment, found: SegmentRound, at: datetime) -> None:
    kept = select(func.count()).select_from(SegmentMember).where(SegmentMember.segment_id == segment.id)
    segment.size = db.session.scalar(kept) or 0
    segment.settled_day = today(found.started_at)
    found.ended_at = at
    if found.reason is Reason.RULES and found.waits_for:
        start(segment, Reason.AGAIN, at, found.waits_for)


def _strays(member_ids: list[int]) -> int:
    """How many of these were wrong without a mark that would have put them right in a moment."""
    if not member_ids:
        return 0
    marked = set(db.session.scalars(select(SegmentDue.member_id)))
    return len(set(member_ids) - marked)


def _last_proof(segment: Segment) -> datetime:
    return max(
        (
            round_.started_at
            for round_ in segment.rounds[:20]
            if round_.reason is not Reason.DAY and not round_.broken_off
        ),
        default=segment.made_at,
    )
