"""From facts to badges: granted when the terms are fulfilled, revoked when what fulfilled them is undone. Twice is once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import contains_eager

from commons import events, zones
from commons.db import changed, db, insert_new
from commons.events import Event
from community.loyalty.badges.deserving import Fact, progress
from community.loyalty.badges.models import Badge, BadgeAward
from community.loyalty.rules.undoing import UNDOES
from community.members.models import Member
from community.members.zones import zones_of
from community.notices.telling import tell

PAGE = "/circle/me/badges"
AT_ONCE = 500

Facts = Mapping[tuple[int, str], Sequence[Fact]]


def read(facts: Sequence[Event]) -> None:
    """Draw what follows for badges from facts just written."""
    undone = [fact for fact in facts if fact.kind in UNDOES and fact.member_id is not None]
    for fact in undone:
        _look_again(fact)
    badges = _of_kinds({fact.kind for fact in facts if fact.member_id is not None})
    if not badges:
        return
    members: dict[str, dict[int, datetime]] = defaultdict(dict)
    for fact in facts:
        if fact.member_id is not None:
            members[fact.kind][fact.member_id] = fact.occurred_at
    for kind in {badge.event_kind for badge in badges}:
        _grant_deserved([badge for badge in badges if badge.event_kind == kind], members[kind])


def backfill(badge: Badge, at: datetime, after_id: int = 0, limit: int = AT_ONCE) -> int | None:
    """Grant the badge to those among the next `limit` members who deserve it by what they did so far; the last one's id.

    None when nobody is left. What was granted already stays as it is.
    """
    query = select(Event.member_id).where(Event.kind == badge.event_kind, Event.member_id > after_id)
    alive = query.join(Member, Member.id == Event.member_id).where(Member.counts())
    found = db.session.scalars(alive.distinct().order_by(Event.member_id).limit(limit)).all()
    ids = [member_id for member_id in found if member_id is not None]
    if badge.retired_at is None and ids:
        _grant_deserved([badge], dict.fromkeys(ids, at))
    return ids[-1] if len(ids) == limit else None


def look(member_ids: Collection[int], at: datetime) -> None:
    """Members have other facts than before: grant what they deserve by now, revoke what rests on a fact that has left them."""
    badges = _of_kinds(set(db.session.scalars(select(Badge.event_kind).distinct())))
    for kind in sorted({badge.event_kind for badge in badges}):
        _grant_deserved([badge for badge in badges if badge.event_kind == kind], dict.fromkeys(member_ids, at))
    query = select(BadgeAward).join(BadgeAward.badge).join(BadgeAward.event).options(contains_eager(BadgeAward.badge))
    query = query.where(BadgeAward.member_id.in_(member_ids), BadgeAward.revoked_at.is_(None))
    for award in db.session.scalars(query.where(Event.member_id != BadgeAward.member_id)).all():
        kind = award.badge.event_kind
        made = progress(award.badge.terms, facts_of([award.member_id], [kind]).get((award.member_id, kind), ()))
        if made.is_fulfilled:
            award.event_id = made.fulfilled_by
        else:
            _revoke(award, at)


def facts_of(member_ids: Collection[int], kinds: Collection[str]) -> Facts:
    """The members' facts of these kinds that were not undone, in order of happening, by member and kind."""
    zone = zones_of(member_ids)
    taken = _undone(member_ids)
    columns = Event.id, Event.member_id, Event.kind, Event.occurred_at, Event.evidence, Event.payload
    query = select(*columns).where(Event.member_id.in_(member_ids), Event.kind.in_(kinds))
    found: dict[tuple[int, str], list[Fact]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Event.occurred_at, Event.id)):
        if row.id not in taken:
            day = _own_day(row.payload) or zones.day_of(row.occurred_at, zone[row.member_id])
            found[row.member_id, row.kind].append(Fact(row.id, day, row.evidence, row.payload))
    return found


def _own_day(payload: Mapping[str, object]) -> date | None:
    """A check-in says itself on which day it was, and keeps that day when the member moves to another zone."""
    try:
        return date.fromisoformat(str(payload["day"]))
    except (KeyError, ValueError):
        return None


def _grant_deserved(badges: Sequence[Badge], members: Mapping[int, datetime]) -> None:
    """All `badges` are about one kind of fact; `members` with the moment at which each may deserve one."""
    kind = badges[0].event_kind
    have = _awards([badge.id for badge in badges], members)
    open_for = {
        (badge.id, member_id): badge
        for badge in badges
        for member_id in members
        if (award := have.get((badge.id, member_id))) is None or award.revoked_at is not None
    }
    able = _with_enough({member_id for _badge, member_id in open_for}, kind, min(badge.times for badge in badges))
    facts = facts_of(able, [kind]) if able else {}
    for (badge_id, member_id), badge in open_for.items():
        made = progress(badge.terms, facts.get((member_id, kind), ()))
        if made.fulfilled_by is not None:
            _grant(badge, member_id, made.fulfilled_by, members[member_id], have.get((badge_id, member_id)))


def _grant(badge: Badge, member_id: int, event_id: int, at: datetime, before: BadgeAward | None) -> None:
    if before is None:
        row = {
            "badge_id": badge.id, "member_id": member_id, "event_id": event_id, "granted_at": at, "times_granted": 1,
        }  # fmt: skip
        award_id = insert_new(BadgeAward, row)
        if award_id is None:
            return
        award = db.session.get_one(BadgeAward, award_id)
    else:
        award = before
        values = {
            "revoked_at": None,
            "granted_at": at,
            "event_id": event_id,
            "times_granted": BadgeAward.times_granted + 1,
        }
        if not _change(award, BadgeAward.revoked_at.is_not(None), values):
            return
    _say("granted", award, badge, at)


def _look_again(fact: Event) -> None:
    """Revoke what the member no longer deserves because `fact` undid another one."""
    undone = db.session.get(Event, fact.payload.get(UNDOES[fact.kind]) or 0)
    if undone is None or undone.member_id is None or undone.member_id != fact.member_id:
        return
    query = select(BadgeAward).join(BadgeAward.badge).where(BadgeAward.member_id == undone.member_id)
    awards = db.session.scalars(query.where(Badge.event_kind == undone.kind, BadgeAward.revoked_at.is_(None))).all()
    facts = facts_of([undone.member_id], [undone.kind])[undone.member_id, undone.kind] if awards else []
    for award in awards:
        if not progress(award.badge.terms, facts).is_fulfilled:
            _revoke(award, fact.occurred_at)


def _revoke(award: BadgeAward, at: datetime) -> None:
    if _change(award, BadgeAward.revoked_at.is_(None), {"revoked_at": at}):
        _say("revoked", award, award.badge, at)


def _change(award: BadgeAward, still: ColumnElement[bool], values: Mapping[str, object]) -> bool:
    """Change the award unless somebody was faster; it is as it stands afterwards."""
    done = changed(update(BadgeAward).where(BadgeAward.id == award.id, still).values(**values)) == 1
    db.session.refresh(award)
    return done


def _say(what: str, award: BadgeAward, badge: Badge, at: datetime) -> None:
    payload = {"badge": {"zh": badge.name.zh, "en": badge.name.en}}
    kind, key = f"badge.{what}", f"badge.{what}:{award.id}:{award.times_granted}"
    events.track(kind, key=key, at=at, member_id=award.member_id, subject=badge, payload=payload)
    tell(award.member_id, kind, key=key, at=at, url=PAGE, details=payload)


def _of_kinds(kinds: Collection[str]) -> Sequence[Badge]:
    query = select(Badge).where(Badge.event_kind.in_(kinds), Badge.retired_at.is_(None))
    return db.session.scalars(query.order_by(Badge.id)).all()


def _awards(badge_ids: Sequence[int], member_ids: Collection[int]) -> dict[tuple[int, int], BadgeAward]:
    query = select(BadgeAward).where(BadgeAward.badge_id.in_(badge_ids), BadgeAward.member_id.in_(member_ids))
    return {(award.badge_id, award.member_id): award for award in db.session.scalars(query)}


def _with_enough(member_ids: Collection[int], kind: str, times: int) -> set[int]:
    """Those who have at least so many facts of this kind, whether undone or not: nobody else can deserve anything."""
    query = select(Event.member_id).where(Event.member_id.in_(member_ids), Event.kind == kind)
    found = db.session.scalars(query.group_by(Event.member_id).having(func.count() >= times))
    return {member_id for member_id in found if member_id is not None}


def _undone(member_ids: Collection[int]) -> set[object]:
    """The ids of the facts that a later fact of these members undid."""
    query = select(Event.kind, Event.payload).where(Event.member_id.in_(member_ids), Event.kind.in_(UNDOES))
    return {payload.get(UNDOES[kind]) for kind, payload in db.session.execute(query)}
