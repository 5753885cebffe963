"""Earning rules and their versions: what holds when, and how a rule is changed from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.loyalty.models import EarningRule, RuleVersion
from community.loyalty.verdicts import Fact, Terms, Verdict, in_force, verdict
from community.members.zones import zones_of

PREVIEW_DAYS = 30
PREVIEW_FACTS = 20_000


@dataclass(frozen=True)
class Preview:
    """What terms would have paid for the facts of the last `PREVIEW_DAYS` days."""

    facts: int
    earned: int
    growth: int
    points: int
    refused: dict[Verdict, int]


def all_rules() -> Sequence[EarningRule]:
    """Every rule with its versions, in the order in which they were made."""
    return db.session.scalars(
        select(EarningRule).options(selectinload(EarningRule.versions)).order_by(EarningRule.id)
    ).all()


def kinds() -> set[str]:
    """The kinds of facts that some rule speaks of."""
    return set(db.session.scalars(select(EarningRule.event_kind).distinct()))


def terms_of(rule: EarningRule) -> list[Terms]:
    return [_terms(version, rule.code) for version in rule.versions]


def by_kind(kinds: Collection[str]) -> dict[str, list[list[Terms]]]:
    """For each of these kinds of facts the rules that speak of it, each as its versions."""
    query = select(EarningRule.event_kind, EarningRule.code, RuleVersion).join(RuleVersion.rule)
    found: dict[str, dict[int, list[Terms]]] = {}
    for kind, code, version in db.session.execute(query.where(EarningRule.event_kind.in_(kinds))):
        found.setdefault(kind, {}).setdefault(version.rule_id, []).append(_terms(version, code))
    return {kind: list(rules.values()) for kind, rules in found.items()}


def current(rule: EarningRule, at: datetime) -> Terms | None:
    return in_force(terms_of(rule), at)


def authors(rule: EarningRule) -> dict[int, str]:
    """Who made the versions, by account id."""
    ids = {version.made_by_id for version in rule.versions if version.made_by_id is not None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def change(rule: EarningRule, terms: Terms, *, by: User, at: datetime) -> RuleVersion | None:
    """A new version that holds from `at`; None if nothing would change. Earlier facts keep the version they fell under."""
    known = terms_of(rule)
    before = max(known, key=lambda version: version.number)
    if _says(before) == _says(terms):
        return None
    version = RuleVersion(rule=rule, number=before.number + 1, starts_at=at, made_by_id=by.id, **_says(terms))
    db.session.add(version)
    db.session.flush()
    payload = {
        "rule": {"zh": rule.name.zh, "en": rule.name.en},
        "version": version.number,
        "before": _plain(before),
        "after": _plain(terms),
    }
    key = f"loyalty.rule_changed:{version.id}"
    events.track("loyalty.rule_changed", key=key, at=at, actor_id=by.id, subject=rule, payload=payload)
    return version


def preview(rule: EarningRule, terms: Terms, at: datetime) -> Preview:
    """What `terms` would have paid for the newest facts of this kind, had they held then. Changes nothing."""
    query = select(Event.member_id, Event.occurred_at, Event.evidence).where(
        Event.kind == rule.event_kind,
        Event.member_id.is_not(None),
        Event.occurred_at > at - timedelta(days=PREVIEW_DAYS),
        Event.occurred_at <= at,
    )
    newest = db.session.execute(query.order_by(Event.id.desc()).limit(PREVIEW_FACTS)).all()
    rows = sorted(newest, key=lambda row: row.occurred_at)
    zones = zones_of({row.member_id for row in rows})
    paid: dict[int, list[datetime]] = {}
    said: Counter[Verdict] = Counter()
    for row in rows:
        earlier = paid.setdefault(row.member_id, [])
        answer = verdict(terms, Fact(row.occurred_at, row.evidence, zones[row.member_id]), earlier)
        said[answer] += 1
        if answer is Verdict.EARNED:
            earlier.append(row.occurred_at)
    earned = said.pop(Verdict.EARNED, 0)
    return Preview(len(rows), earned, earned * terms.growth, earned * terms.points, dict(said))


def _terms(version: RuleVersion, code: str) -> Terms:
    return Terms(
        growth=version.growth,
        points=version.points,
        cap_per_day=version.cap_per_day,
        cooldown=version.cooldown,
        evidence=version.evidence,
        points_last_days=version.points_last_days,
        active=version.active,
        starts_at=version.starts_at,
        number=version.number,
        version_id=version.id,
        rule_id=version.rule_id,
        code=code,
    )


SAYS = ("growth", "points", "cap_per_day", "cooldown", "evidence", "points_last_days", "active")


def _says(terms: Terms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in SAYS}


def _plain(terms: Terms) -> dict[str, object]:
    return _says(terms) | {"evidence": terms.evidence.value}
