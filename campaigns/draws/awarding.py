"""Prizes go down the order: offered, accepted, or passed on to the next rank. There is never a second draw."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, update

from campaigns.draws import ranking
from campaigns.draws.models import ADDRESS_DAYS, Draw, DrawAward, DrawEntry, DrawPrize, Ending
from campaigns.draws.telling import notify, tell_team, tell_winner
from commons.db import changed, db
from commons.errors import Gone

AHEAD = 64
PASSED_AT_ONCE = 200

Place = tuple[DrawPrize, int]


class TooLate(Gone):
    """The time to accept is over, the prize went to the next in the order, or it is on its way."""


def places(draw: Draw) -> list[Place]:
    """Every piece of every prize, the first prize first."""
    return [(prize, unit) for prize in draw.prizes for unit in range(1, prize.quantity + 1)]


def offer(draw: Draw, wanted: Iterable[Place], at: datetime) -> None:
    """Offer each piece to the next rank that nobody was asked at yet. A piece for which the order is used up stays where it is."""
    order: Iterator[DrawEntry] | None = None
    for prize, unit in wanted:
        while (rank := _next_rank(draw)) is not None:
            order = order or _from_rank(draw, rank)
            if _offer(draw, (prize, unit), rank, next(order), at):
                break
        else:
            tell_team("draw.prize_left", draw, at, again=f":{prize.id}:{unit}", prize=prize.name)
    db.session.refresh(draw)


def accept(award: DrawAward, at: datetime) -> None:
    """The winner takes the prize. Twice is once; `TooLate` when it went on, or its time to be accepted is over."""
    open_ = (DrawAward.claimed_at.is_(None), DrawAward.ended_at.is_(None), DrawAward.claim_until > at)
    done = changed(update(DrawAward).where(DrawAward.id == award.id, *open_).values(claimed_at=at))
    db.session.refresh(award)
    if done:
        tell_winner("draw.accepted", award, at)
    elif award.claimed_at is None or award.ended_at is not None:
        raise TooLate(_("The time to accept this prize is over; it goes to the next in the order."))


def decline(award: DrawAward, at: datetime) -> None:
    """The winner does not want it: it goes to the next rank. Twice is once; `TooLate` once it is on its way."""
    if not _pass_on(award, Ending.DECLINED, at) and award.ending is not Ending.DECLINED:
        if award.sent_at is not None:
            raise TooLate(_("The prize is on its way to you already."))
        raise TooLate(_("The time to accept this prize is over; it goes to the next in the order."))


def leave(member_id: int, at: datetime) -> None:
    """Whoever is going for good passes on what was not sent yet."""
    mine = select(DrawAward).join(DrawEntry, DrawEntry.id == DrawAward.entry_id)
    standing = (DrawEntry.member_id == member_id, DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None))
    for award in db.session.scalars(mine.where(*standing).order_by(DrawAward.id)).all():
        _pass_on(award, Ending.LEFT, at)


def pass_on_overdue(at: datetime) -> int:
    """What was not accepted in time, or has no address in time, goes to the next rank; how many."""
    due = select(DrawAward).where(overdue(at)).order_by(DrawAward.id).limit(PASSED_AT_ONCE)
    return sum(_pass_on(award, Ending.UNCLAIMED, at) for award in db.session.scalars(due).all())


def overdue(at: datetime) -> ColumnElement[bool]:
    """Whether an award's winner had the time that the rules give."""
    silent = and_(DrawAward.claimed_at.is_(None), DrawAward.claim_until <= at)
    parcels = select(DrawPrize.id).where(DrawPrize.by_post)
    nowhere = and_(
        DrawAward.claimed_at <= at - timedelta(days=ADDRESS_DAYS),
        DrawAward.address_at.is_(None),
        DrawAward.prize_id.in_(parcels),
    )
    return and_(DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None), or_(silent, nowhere))


def entries_of(draw: Draw) -> list[str]:
    """The frozen list in its order."""
    query = select(DrawEntry.entry).where(DrawEntry.draw_id == draw.id, DrawEntry.position.is_not(None))
    return list(db.session.scalars(query.order_by(DrawEntry.position)))


def _pass_on(award: DrawAward, ending: Ending, at: datetime) -> bool:
    """End an award that is not sent, and offer its piece to the next rank; False when somebody was faster.

    One that ended for want of an answer must still want it: who accepts in the last moment keeps it.
    """
    standing = [DrawAward.id == award.id, DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None)]
    if ending is Ending.UNCLAIMED:
        standing.append(overdue(at))
    values = {"ended_at": at, "ending": ending, "address": None}
    done = changed(update(DrawAward).where(*standing).values(**values)) == 1
    db.session.refresh(award)
    if done:
        tell_winner(f"draw.{ending.value}", award, at)
        if ending is Ending.UNCLAIMED:
            notify("draw.passed_on", award, at)
        offer(award.draw, [(award.prize, award.unit)], at)
    return done


def _next_rank(draw: Draw) -> int | None:
    """Take the next rank of the order; None when it is used up. Whoever takes one holds the draw until the commit."""
    free = (Draw.id == draw.id, Draw.ranks_used < draw.entrants)
    taken = update(Draw).where(*free).values(ranks_used=Draw.ranks_used + 1).returning(Draw.ranks_used)
    rank: int | None = db.session.execute(taken.execution_options(synchronize_session=False)).scalar()
    return rank


def _from_rank(draw: Draw, rank: int) -> Iterator[DrawEntry]:
    """The entries from this rank on, best first. Only as much of the order is worked out as is asked for."""
    entries = entries_of(draw)
    most = rank + AHEAD
    while rank <= len(entries):
        ordered = ranking.first(draw.seed or "", entries, most)
        for entry in ordered[rank - 1 :]:
            yield _entry_at(draw, bisect_left(entries, entry))
        rank, most = most + 1, most * 4


def _entry_at(draw: Draw, position: int) -> DrawEntry:
    return db.session.scalars(
        select(DrawEntry).where(DrawEntry.draw_id == draw.id, DrawEntry.position == position)
    ).one()


def _offer(draw: Draw, place: Place, rank: int, entry: DrawEntry, at: datetime) -> bool:
    """Write the award down; False when there is nobody behind the entry any more, so that the next rank is asked."""
    gone = entry.member.erased_at is not None or entry.member.merged_into_id is not None
    prize, unit = place
    award = DrawAward(
        draw=draw,
        prize=prize,
        unit=unit,
        rank=rank,
        entry=entry,
        offered_at=at,
        claim_until=at + timedelta(days=draw.claim_days),
        ended_at=at if gone else None,
        ending=Ending.LEFT if gone else None,
    )
    db.session.add(award)
    db.session.flush()
    if gone:
        return False
    tell_winner("draw.won", award, at)
    notify("draw.won", award, at)
    return True
