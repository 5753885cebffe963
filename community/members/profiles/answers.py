"""What is known of a member: one record, the same for the member and for staff, each answer with its source.

No answer stands without the member's consent to keep it. Facts name which fields changed and never what was answered, so
that what is erased is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, select

from commons import events
from commons.accounts import names
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Evidence
from community.members.models import Member
from community.members.profiles import choices, consents, guardians, wording
from community.members.profiles.models import BASIS_LENGTH, Answer, Field, Purpose, Source

Wanted = Mapping[Field, Collection[str]]
EVIDENCE = {
    Source.FAN: Evidence.SELF_DECLARED,
    Source.STAFF: Evidence.STAFF,
    Source.IMPORT: Evidence.STAFF,
    Source.SIGN_IN: Evidence.NETWORK,
}
KINDS = {
    Source.FAN: "member.profile_told",
    Source.STAFF: "member.profile_entered",
    Source.IMPORT: "member.profile_brought",
    Source.SIGN_IN: "member.profile_brought",
}


@dataclass(frozen=True)
class Line:
    """One field of the record with all that is known."""

    field: Field
    label: str
    answers: Sequence[Answer]

    @property
    def origins(self) -> list[Answer]:
        """One answer for each place and time from which the line's answers come."""
        return list({(one.source, one.told_by_id, one.told_at, one.basis): one for one in self.answers}.values())


@dataclass(frozen=True)
class Origin:
    """Where answers come from: `by` is a colleague, `basis` why that is known."""

    source: Source
    by: User | None = None
    basis: str = ""


def record(member: Member) -> list[Line]:
    """The whole record, every field in its usual order."""
    found = db.session.scalars(select(Answer).where(Answer.member_id == member.id).order_by(Answer.id)).all()
    return [
        Line(field, str(label), [one for one in found if one.field is field]) for field, label in choices.FIELDS.items()
    ]


def answers_of(member_ids: Collection[int]) -> dict[int, list[Answer]]:
    """What is known of several members, in one query."""
    found: dict[int, list[Answer]] = {member_id: [] for member_id in member_ids}
    query = select(Answer).where(Answer.member_id.in_(member_ids)).order_by(Answer.id)
    for answer in db.session.scalars(query):
        found[answer.member_id].append(answer)
    return found


def tell(member: Member, wanted: Wanted, at: datetime) -> None:
    """The member says so himself; a field with nothing is cleared, one that is not in `wanted` stays as it is.

    Raises `NotAllowed` without consent, `Invalid` for what is not on the lists.
    """
    _put(member, wanted, Origin(Source.FAN), at)


def clear(member: Member, field: Field, at: datetime) -> None:
    """The member takes an answer out, whoever gave it. A second time changes nothing."""
    consents.hold(member.id)
    if db.session.scalars(delete(Answer).where(_of(member, field)).returning(Answer.id)).all():
        _track("member.profile_cleared", member, [field], Origin(Source.FAN), at)


def enter(member: Member, wanted: Wanted, *, basis: str, by: User, at: datetime) -> None:
    """Staff write down or correct what they know, and on what basis; the member is told. Raises as `tell` does."""
    basis = names.clean(basis)[:BASIS_LENGTH]
    if not names.has_letter(basis):
        raise Invalid(_("Say on what basis you know this."))
    _put(member, wanted, Origin(Source.STAFF, by, basis), at)


def bring(
    member: Member, wanted: Wanted, source: Source, at: datetime, *, by: User | None = None, basis: str = ""
) -> bool:
    """Answers from an import or from a sign-in provider, for fields of which nothing is known yet: whether any was kept.

    What has no consent, or is not on the lists, is left out without a word, as nobody is there to be told.
    """
    consents.hold(member.id)
    if not consents.given(member.id, Purpose.PROFILE):
        return False
    known = {line.field for line in record(member) if line.answers}
    fitting = {
        field: [value for value in values if choices.is_known(field, value)]
        for field, values in wanted.items()
        if field not in known
    }
    usable = {field: values for field, values in fitting.items() if values and (field.is_several or len(values) == 1)}
    return bool(_put(member, usable, Origin(source, by, names.clean(basis)[:BASIS_LENGTH]), at))


def _put(member: Member, wanted: Wanted, origin: Origin, at: datetime) -> list[Field]:
    """Which fields have changed. Values that stay keep the source they had."""
    _check(wanted)
    consents.hold(member.id)
    if not consents.given(member.id, Purpose.PROFILE):
        raise NotAllowed(_("Nothing may be kept without consent."), _("The fan allows it on the own profile page."))
    band = next(iter(wanted.get(Field.AGE_BAND, ())), "")
    if guardians.is_missing(member.id, band):
        guardians.require(member, band, at, by=origin.by)
        return []
    known = {line.field: {answer.value for answer in line.answers} for line in record(member)}
    changed = [field for field in wanted if known[field] != set(wanted[field])]
    for field in changed:
        _replace(member, field, known[field], set(wanted[field]), origin, at)
    db.session.flush()
    if changed:
        _track(KINDS[origin.source], member, changed, origin, at)
    return changed


def _check(wanted: Wanted) -> None:
    for field, values in wanted.items():
        if not all(choices.is_known(field, value) for value in values):
            raise Invalid(_("Choose from the list."))
        if len(set(values)) > 1 and not field.is_several:
            raise Invalid(_("Choose one of the list."))


def _replace(member: Member, field: Field, known: set[str], values: set[str], origin: Origin, at: datetime) -> None:
    if known - values:
        db.session.execute(delete(Answer).where(_of(member, field), Answer.value.in_(known - values)))
    for value in choices.VALUES[field]:
        if value in values - known:
            answer = Answer(member_id=member.id, field=field, value=value, source=origin.source, told_by=origin.by)
            answer.basis, answer.told_at = origin.basis, at
            db.session.add(answer)


def _of(member: Member, field: Field) -> ColumnElement[bool]:
    return and_(Answer.member_id == member.id, Answer.field == field)


def _track(kind: str, member: Member, fields: Sequence[Field], origin: Origin, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{member.public_id}:{'-'.join(fields)}:{at.timestamp():.6f}",
        at=at,
        member_id=member.id,
        actor_id=origin.by.id if origin.by is not None else None,
        subject=member.user,
        evidence=EVIDENCE[origin.source],
        payload={"fields": wording.both_of(choices.FIELDS[field] for field in fields)},
    )
