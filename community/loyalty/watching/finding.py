"""Looking at what happened lately: the facts of those who did something since the last look, before the five signs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from commons.db import db
from commons.events import Event
from community.loyalty import accounts
from community.loyalty.rules import versions as rules
from community.loyalty.rules.people import member_in, named_in, other_of
from community.loyalty.watching import holding, slots, telling
from community.loyalty.watching.choirs import Choirs, choirs
from community.loyalty.watching.echoes import crowded, echoes
from community.loyalty.watching.models import HeldEarning, Outcome, SuspectFact, SuspectMember, Suspicion, WatchRound
from community.loyalty.watching.rings import Rings, rings
from community.loyalty.watching.signs import Finding, Seen, bursts, rhythms
from community.members.merging.finding import merged_among
from community.members.models import Member

AT_ONCE = 20_000
DAYS = 30
HOPS = 7
"""A ring of eight is closed after seven steps from any of its people."""
MOST_MEMBERS = 2000
LATELY = timedelta(days=1)
"""What is older when it arrives was brought in; nobody sings a day late."""
SETTLED = timedelta(minutes=2)
"""Facts that were written so short a while ago are looked at once more the next time."""


@dataclass(frozen=True)
class Look:
    """What one look found: up to which fact, at how many members, and whether more facts are waiting."""

    up_to: int
    members: int
    found: Sequence[Suspicion]
    more: bool


def look(at: datetime) -> Look:
    """Look at the facts since the last look (the newest `AT_ONCE` at the first), and hold what looks wrong."""
    kinds = rules.kinds()
    newest = db.session.scalar(select(func.max(Event.id))) or 0
    since = latest_round()
    after = since.up_to_event_id if since is not None else max(0, newest - AT_ONCE)
    query = select(Event.id, Event.kind, Event.member_id, Event.occurred_at, Event.recorded_at).where(
        Event.id > after, Event.kind.in_(kinds), Event.member_id.is_not(None)
    )
    fresh = db.session.execute(query.order_by(Event.id).limit(AT_ONCE)).all()
    touched = {fact.member_id for fact in fresh}
    findings = [*_findings(touched, kinds, at), *_choirs(fresh, at)]
    # All at once and in one order, as whoever pays facts locks them: else the two could wait for each other for ever.
    accounts.lock({member_id for _kind, finding in findings for member_id in finding.members})
    found = [_raise(finding, kind, at) for kind, finding in findings]
    up_to = fresh[-1].id if len(fresh) == AT_ONCE else _settled(fresh, at, newest)
    new = [suspicion for suspicion in found if suspicion is not None]
    db.session.add(WatchRound(up_to_event_id=up_to, members=len(touched), found=len(new), at=at))
    db.session.flush()
    return Look(up_to, len(touched), new, len(fresh) == AT_ONCE)


def _settled(fresh: Sequence[Any], at: datetime, newest: int) -> int:
    """Up to which fact nothing can still come in between: a transaction that has just begun may hold earlier ids."""
    young = [fact.id for fact in fresh if fact.recorded_at > at - SETTLED]
    return min(young) - 1 if young else newest


def latest_round() -> WatchRound | None:
    return db.session.scalars(select(WatchRound).order_by(WatchRound.id.desc()).limit(1)).one_or_none()


def _findings(touched: set[int], kinds: Collection[str], at: datetime) -> Iterator[tuple[str, Finding]]:
    members = sorted(touched)
    for start in range(0, len(members), MOST_MEMBERS):
        of_kind = _facts(Event.member_id.in_(members[start : start + MOST_MEMBERS]), kinds, at)
        for kind, facts in of_kind.items():
            for own in _by_member(facts).values():
                # A machine that is fast, or says the same again and again, makes a burst too: one question is enough.
                for finding in [*rhythms(own)] or [*_echoes(own)] or [*bursts(own)]:
                    yield kind, finding
            for finding in rings(_neighbourhood(facts, kind, at)):
                yield kind, finding


def _choirs(fresh: Sequence[Any], at: datetime) -> Iterator[tuple[str, Finding]]:
    """What was just said, beside what anybody said shortly before: most of a choir was there at the last look already."""
    spoken = slots.said([fact.id for fact in fresh])
    new = [fact for fact in fresh if fact.id in spoken and fact.occurred_at > at - LATELY]
    if new:
        since = min(fact.occurred_at for fact in new) - Choirs().window
        around = _facts(and_(Event.member_id.is_not(None), Event.occurred_at > since), {fact.kind for fact in new}, at)
        for kind, facts in around.items():
            yield from ((kind, finding) for finding in choirs(facts, slots.said([fact.id for fact in facts])))


def _facts(which: ColumnElement[bool], kinds: Collection[str], at: datetime) -> dict[str, list[Seen]]:
    """Those of the facts of the last days by kind, in order of time, but those on which a person has decided already."""
    query = select(Event.id, Event.kind, Event.member_id, Event.occurred_at, Event.payload).where(
        which,
        Event.kind.in_(kinds),
        Event.occurred_at > at - timedelta(days=DAYS),
        ~_decided(SuspectFact),
        ~_decided(HeldEarning),
    )
    found: dict[str, list[Seen]] = defaultdict(list)
    rows = db.session.execute(query.order_by(Event.occurred_at, Event.id)).all()
    selves = merged_among({one for row in rows if (one := named_in(row.payload)) is not None})
    for row in rows:
        other = member_in(other_of(row.payload, row.member_id, selves))
        found[row.kind].append(Seen(row.id, row.member_id, row.occurred_at, other))
    return found


def _echoes(own: Sequence[Seen]) -> Iterator[Finding]:
    """The words are asked for only where somebody said a lot within a short time."""
    close = crowded(own)
    marks = {event_id: said.mark for event_id, said in slots.said([fact.id for fact in close]).items()} if close else {}
    yield from echoes(close, marks)


def _decided(names: type[SuspectFact | HeldEarning]) -> ColumnElement[bool]:
    """Whether the fact was shown to a person who has decided: as one that was pointed at, or as one held meanwhile."""
    return exists().where(
        names.event_id == Event.id, names.suspicion_id == Suspicion.id, Suspicion.outcome != Outcome.OPEN
    )


def _neighbourhood(facts: Sequence[Seen], kind: str, at: datetime) -> list[Seen]:
    """The facts, and those of whoever feeds these people as a habit, and so on; strangers to habits stay out."""
    known = list(facts)
    members = {fact.member_id for fact in known}
    frontier = known
    for _hop in range(HOPS):
        habits: dict[tuple[int, int], int] = defaultdict(int)
        for fact in frontier:
            if fact.other is not None:
                habits[fact.other, fact.member_id] += 1
        others = {giver for (giver, _taker), times in habits.items() if times >= Rings().again} - members
        if not others or len(members) > MOST_MEMBERS:
            break
        members |= others
        frontier = _facts(Event.member_id.in_(sorted(others)), [kind], at).get(kind, [])
        known += frontier
    return known


def _by_member(facts: Sequence[Seen]) -> dict[int, list[Seen]]:
    found: dict[int, list[Seen]] = defaultdict(list)
    for fact in facts:
        found[fact.member_id].append(fact)
    return found


def _raise(finding: Finding, kind: str, at: datetime) -> Suspicion | None:
    """Write the finding down and hold what its facts earned. What is open already about one of them grows: None."""
    known = _open_about(finding, kind)
    suspicion = known or Suspicion(sign=finding.sign, event_kind=kind, found_at=at)
    suspicion.evidence = finding.evidence
    db.session.add(suspicion)
    db.session.flush()
    named = set(db.session.scalars(select(SuspectMember.member_id).where(SuspectMember.suspicion_id == suspicion.id)))
    alive = set(db.session.scalars(select(Member.id).where(Member.id.in_(finding.members))))
    for member_id in sorted(alive - named):
        db.session.add(SuspectMember(suspicion_id=suspicion.id, member_id=member_id))
        telling.held(suspicion, member_id, at)
    pointed = set(db.session.scalars(select(SuspectFact.event_id).where(SuspectFact.suspicion_id == suspicion.id)))
    fresh = [event_id for event_id in finding.facts if event_id not in pointed]
    db.session.add_all(SuspectFact(suspicion_id=suspicion.id, event_id=event_id) for event_id in fresh)
    db.session.flush()
    holding.hold_paid(suspicion, fresh, at)
    return None if known else suspicion


def _open_about(finding: Finding, kind: str) -> Suspicion | None:
    query = (
        select(Suspicion)
        .join(SuspectMember, SuspectMember.suspicion_id == Suspicion.id)
        .where(Suspicion.sign == finding.sign, Suspicion.event_kind == kind, Suspicion.outcome == Outcome.OPEN)
        .where(SuspectMember.member_id.in_(finding.members))
    )
    return db.session.scalars(query.order_by(Suspicion.id).limit(1)).unique().one_or_none()
