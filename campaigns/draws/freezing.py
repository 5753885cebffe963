"""At the close: who takes part becomes a list that no longer changes, with its root, its count and its exclusions."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, null, select, update

from campaigns.draws import merkle
from campaigns.draws.models import Draw, DrawEntry, DrawExclusion, Eligibility, Reason
from campaigns.draws.ranking import fingerprint, leaf_of
from campaigns.draws.telling import tell_team
from campaigns.participation.exclusions.models import Code, Exclusion
from campaigns.participation.models import Fulfilment, Participant
from campaigns.planning.models import Mission
from commons import bulk
from commons.db import changed, db
from community.members.models import Member

ID_BYTES = 16
ENOUGH = timedelta(minutes=1)
"""How long before the random value a list must be under way to be committed in time, however many are on it."""

OF_CAMPAIGN = {
    Code.SECOND_ACCOUNT: Reason.SECOND_ACCOUNT,
    Code.EMPLOYEE: Reason.EMPLOYEE,
    Code.UNDER_AGE: Reason.UNDER_AGE,
    Code.FORGED: Reason.RULES_BROKEN,
    Code.RULES_BROKEN: Reason.RULES_BROKEN,
}
"""With which reason a draw leaves out whoever is kept out of its campaign."""


class Judged(NamedTuple):
    """A participant at the close, under the random id that stands for him; `reason` keeps him off the list."""

    member_id: int
    entry: str
    reason: Reason | None


class Frozen(NamedTuple):
    """What a frozen list comes to."""

    entries: Sequence[str]
    root: str
    subtrees: bytes
    exclusions_hash: str


def freeze(draw_id: int, at: datetime) -> bool:
    """Freeze the list of a launched draw that has closed; True if it was done now. Twice is once.

    When the random value is out, or about to be, it is too late: the draw is missed, for good, rather than taken among a
    list that could have been made to fit.
    """
    if changed(update(Draw).where(*_waits(draw_id), Draw.reveals_at <= at + ENOUGH).values(missed_at=at)):
        tell_team("draw.missed", _draw(draw_id), at)
        return False
    draw = _draw(draw_id)
    db.session.refresh(draw, with_for_update=True)
    if draw.launched_at is None or draw.frozen_at or draw.missed_at or draw.closes_at > at:
        return False
    judged = _judge(draw)
    frozen = put_in_order(draw.public_id, judged)
    _keep(draw, judged, frozen, at)
    tell_team("draw.frozen", draw, at, root=frozen.root, count=len(frozen.entries))
    return True


def put_in_order(draw: str, judged: Sequence[Judged]) -> Frozen:
    """The list in the order of its ids, which are random, and what follows from it. Pure."""
    entries = sorted(one.entry for one in judged if one.reason is None)
    nodes = merkle.subtrees([leaf_of(draw, entry) for entry in entries])
    return Frozen(entries, merkle.root(nodes).hex(), b"".join(nodes), fingerprint(exclusions(judged)))


def exclusions(judged: Sequence[Judged]) -> list[dict[str, str]]:
    """Who was excluded and why, as it is published: ids and reason codes in the order of the ids."""
    return [{"entry": one.entry, "reason": one.reason.value} for one in sorted(judged, key=_by_id) if one.reason]


def _by_id(one: Judged) -> str:
    return one.entry


def _judge(draw: Draw) -> list[Judged]:
    """Everybody who took part before the close, each with a fresh id, and the reason that keeps him off, if any."""
    by_hand = and_(DrawExclusion.draw_id == draw.id, DrawExclusion.member_id == Participant.member_id)
    kept_out = and_(
        Exclusion.campaign_id == draw.campaign_id,
        Exclusion.member_id == Participant.member_id,
        Exclusion.lifted_at.is_(None),
    )
    query = (
        select(Participant.member_id, _reason(draw))
        .join(Member, Member.id == Participant.member_id)
        .outerjoin(DrawExclusion, by_hand)
        .outerjoin(Exclusion, kept_out)
        .where(Participant.campaign_id == draw.campaign_id, Participant.joined_at < draw.closes_at)
    )
    rows = db.session.execute(query).all()
    chance = secrets.token_bytes(ID_BYTES * len(rows)).hex()
    width = ID_BYTES * 2
    return [
        Judged(member_id, chance[number * width : (number + 1) * width], reason)
        for number, (member_id, reason) in enumerate(rows)
    ]


def _reason(draw: Draw) -> ColumnElement[Reason | None]:
    """Why the participant is not on the list; what follows from facts comes before what somebody decided."""
    kind = DrawExclusion.reason.type
    gone = (Member.erased_at.is_not(None), literal(Reason.ACCOUNT_DELETED, kind))
    merged = (Member.merged_into_id.is_not(None), literal(Reason.SECOND_ACCOUNT, kind))
    by_hand = (DrawExclusion.reason.is_not(None), DrawExclusion.reason)
    kept_out = [(Exclusion.code == code, literal(OF_CAMPAIGN[code], kind)) for code in Code]
    asked = draw.eligibility is Eligibility.ALL_MISSIONS
    lacking = [(_misses_one(draw), literal(Reason.MISSIONS_OPEN, kind))] if asked else []
    return case(gone, merged, by_hand, *kept_out, *lacking, else_=null())


def _misses_one(draw: Draw) -> ColumnElement[bool]:
    """Whether a mission is still open for the participant, of those that the draw was launched with and that are not closed."""
    asked = select(Mission.id).where(Mission.campaign_id == draw.campaign_id, Mission.closed_at.is_(None))
    of_campaign = asked.where(Mission.added_at <= (draw.launched_at or draw.created_at))
    done = select(func.count()).where(
        Fulfilment.member_id == Participant.member_id, Fulfilment.mission_id.in_(of_campaign)
    )
    return (
        done.correlate(Participant).scalar_subquery()
        < select(func.count()).select_from(of_campaign.subquery()).scalar_subquery()
    )


def _keep(draw: Draw, judged: Sequence[Judged], frozen: Frozen, at: datetime) -> None:
    place = {entry: number for number, entry in enumerate(frozen.entries)}
    columns = ("draw_id", "member_id", "entry", "position", "reason")
    rows = ((draw.id, one.member_id, one.entry, place.get(one.entry), one.reason) for one in judged)
    bulk.write(db.session.connection(), DrawEntry.__table__, columns, rows)  # type: ignore[arg-type]
    values = {
        "frozen_at": at,
        "root": frozen.root,
        "entrants": len(frozen.entries),
        "excluded": len(judged) - len(frozen.entries),
        "subtrees": frozen.subtrees,
        "exclusions_hash": frozen.exclusions_hash,
    }
    if changed(update(Draw).where(*_waits(draw.id)).values(**values)) == 0:
        raise RuntimeError(f"draw {draw.public_id} was frozen by somebody else while it was held")
    db.session.refresh(draw)


def _waits(draw_id: int) -> tuple[ColumnElement[bool], ...]:
    return Draw.id == draw_id, Draw.launched_at.is_not(None), Draw.frozen_at.is_(None), Draw.missed_at.is_(None)


def _draw(draw_id: int) -> Draw:
    return db.session.get_one(Draw, draw_id, populate_existing=True)
