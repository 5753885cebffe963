"""What a provider told when a fan first came by it, offered to the fan: it waits in the fan's own browser, and nowhere else.

Nothing of it is kept by us before the fan says so, who allows with that what the profile asks to allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import has_request_context, session

from commons import zones
from commons.accounts import sessions
from commons.accounts.identities import linking
from commons.accounts.identities.providers import Proven, label_of
from commons.accounts.models import User
from community.members.models import Member
from community.members.profiles import allowing, answers, choices, claims, guardians
from community.members.profiles.models import Field, Purpose, Source, Way

KEY = "told_by_provider"
LASTS = timedelta(days=1)

sessions.keep_across_sign_in(KEY)


@dataclass(frozen=True)
class Offer:
    """What could be taken into the profile: fields of which nothing is known yet, with the value of each."""

    provider: str
    values: Mapping[Field, str]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Field and value in words."""
        return [(str(choices.FIELDS[field]), choices.words(field, value)) for field, value in self.values.items()]


def note(user: User, proven: Proven, at: datetime) -> None:
    """A person has proven an identity: the first time, what was told with it is put aside for the person to decide on."""
    if not (proven.told and has_request_context() and not user.is_staff):
        return
    identity = linking.identity_of(proven)
    values = claims.understood(proven.told, zones.day_of(at, user.zone))
    if values and identity is not None and identity.linked_at == at:
        plain = {field.value: value for field, value in values.items()}
        session[KEY] = [user.public_id, proven.provider, plain, (at + LASTS).timestamp()]


def offer_to(member: Member, at: datetime) -> Offer | None:
    """What waits in this browser for this member; nothing as long as a guardian has to agree first."""
    kept = session.get(KEY) if has_request_context() else None
    if kept is None or member.user is None or kept[0] != member.user.public_id or at.timestamp() >= kept[3]:
        return None
    if guardians.is_awaited(member.id):
        return None
    known = {line.field for line in answers.record(member) if line.answers}
    values = {Field(name): value for name, value in kept[2].items() if Field(name) not in known}
    return Offer(label_of(kept[1]), values) if values else None


def take(member: Member, offer: Offer, at: datetime) -> bool:
    """The member takes it into the profile, and allows that to be kept; whether anything is kept: a guardian may be needed."""
    forget()
    allowing.give(member.id, Purpose.PROFILE, Way.PROFILE_PAGE, at)
    wanted = {field: [value] for field, value in offer.values.items()}
    return answers.bring(member, wanted, Source.SIGN_IN, at, basis=offer.provider)


def forget() -> None:
    """Nothing waits in this browser any more."""
    session.pop(KEY, None)
