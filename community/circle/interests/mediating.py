"""A dispute between two members: asked for by one side, led by somebody between them, ended with an outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select, update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, Invalid, NotAllowed
from community.circle.commenting import checked
from community.circle.interests.models import CirclePost, InterestCircle, Mediation, MediationWord, Outcome
from community.members.models import Handle
from community.notices.telling import tell

OUTCOMES = {
    Outcome.AGREED: _l("Both sides agree"),
    Outcome.APART: _l("Both sides keep their distance"),
    Outcome.NONE: _l("No agreement"),
    Outcome.WITHDRAWN: _l("Taken back by who asked for it"),
}
MEDIATED = (Outcome.AGREED, Outcome.APART, Outcome.NONE)


def ask(
    circle: InterestCircle, by: Handle, other: Handle, matter: str, at: datetime, *, key: str,
    post: CirclePost | None = None,
) -> Mediation:  # fmt: skip
    """Ask for somebody to mediate between `by` and `other`, who is told.

    One dispute at a time: where one is open between the two, the words go on there.
    """
    if other.member_id is None or other.member_id == by.member_id:
        raise Invalid(_("A mediation is between you and another member."))
    words = checked(matter)
    known = open_between(circle, by, other)
    if known is not None:
        speak(known, by, matter, at, key=key)
        return known
    mediation = Mediation(
        circle_id=circle.id, asker_id=by.id, other_id=other.id, asked_at=at, post_id=post.id if post else None
    )
    db.session.add(mediation)
    db.session.flush()
    _write(mediation, by, words, at, key)
    _announce("circle.mediation_asked", mediation, by, at, to=[other])
    return mediation


def take(mediation: Mediation, by: Handle, at: datetime) -> None:
    """Mediate. Neither side can, and of two at once only one does; who has it already may ask again."""
    if is_side(mediation, by):
        raise NotAllowed(_("A side of the dispute cannot mediate it."))
    if leads(mediation, by):
        return
    free = update(Mediation).where(
        Mediation.id == mediation.id, Mediation.mediator_id.is_(None), Mediation.closed_at.is_(None)
    )
    if not changed(free.values(mediator_id=by.id, taken_at=at)):
        raise Conflict(_("Somebody else already mediates, or it is over."))
    db.session.refresh(mediation)
    sides = [mediation.asker, mediation.other]
    _announce("circle.mediation_taken", mediation, by, at, to=sides, once=f":{at.isoformat()}")


def step_back(mediation: Mediation, by: Handle, at: datetime) -> None:
    """The mediator gives it back; both sides are told, and somebody else can take it."""
    if not leads(mediation, by):
        raise NotAllowed(_("Only the mediator can give a mediation back."))
    freed = update(Mediation).where(
        Mediation.id == mediation.id, Mediation.mediator_id.is_not(None), Mediation.closed_at.is_(None)
    )
    if not changed(freed.values(mediator_id=None, taken_at=None)):
        raise Conflict(_("This mediation is over."))
    db.session.refresh(mediation)
    sides = [mediation.asker, mediation.other]
    _announce("circle.mediation_given_back", mediation, by, at, to=sides, once=f":{at.isoformat()}")


def speak(mediation: Mediation, by: Handle, text: str, at: datetime, *, key: str) -> None:
    """One of the three says something that only the three (and staff in charge) read. The others are told."""
    if not takes_part(mediation, by):
        raise NotAllowed(_("Only the two sides and the mediator speak here."))
    if mediation.closed_at is not None:
        raise Conflict(_("This mediation is over."))
    if _write(mediation, by, checked(text), at, key):
        others = [one for one in _three(mediation) if not one.is_same_person(by)]
        _tell("circle.mediation_spoken", mediation, at, others, once=f":{at.date().isoformat()}:{by.public_id}")


def close(mediation: Mediation, outcome: Outcome, words: str, by: Handle, at: datetime) -> None:
    """The mediator writes down how it ended, and both sides are told. Closed already: `Conflict`."""
    if not leads(mediation, by):
        raise NotAllowed(_("Only the mediator writes the outcome."))
    if outcome not in MEDIATED:
        raise Invalid(_("Choose how it ended."))
    _end(mediation, outcome, checked(words), by, at)


def take_back(mediation: Mediation, by: Handle, at: datetime) -> None:
    """Who asked for it no longer needs it."""
    if not by.is_same_person(mediation.asker):
        raise NotAllowed(_("Only who asked for a mediation takes it back."))
    _end(mediation, Outcome.WITHDRAWN, "", by, at)


def takes_part(mediation: Mediation, by: Handle | None) -> bool:
    """Whether this is one of the two sides, or who mediates."""
    return by is not None and any(by.is_same_person(one) for one in _three(mediation))


def is_side(mediation: Mediation, by: Handle) -> bool:
    return by.is_same_person(mediation.asker) or by.is_same_person(mediation.other)


def leads(mediation: Mediation, by: Handle) -> bool:
    """Whether this is who mediates."""
    return mediation.mediator is not None and by.is_same_person(mediation.mediator)


def open_between(circle: InterestCircle, one: Handle, other: Handle) -> Mediation | None:
    """The dispute between the two in this circle that is not over yet."""
    query = select(Mediation).where(
        Mediation.circle_id == circle.id,
        Mediation.closed_at.is_(None),
        or_(
            and_(Mediation.asker_id == one.id, Mediation.other_id == other.id),
            and_(Mediation.asker_id == other.id, Mediation.other_id == one.id),
        ),
    )
    return db.session.scalars(query).first()


def open_ones(user: User, circle: InterestCircle | None = None) -> Sequence[Mediation]:
    """Mediations that are not over and that the account may read, oldest first."""
    query = Mediation.visible_to(user).where(Mediation.closed_at.is_(None))
    if circle is not None:
        query = query.where(Mediation.circle_id == circle.id)
    return db.session.scalars(query.order_by(Mediation.asked_at)).all()


def _three(mediation: Mediation) -> list[Handle]:
    """The two sides, and who mediates where somebody does."""
    return [one for one in (mediation.asker, mediation.other, mediation.mediator) if one is not None]


def _end(mediation: Mediation, outcome: Outcome, words: str, by: Handle, at: datetime) -> None:
    ending = update(Mediation).where(Mediation.id == mediation.id, Mediation.closed_at.is_(None))
    if not changed(ending.values(outcome=outcome, outcome_words=words, closed_at=at)):
        raise Conflict(_("This mediation is over."))
    db.session.refresh(mediation)
    others = [side for side in (mediation.asker, mediation.other) if not side.is_same_person(by)]
    _announce("circle.mediation_closed", mediation, by, at, to=others)


def _write(mediation: Mediation, by: Handle, words: str, at: datetime, key: str) -> bool:
    """Keep the words unless this form was sent before; whether they are new."""
    name = hashlib.sha256(f"{mediation.id}\n{by.public_id}\n{key}\n{words}".encode()).hexdigest()
    row = {"mediation_id": mediation.id, "author_id": by.id, "text": words, "key": name, "said_at": at}
    is_new = insert_new(MediationWord, row) is not None
    db.session.expire(mediation, ["words"])
    return is_new


def _announce(
    kind: str, mediation: Mediation, by: Handle, at: datetime, to: Sequence[Handle], once: str = ""
) -> None:  # fmt: skip
    """The fact about who acted, and the notice to the others. Neither says what the dispute is about.

    What a mediator does, a host too, is in the audit; what a side does is not. `once` tells one time from the next.
    """
    events.track(
        kind,
        key=f"{kind}:{mediation.public_id}{once}",
        at=at,
        member_id=by.member_id,
        actor_id=None if is_side(mediation, by) else by.acting_account,
        subject=mediation,
        payload=_circle(mediation),
    )
    _tell(kind, mediation, at, to, once)


def _tell(kind: str, mediation: Mediation, at: datetime, to: Sequence[Handle], once: str = "") -> None:
    for handle in to:
        if handle.member_id is not None:
            tell(
                handle.member_id,
                kind,
                key=f"{kind}:{mediation.public_id}:{handle.public_id}{once}",
                at=at,
                url=f"/circle/interests/mediations/{mediation.public_id}",
                details=_circle(mediation),
            )


def _circle(mediation: Mediation) -> dict[str, object]:
    circle = db.session.get_one(InterestCircle, mediation.circle_id)
    return {"circle": {"zh": circle.name.zh, "en": circle.name.en}}
