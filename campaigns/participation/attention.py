"""What of taking part wants a decision of the lead, and what went wrong: for the control room, the review and the tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, func, select

from campaigns.control.slots import Alert, Trouble
from campaigns.participation.entries.handing_in import OVER
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.persons.models import Decision, PersonGroup
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.models import Campaign, Mission
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.reviews.models import State, Submission


@dataclass(frozen=True)
class Waiting:
    """How much waits for somebody: works handed in, proofs of shares, appeals, groups of accounts."""

    entries: int
    proofs: int
    appeals: int
    groups: int


def waiting(campaign: Campaign) -> Waiting:
    """All of it in one query."""
    appeals = _of(Exclusion, campaign).where(
        Exclusion.appealed_at.is_not(None), Exclusion.answered_at.is_(None), Exclusion.lifted_at.is_(None)
    )
    return Waiting(
        *_counted(
            _entries(campaign).where(Submission.state == State.WAITING),
            _proofs(campaign).where(ShareProof.outcome == Outcome.DECLARED),
            appeals,
            _of(PersonGroup, campaign).where(PersonGroup.decision.is_(None)),
        )
    )


def waits(campaign: Campaign, user: User, _at: datetime) -> int:
    """How much of it waits for this person."""
    found = waiting(campaign)
    works = found.entries if user.can(Permission.CONTENT_REVIEW) else 0
    if not user.can(Permission.CAMPAIGN_WRITE):
        return works
    return works + found.proofs + found.appeals + (found.groups if user.can(Permission.MEMBER_READ) else 0)


def alerts(campaign: Campaign, user: User, _at: datetime) -> Iterator[Alert]:
    """What waits, as far as the person may decide it."""
    waits, key = waiting(campaign), campaign.public_id
    if waits.entries and user.can(Permission.CONTENT_REVIEW):
        words = ngettext("%(num)d work waits to be looked at.", "%(num)d works wait to be looked at.", waits.entries)
        yield Alert(
            "info", words, url_for("entries.index", public_id=key, state=State.WAITING.value), _("See the works")
        )
    if not user.can(Permission.CAMPAIGN_WRITE):
        return
    if waits.proofs:
        words = ngettext("%(num)d proof of a share waits.", "%(num)d proofs of shares wait.", waits.proofs)
        address = url_for("sharing.index", public_id=key, outcome=Outcome.DECLARED.value)
        yield Alert("info", words, address, _("See the proofs"))
    if waits.appeals:
        words = ngettext(
            "%(num)d fan who was kept out has appealed.", "%(num)d fans who were kept out have appealed.", waits.appeals
        )
        yield Alert("warn", words, url_for("exclusions.index", public_id=key), _("See the appeals"))
    if waits.groups and user.can(Permission.MEMBER_READ):
        words = ngettext("%(num)d group of accounts may be one person.", "%(num)d groups of accounts may be one person each.",
                         waits.groups)  # fmt: skip
        yield Alert("warn", words, url_for("persons.index", public_id=key), _("Compare the accounts"))


def troubles(campaign: Campaign, _user: User, _at: datetime) -> Iterator[Trouble]:
    """What was refused, and who was kept out."""
    key = campaign.public_id
    works, proofs, people, out = _counted(
        _entries(campaign).where(Submission.state.in_(OVER), Submission.state != State.WITHDRAWN),
        _proofs(campaign).where(ShareProof.outcome == Outcome.REFUSED),
        _of(PersonGroup, campaign).where(PersonGroup.decision == Decision.SAME),
        _of(Exclusion, campaign).where(Exclusion.lifted_at.is_(None)),
    )
    yield Trouble(
        _l("Works that were refused"), works, url_for("entries.index", public_id=key, state=State.REFUSED.value)
    )
    yield Trouble(
        _l("Shares that did not count"), proofs, url_for("sharing.index", public_id=key, outcome=Outcome.REFUSED.value)
    )
    yield Trouble(_l("People with several accounts"), people, url_for("persons.index", public_id=key, decided=1))
    yield Trouble(_l("Fans who were kept out"), out, url_for("exclusions.index", public_id=key))


def _of(table: Any, campaign: Campaign) -> Select[Any]:
    return select(func.count()).select_from(table).where(table.campaign_id == campaign.id)


def _entries(campaign: Campaign) -> Select[Any]:
    query = select(func.count()).select_from(MissionEntry).join(MissionEntry.submission)
    return query.where(MissionEntry.mission_id.in_(_missions(campaign)))


def _proofs(campaign: Campaign) -> Select[Any]:
    return select(func.count()).select_from(ShareProof).where(ShareProof.mission_id.in_(_missions(campaign)))


def _missions(campaign: Campaign) -> Select[Any]:
    return select(Mission.id).where(Mission.campaign_id == campaign.id)


def _counted(*queries: Select[Any]) -> tuple[int, ...]:
    found = db.session.execute(select(*(query.scalar_subquery() for query in queries))).one()
    return tuple(found)
