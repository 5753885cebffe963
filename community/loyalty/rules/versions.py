"""Earning rules and their versions: what holds when, how a rule is made, and how it is changed from now on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict
from commons.i18n import Words
from community.loyalty.models import EarningRule, RuleVersion
from community.loyalty.rules import fairness
from community.loyalty.rules.terms import said, terms_of_version
from community.loyalty.rules.verdicts import Terms, in_force


class Changed(Conflict):
    """The rule is not as it was when somebody began to change it."""


def all_rules() -> Sequence[EarningRule]:
    """Every rule with its versions, in the order in which they were made."""
    return db.session.scalars(
        select(EarningRule).options(selectinload(EarningRule.versions)).order_by(EarningRule.id)
    ).all()


def kinds() -> set[str]:
    """The kinds of facts that some rule speaks of."""
    return set(db.session.scalars(select(EarningRule.event_kind).distinct()))


def terms_of(rule: EarningRule) -> list[Terms]:
    return [terms_of_version(version, rule.code) for version in rule.versions]


def by_kind(kinds: Collection[str]) -> dict[str, list[list[Terms]]]:
    """For each of these kinds of facts the rules that speak of it, each as its versions."""
    return {kind: [versions for _name, versions in named] for kind, named in named_by_kind(kinds).items()}


def named_by_kind(kinds: Collection[str]) -> dict[str, list[tuple[Words, list[Terms]]]]:
    """The same, each with its name, in the order in which the rules were made: one query."""
    query = select(EarningRule.event_kind, EarningRule.name, EarningRule.code, RuleVersion).join(RuleVersion.rule)
    query = query.where(EarningRule.event_kind.in_(kinds)).order_by(EarningRule.id, RuleVersion.number)
    found: dict[str, dict[int, tuple[Words, list[Terms]]]] = {}
    for kind, name, code, version in db.session.execute(query):
        _name, versions = found.setdefault(kind, {}).setdefault(version.rule_id, (name, []))
        versions.append(terms_of_version(version, code))
    return {kind: list(rules.values()) for kind, rules in found.items()}


def current(rule: EarningRule, at: datetime) -> Terms | None:
    return in_force(terms_of(rule), at)


def authors(rule: EarningRule) -> dict[int, str]:
    """Who made the versions, by account id."""
    ids = {version.made_by_id for version in rule.versions if version.made_by_id is not None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def make(kind: str, name: Words, terms: Terms, *, by: User, at: datetime) -> EarningRule:
    """A new rule about facts of `kind` that holds from `at`; raises `fairness.Unfair` for what no rule may pay."""
    fairness.check(kind, terms.only)
    rule = EarningRule(code=f"rule-{random_id()}", name=name, event_kind=kind, created_at=at)
    rule.versions.append(RuleVersion(number=1, starts_at=at, made_by_id=by.id, **said(terms)))
    db.session.add(rule)
    db.session.flush()
    payload = {"rule": _words(name), "kind": kind, "after": _plain(terms)}
    events.track(
        "loyalty.rule_made", key=f"loyalty.rule_made:{rule.id}", at=at, actor_id=by.id, subject=rule, payload=payload
    )
    return rule


def change(
    rule: EarningRule, terms: Terms, *, by: User, at: datetime, based_on: int | None = None
) -> RuleVersion | None:
    """A new version that holds from `at`; None if nothing would change. Earlier facts keep the version they fell under.

    Who changes it at the same moment waits, and makes the version after it; `Changed` when the terms are `based_on` a
    version that is not the newest any more.
    """
    fairness.check(rule.event_kind, terms.only)
    db.session.refresh(rule, ["name", "versions"], with_for_update=True)
    known = terms_of(rule)
    before = max(known, key=lambda version: version.number)
    if said(before) == said(terms):
        return None
    if based_on is not None and based_on != before.number:
        raise Changed(
            str(_l("Somebody has changed this rule meanwhile.")),
            str(_l("Look at the newest version. Whoever sends these terms again replaces it.")),
        )
    version = RuleVersion(rule=rule, number=before.number + 1, starts_at=at, made_by_id=by.id, **said(terms))
    db.session.add(version)
    db.session.flush()
    payload = {
        "rule": _words(rule.name),
        "version": version.number,
        "before": _plain(before),
        "after": _plain(terms),
    }
    key = f"loyalty.rule_changed:{version.id}"
    events.track("loyalty.rule_changed", key=key, at=at, actor_id=by.id, subject=rule, payload=payload)
    return version


def _plain(terms: Terms) -> dict[str, object]:
    """What the terms say, as a fact can hold it."""
    plain = said(terms) | {"evidence": terms.evidence.value}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}


def _words(name: Words) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}
