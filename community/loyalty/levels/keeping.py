"""Keeping a level and losing it: nobody falls who was not told 14 days before, by when and what prevents it, one level at a time.

A level is held by nine tenths of what it takes, by the ladder in force or by the one that it was given under.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from commons.db import db, insert_new
from commons.i18n import in_both_languages
from community.loyalty import accounts
from community.loyalty.levels import climbing, counting, ladder, ladders, locks, saving
from community.loyalty.levels.climbing import Climb
from community.loyalty.levels.ladder import Counted, Ladder
from community.loyalty.levels.models import LevelGrace
from community.loyalty.levels.words import amount_words
from community.loyalty.models import Cause, Currency, LedgerAccount, Level, LevelChange
from community.members.models import Member
from community.notices.telling import tell

AT_ONCE = 500


@dataclass(frozen=True)
class Look:
    """What is known of some members whose levels are looked at."""

    climb: Climb
    at: datetime
    positions: Mapping[int, LevelChange]
    counts: Mapping[int, Counted]
    by_own_version: Mapping[int, tuple[Ladder, Counted]]
    graces: Mapping[int, LevelGrace]


def look(at: datetime, after_id: int = 0, limit: int = AT_ONCE) -> int | None:
    """Look at the levels of the next `limit` members after this id; the last one's id, None when nobody is left."""
    second = min((level.threshold for level in ladders.levels() if level.threshold > 0), default=0)
    stepped = select(LevelChange.id).where(LevelChange.member_id == LedgerAccount.member_id).exists()
    query = (
        select(LedgerAccount.member_id)
        .join(Member, Member.id == LedgerAccount.member_id)
        .where(LedgerAccount.currency == Currency.GROWTH, LedgerAccount.member_id > after_id)
        .where((LedgerAccount.balance >= second) | stepped, Member.counts())
    )
    found = db.session.scalars(query.order_by(LedgerAccount.member_id).limit(limit)).all()
    look_at(found, at)
    return found[-1] if len(found) == limit else None


def look_at(member_ids: Collection[int], at: datetime) -> None:
    """Let these members' levels follow what counts `at` this moment: rise, keep, be warned, or fall when that is over.

    Who is part of another member keeps the level that he had, and is told nothing, until the two are split.
    """
    alone = select(Member.id).where(Member.id.in_(member_ids), Member.merged_into_id.is_(None))
    member_ids = db.session.scalars(alone.order_by(Member.id)).all() if member_ids else []
    if not member_ids:
        return
    accounts.lock(member_ids)
    held = locks.locked(member_ids, at)
    free = [member_id for member_id in member_ids if member_id not in held]
    seen = _seen(free, at)
    for member_id in free:
        _follow(member_id, seen)


def look_at_warned(at: datetime, after_id: int = 0, limit: int = AT_ONCE) -> int | None:
    """Look at the next `limit` members who were warned; the last one's id, None when nobody is left."""
    query = select(LevelGrace.member_id).where(LevelGrace.closed_at.is_(None), LevelGrace.member_id > after_id)
    found = db.session.scalars(query.order_by(LevelGrace.member_id).limit(limit)).all()
    look_at(found, at)
    return found[-1] if len(found) == limit else None


def _seen(member_ids: Sequence[int], at: datetime) -> Look:
    climb, positions = Climb.now(), climbing.positions(member_ids)
    counts = counting.counted(member_ids, climb.ladder.since(at), at)
    mine = climb.version.id if climb.version is not None else None
    of_version: dict[int, list[int]] = defaultdict(list)
    for member_id, change in positions.items():
        if change.version_id is not None and change.version_id != mine:
            of_version[change.version_id].append(member_id)
    own: dict[int, tuple[Ladder, Counted]] = {}
    for version_id, then in ladders.some(of_version.keys()).items():
        found = counting.counted(of_version[version_id], then.since(at), at)
        own |= {member_id: (then, found[member_id]) for member_id in of_version[version_id]}
    return Look(climb, at, positions, counts, own, _graces(member_ids))


def _follow(member_id: int, seen: Look) -> None:
    here = _level(member_id, seen)
    there = seen.climb.levels[ladder.reached(seen.climb.ladder.rungs, seen.counts[member_id])]
    grace = seen.graces.get(member_id)
    if there.rank > here.rank:
        version_id = seen.climb.version.id if seen.climb.version is not None else None
        climbing.step(member_id, here, there, seen.at, cause=Cause.THRESHOLDS, version_id=version_id)
    elif here is seen.climb.lowest or _is_held(member_id, here, seen):
        _keep(grace, here, seen.at)
    elif grace is None:
        _warn(member_id, here, seen)
    elif grace.ends_at <= seen.at:
        _fall(member_id, here, grace, seen)


def _fall(member_id: int, here: Level, grace: LevelGrace, seen: Look) -> None:
    """Down by one level; where that one is not held either, a time of grace of its own begins."""
    under = seen.climb.levels[ladder.below(seen.climb.ladder.rungs, here.rank)]
    version_id = saving.granted_under(member_id, under.rank)
    _close(grace, seen.at)
    grace.fell = True
    db.session.flush()
    climbing.step(member_id, here, under, seen.at, cause=Cause.PERIOD, version_id=version_id)
    fallen = _seen([member_id], seen.at)
    if under is not seen.climb.lowest and not _is_held(member_id, under, fallen):
        _warn(member_id, under, fallen)


def _is_held(member_id: int, level: Level, seen: Look) -> bool:
    now = seen.climb.ladder.rung(level.rank)
    if now is not None and ladder.holds(now, seen.counts[member_id]):
        return True
    then, counted = seen.by_own_version.get(member_id, (None, Counted()))
    rung = then.rung(level.rank) if then is not None else None
    return rung is not None and ladder.holds(rung, counted)


def _warn(member_id: int, level: Level, seen: Look) -> None:
    """Tell the member when the level is lost and what prevents it."""
    under, ends_at = seen.climb.levels[ladder.below(seen.climb.ladder.rungs, level.rank)], seen.at + ladder.GRACE
    row = {
        "member_id": member_id,
        "level_id": level.id,
        "to_level_id": under.id,
        "began_at": seen.at,
        "ends_at": ends_at,
        "fell": False,
    }
    grace_id = insert_new(LevelGrace, row)
    if grace_id is None:
        return
    own = seen.by_own_version.get(member_id)
    known = [seen.climb.ladder, *([own[0]] if own is not None else [])]
    missing = saving.missing(member_id, level.rank, known, seen.at, ends_at)
    details = {
        "level": climbing.words_of(level),
        "to": climbing.words_of(under),
        "day": {"moment": ends_at.isoformat()},
        "missing": in_both_languages(lambda: amount_words(missing)),
    }
    tell(member_id, "level.in_danger", key=f"level.grace:{grace_id}", at=seen.at, url=climbing.PAGE, details=details)


def _keep(grace: LevelGrace | None, level: Level, at: datetime) -> None:
    if grace is None:
        return
    _close(grace, at)
    key, details = f"level.kept:{grace.id}", {"level": climbing.words_of(level)}
    tell(grace.member_id, "level.kept", key=key, at=at, url=climbing.PAGE, details=details)


def _close(grace: LevelGrace | None, at: datetime) -> None:
    if grace is not None:
        grace.closed_at = at
        db.session.flush()


def _level(member_id: int, seen: Look) -> Level:
    change = seen.positions.get(member_id)
    return change.level if change is not None else seen.climb.lowest


def _graces(member_ids: Sequence[int]) -> dict[int, LevelGrace]:
    query = select(LevelGrace).where(LevelGrace.member_id.in_(member_ids), LevelGrace.closed_at.is_(None))
    return {grace.member_id: grace for grace in db.session.scalars(query)}
