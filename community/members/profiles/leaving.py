"""What the room knows about a person, for the export of one's data; all of it goes when the person is erased."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select

from commons.accounts.models import User
from commons.db import db
from community.members.merging import finding
from community.members.profiles import choices, wording
from community.members.profiles.models import Answer, Consent, Guardianship
from community.members.roster import member_of

Row = TypeVar("Row", Answer, Consent, Guardianship)


def export(user: User) -> dict[str, Any]:
    """Every answer with its source, every consent that was ever given, and what is known of a guardian.

    Also what was told as another self that is part of the person now.
    """
    member = member_of(user)
    if member is None:
        return {}
    selves = finding.selves_of(member)
    return {
        "profile": [_answer(answer) for answer in _rows(Answer, selves)],
        "consents": [_consent(consent) for consent in _rows(Consent, selves)],
        "guardians": [_guardian(guardianship) for guardianship in _rows(Guardianship, selves)],
    }


def erase(user: User, _at: datetime) -> None:
    """Answers, consents and guardians go. The member's tie to the account is still there at this moment."""
    member = member_of(user)
    if member is None:
        return
    selves = finding.selves_of(member)
    for model in (Answer, Consent, Guardianship):
        db.session.execute(delete(model).where(model.member_id.in_(selves)))


def _rows(model: type[Row], member_ids: Collection[int]) -> Sequence[Row]:
    query = select(model).where(model.member_id.in_(member_ids))
    return db.session.scalars(query.order_by(model.member_id, model.id)).all()


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "field": answer.field.value,
        "value": answer.value,
        "words": choices.words(answer.field, answer.value),
        "source": answer.source.value,
        "entered_by": answer.told_by.name if answer.told_by is not None else None,
        "basis": answer.basis,
        "at": answer.told_at.isoformat(),
        "consent": answer.purpose.value,
    }


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "purpose": consent.purpose.value,
        "words": str(wording.PURPOSES[consent.purpose]),
        "wording": consent.wording,
        "given_at": consent.given_at.isoformat(),
        "given": consent.given_way.value,
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
        "withdrawn": consent.withdrawn_way.value if consent.withdrawn_way else None,
    }


def _guardian(guardianship: Guardianship) -> dict[str, Any]:
    """`lifted_because` is what the team wrote down."""
    return {
        "needed_since": guardianship.required_at.isoformat(),
        "age": guardianship.band,
        "asked_for": guardianship.wanted,
        "email": guardianship.email,
        "asked_at": guardianship.asked_at.isoformat() if guardianship.asked_at else None,
        "decision": guardianship.decision.value if guardianship.decision else None,
        "decided_at": guardianship.decided_at.isoformat() if guardianship.decided_at else None,
        "lifted_at": guardianship.lifted_at.isoformat() if guardianship.lifted_at else None,
        "lifted_because": guardianship.lifted_basis,
    }
