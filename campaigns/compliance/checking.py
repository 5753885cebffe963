"""Holding a campaign against the rules of its preset, and what the team does about what is found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.compliance.checks import CHECKS
from campaigns.compliance.models import Acknowledgement, Disclosure, Preset
from campaigns.compliance.rules import RULES, Rule, Weight
from campaigns.compliance.subject import disclosure_of, gather
from campaigns.planning.models import Campaign
from campaigns.planning.slots import Finding
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Invalid
from commons.i18n import Words


@dataclass(frozen=True)
class Result:
    """Something that is not as a rule says. `mark` is the same as long as the same is found; a warning may be acknowledged."""

    rule: Rule
    weight: Weight
    words: str
    reference: str
    mend_url: str
    mark: str
    acknowledged: Acknowledgement | None

    @property
    def is_open(self) -> bool:
        return self.acknowledged is None


def check(campaign: Campaign) -> list[Result]:
    """Everything that is not as it should be, what blocks first, in the order of the rules."""
    subject = gather(campaign)
    known = _acknowledged(campaign)
    found = []
    for rule in RULES:
        law = rule.laws.get(subject.preset)
        for one in CHECKS[rule.name](subject) if law is not None else ():
            mark = _mark(rule, one.about)
            reference = one.reference or law.reference if law is not None else ""
            weight = law.weight if law is not None else Weight.WARNS
            found.append(Result(rule, weight, one.words, reference, one.mend_url, mark, known.get((rule.name, mark))))
    return sorted(found, key=lambda result: result.weight is Weight.WARNS)


def kept(campaign: Campaign) -> list[Rule]:
    """The rules of the preset against which nothing was found."""
    subject = gather(campaign)
    held = [rule for rule in RULES if subject.preset in rule.laws]
    return [rule for rule in held if next(CHECKS[rule.name](subject), None) is None]


def before_launch(campaign: Campaign, _at: datetime) -> Sequence[Finding]:
    """For the launch: what blocks, and the warnings that nobody has looked at."""
    place = f"/compliance/{campaign.public_id}"
    return [
        Finding(result.words, result.weight is Weight.BLOCKS, result.reference, place)
        for result in check(campaign)
        if result.is_open
    ]


def acknowledge(campaign: Campaign, rule: str, mark: str, reason: str, *, by: User, at: datetime) -> None:
    """Somebody has looked at a warning; twice is once. `Invalid` for what blocks, is not found any more, or has no reason."""
    result = next((one for one in check(campaign) if (one.rule.name, one.mark) == (rule, mark)), None)
    if result is None:
        raise Invalid(_("This is no longer found; look again."))
    if result.weight is Weight.BLOCKS:
        raise Invalid(_("What blocks cannot be waved through: it has to be mended."))
    if not reason.strip():
        raise Invalid(_("Say why the campaign may go on all the same."))
    row = {"campaign_id": campaign.id, "rule": rule, "mark": mark, "reason": reason.strip(), "by_id": by.id, "at": at}
    if insert_new(Acknowledgement, row) is not None:
        events.track(
            "compliance.acknowledged",
            key=f"compliance.acknowledged:{campaign.public_id}:{rule}:{mark[:16]}",
            at=at,
            actor_id=by.id,
            subject=campaign,
            campaign_id=campaign.id,
            payload={"title": campaign.title, "rule": rule, "finding": result.words, "reason": reason.strip()},
        )


@dataclass(frozen=True)
class Wanted:
    """What a campaign is to disclose, and under which law it is."""

    preset: Preset
    organiser: str
    contact: str
    terms: Words


def disclose(campaign: Campaign, wanted: Wanted, *, by: User, at: datetime) -> Disclosure:
    """Write down what the campaign says of itself. Terms that fans have seen may change, and the change is in the audit log."""
    found = disclosure_of(campaign)
    if found is None:
        found = Disclosure(campaign_id=campaign.id)
        db.session.add(found)
    found.preset, found.terms = wanted.preset, wanted.terms
    found.organiser, found.contact = wanted.organiser.strip(), wanted.contact.strip()
    found.changed_by_id, found.changed_at = by.id, at
    db.session.flush()
    events.track(
        "compliance.disclosed",
        key=f"compliance.disclosed:{campaign.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=campaign,
        campaign_id=campaign.id,
        payload={
            "title": campaign.title,
            "preset": wanted.preset.value,
            "terms": {"zh": wanted.terms.zh, "en": wanted.terms.en},
        },
    )
    return found


def _acknowledged(campaign: Campaign) -> dict[tuple[str, str], Acknowledgement]:
    rows = db.session.scalars(select(Acknowledgement).where(Acknowledgement.campaign_id == campaign.id))
    return {(row.rule, row.mark): row for row in rows}


def _mark(rule: Rule, about: str) -> str:
    return hashlib.sha256(f"{rule.name}\n{about}".encode()).hexdigest()
