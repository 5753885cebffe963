"""What is allowed: one open row for each purpose of a member, and a history that only grows.

Whoever acts under a consent asks `given` at that moment and never keeps the answer. Giving and taking back is in `allowing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select

from commons import events
from commons.admin import brand
from commons.db import db, insert_new
from commons.events import Evidence
from community.members.models import Member
from community.members.profiles import choices, slots, wording
from community.members.profiles.models import Answer, Consent, Guardianship, Purpose, Way


def given(member_id: int, purpose: Purpose) -> bool:
    """Whether the member allows it at this moment. Never while a guardian has to agree and has not."""
    return bool(db.session.scalar(select(allows(member_id, purpose))))


def allows(member_id: Any, purpose: Purpose) -> ColumnElement[bool]:
    """`given` in SQL; `member_id` may be a column of an enclosing query.

    Said outright that it is: by itself a query looks for its tables one level up, and the guardians are asked for two below.
    """
    counts = or_(Consent.given_way == Way.GUARDIAN, ~needs_guardian(member_id))
    is_open = Consent.member_id == member_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    return exists().where(*is_open, counts).correlate_except(Consent)


def needs_guardian(member_id: Any) -> ColumnElement[bool]:
    """Whether what the member allows himself does not count, in SQL."""
    young = choices.young_bands(brand.shown().guardian_age)
    open_one = Guardianship.member_id == member_id, Guardianship.lifted_at.is_(None)
    return exists().where(*open_one, Guardianship.band.in_(young)).correlate_except(Guardianship)


def counts(consent: Consent, guardianship: Guardianship | None) -> bool:
    """The rule of `allows` for a row at hand; `guardianship` is the one that is needed, if any."""
    return guardianship is None or consent.given_way is Way.GUARDIAN


def of_member(member_id: int) -> Mapping[Purpose, Consent]:
    """The consents that are open, by purpose."""
    query = select(Consent).where(Consent.member_id == member_id, Consent.withdrawn_at.is_(None))
    return {consent.purpose: consent for consent in db.session.scalars(query)}


def history(member_id: int) -> Sequence[Consent]:
    """Everything that was ever allowed, newest first."""
    query = select(Consent).where(Consent.member_id == member_id)
    return db.session.scalars(query.order_by(Consent.given_at.desc(), Consent.id.desc())).all()


def hold(member_id: int) -> None:
    """Two requests about what one member allows or tells come one after the other."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))


def open_up(member_id: int, purpose: Purpose, way: Way, at: datetime) -> None:
    """Write the consent down, whoever gave it; the member is held."""
    row = {"member_id": member_id, "purpose": purpose, "given_at": at, "given_way": way}
    if insert_new(Consent, row | {"wording": wording.VERSIONS[purpose]}) is not None:
        _track("member.consent_given", member_id, purpose, way, at)
        for follow in slots.given:
            follow(member_id, purpose, at)


def close(member_id: int, purpose: Purpose, way: Way, at: datetime) -> None:
    """Write down that it ended, whoever ended it; the member is held."""
    query = select(Consent).where(Consent.member_id == member_id, Consent.purpose == purpose)
    open_one = query.where(Consent.withdrawn_at.is_(None)).execution_options(populate_existing=True)
    consent = db.session.scalars(open_one).one_or_none()
    if consent is None:
        return
    consent.withdrawn_at, consent.withdrawn_way = at, way
    db.session.execute(delete(Answer).where(Answer.member_id == member_id, Answer.purpose == purpose))
    db.session.flush()
    _track("member.consent_withdrawn", member_id, purpose, way, at)
    for follow in slots.withdrawn:
        follow(member_id, purpose, at)


def _track(kind: str, member_id: int, purpose: Purpose, way: Way, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{member_id}:{purpose}:{at.timestamp():.6f}",
        at=at,
        member_id=member_id,
        evidence=Evidence.STAFF if way is Way.LIST else Evidence.SELF_DECLARED,
        payload={"purpose": wording.in_both(wording.PURPOSES[purpose]), "way": wording.in_both(wording.WAYS[way])},
    )
