"""Casting a lot among many: first the list of people, piece by piece, each in a transaction of its own; then the lot, at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from campaigns.insights.holdouts import drawing
from campaigns.insights.models import Holdout, HoldoutMember
from commons import bulk, events
from commons.db import changed, db
from community.members.models import Member
from community.members.segments.deciding import matching, today
from community.members.segments.models import Segment

CHUNK = 5_000


def step(holdout_id: int, at: datetime) -> bool:
    """The next piece; whether more follow. What is drawn stays as it is, and once the campaign has begun nothing is drawn."""
    locked = select(Holdout).where(Holdout.id == holdout_id).with_for_update(of=Holdout)
    holdout = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if holdout.drawn_at is not None or holdout.is_too_late(at):
        return False
    if _write_down(holdout, at) == CHUNK:
        return True
    _cast(holdout, at)
    return False


def frame(segment: Segment | None, at: datetime) -> Select[int]:
    """Everybody among whom is drawn, by id."""
    everybody = select(Member.id).where(Member.counts())
    return matching(segment.rules, today(at)) if segment is not None else everybody


def _write_down(holdout: Holdout, at: datetime) -> int:
    """The next on the list; how many. They are addressed as usual until the lot is cast."""
    query = frame(holdout.segment, at).with_only_columns(Member.id).where(Member.id > holdout.up_to)
    ids = db.session.scalars(query.order_by(None).order_by(Member.id).limit(CHUNK)).all()
    table: Any = HoldoutMember.__table__
    rows = ((holdout.id, member_id, False) for member_id in ids)
    bulk.write(db.session.connection(), table, ("holdout_id", "member_id", "is_kept_out"), rows)
    holdout.people += len(ids)
    holdout.up_to = ids[-1] if ids else holdout.up_to
    db.session.flush()
    return len(ids)


def _cast(holdout: Holdout, at: datetime) -> None:
    listed = select(Member.public_id, Member.id).join(HoldoutMember, HoldoutMember.member_id == Member.id)
    people = dict(db.session.execute(listed.where(HoldoutMember.holdout_id == holdout.id)).all())
    out = [people[public_id] for public_id in drawing.kept_out(holdout.seed, people.keys(), holdout.share)]
    for start in range(0, len(out), CHUNK):
        some = bulk.among(HoldoutMember.member_id, out[start : start + CHUNK])
        changed(update(HoldoutMember).where(HoldoutMember.holdout_id == holdout.id, some).values(is_kept_out=True))
    holdout.people, holdout.kept_out, holdout.drawn_at = len(people), len(out), at
    db.session.flush()
    _tell(holdout, at)


def _tell(holdout: Holdout, at: datetime) -> None:
    events.track(
        "holdout.drawn",
        key=f"holdout.drawn:{holdout.public_id}",
        at=at,
        actor_id=holdout.drawn_by_id,
        subject=holdout,
        campaign_id=holdout.campaign_id,
        payload={
            "title": holdout.campaign.title,
            "seed": holdout.seed,
            "share": holdout.share,
            "people": holdout.people,
            "kept_out": holdout.kept_out,
        },
    )
