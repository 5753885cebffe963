"""Giving a penalty: under a clause, for a term, with its notice, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.events import Event, Evidence
from community.loyalty import accounts, ledger, posting
from community.loyalty.models import Currency, LedgerEntry
from community.members.models import Member
from community.notices import telling
from community.reviews import standard
from community.rewards.penalties.models import Measure, Penalty

LONGEST_TERM = 365


@dataclass(frozen=True)
class Wanted:
    """What a penalty is to be. `days` counts for nothing with a warning; `points` and `growth` are taken as far as there are."""

    measure: Measure
    clause: str
    note: str
    days: int = 0
    points: int = 0
    growth: int = 0
    about: str = ""


def give(member: Member, wanted: Wanted, *, token: str, by: User, at: datetime) -> Penalty:
    """Penalise the member and say so. The same `token` again is the same penalty.

    `Invalid` without a clause that may be cited, a reason, or a term from one day to a year.
    """
    clause = standard.ground_named(wanted.clause)
    _check(wanted)
    public_id = token[:12]
    accounts.lock([member.id])  # the same form twice at once: the second finds what the first has made
    known = db.session.scalars(select(Penalty).where(Penalty.public_id == public_id)).one_or_none()
    if known is not None and known.member_id != member.id:
        raise Invalid(_("This form was for another fan."), _("Open the form anew."))
    if known is not None:
        return known
    penalty = Penalty(
        public_id=public_id, member=member, measure=wanted.measure, clause=clause.number, clause_title=clause.title,
        standard_version=clause.version.number, note=wanted.note.strip(), about=wanted.about.strip(), given_at=at,
        given_by=by, ends_at=at + timedelta(days=wanted.days) if wanted.measure is not Measure.WARNING else None,
    )  # fmt: skip
    db.session.add(penalty)
    db.session.flush()
    fact = _tell(penalty, by, at)
    penalty.points_entry = _take(penalty, Currency.POINTS, wanted.points, fact, by, at)
    penalty.growth_entry = _take(penalty, Currency.GROWTH, wanted.growth, fact, by, at)
    db.session.flush()
    telling.tell(
        member.id,
        _notice(penalty),
        key=f"penalty.given:{public_id}",
        at=at,
        url=page_of(penalty),
        details=details(penalty) | {"until": {"moment": penalty.ends_at.isoformat()} if penalty.ends_at else ""},
    )
    return penalty


def page_of(penalty: Penalty) -> str:
    """The path of the fan's page about it."""
    return f"/me/penalties/{penalty.public_id}"


def details(penalty: Penalty) -> dict[str, object]:
    """What notices and facts about a penalty say."""
    title = penalty.clause_title
    return {
        "clause": penalty.clause,
        "title": {"zh": title.zh, "en": title.en},
        "note": penalty.note,
        "measure": penalty.measure.value,
        "ends_at": penalty.ends_at.isoformat() if penalty.ends_at else None,
    }


def _check(wanted: Wanted) -> None:
    if not wanted.note.strip():
        raise Invalid(_("A penalty needs a reason."), _("Write what happened. The fan reads it."))
    if wanted.measure is not Measure.WARNING and not 1 <= wanted.days <= LONGEST_TERM:
        raise Invalid(_("The term is from 1 to %(most)s days.", most=LONGEST_TERM))
    if wanted.points < 0 or wanted.growth < 0:
        raise Invalid(_("Points can be taken by a penalty, not given."))


def _take(
    penalty: Penalty, currency: Currency, amount: int, fact: Event | None, by: User, at: datetime
) -> LedgerEntry | None:
    """Take up to `amount`: no penalty makes debts."""
    account = accounts.lock_one(penalty.member_id, currency)
    posting.bring_up_to(account, at)
    taken = min(amount, max(0, account.balance))
    if not taken:
        return None
    words = _("Clause %(clause)s: %(note)s", clause=penalty.clause, note=penalty.note)[:200]
    key = f"penalty:{penalty.public_id}:{currency.value}"
    return ledger.adjust(penalty.member, currency, -taken, key=key, by=by, at=at, note=words, event=fact)


def _tell(penalty: Penalty, by: User, at: datetime) -> Event | None:
    return events.track(
        "penalty.given",
        key=f"penalty.given:{penalty.public_id}",
        at=at,
        member_id=penalty.member_id,
        actor_id=by.id,
        subject=penalty,
        evidence=Evidence.STAFF,
        payload=details(penalty),
    )


def _notice(penalty: Penalty) -> str:
    return f"penalty.{penalty.measure.value}"
