"""What the pages show: the record, the consents, and where a guardian's decision stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commons.accounts import addresses
from community.members.models import Member
from community.members.profiles import answers, choices, consents, guardians, wording
from community.members.profiles.answers import Line
from community.members.profiles.models import Consent, Guardianship, Purpose


@dataclass(frozen=True)
class Allowed:
    """One purpose: `consent` while it counts, `is_asked` while the guardian is asked for it."""

    purpose: Purpose
    label: Any
    meaning: wording.Meaning
    consent: Consent | None
    is_asked: bool


@dataclass(frozen=True)
class Guarded:
    """Where a guardian's decision stands; the address is `masked` for whoever looks."""

    state: str
    words: Any
    masked: str
    guardianship: Guardianship

    @property
    def age(self) -> int:
        """Below which age the member said to be."""
        return choices.ENDS[self.guardianship.band]

    @property
    def may_be_asked(self) -> bool:
        """Whether more can be asked for: not after a no."""
        return self.state not in {"refused", "withdrawn"}


@dataclass(frozen=True)
class Profile:
    """All of it, the same for the member and for staff."""

    record: Sequence[Line]
    allowed: Sequence[Allowed]
    history: Sequence[Consent]
    guarded: Guarded | None

    @property
    def keeping(self) -> Consent | None:
        """The consent under which the record is kept; None when nothing may be."""
        return next(one.consent for one in self.allowed if one.purpose is Purpose.PROFILE)


def profile(member: Member, at: datetime) -> Profile:
    guardianship = guardians.needed(member.id)
    asked = guardianship.purposes if guardianship is not None else []
    counting = {
        purpose: consent
        for purpose, consent in consents.of_member(member.id).items()
        if consents.counts(consent, guardianship)
    }
    allowed = [
        Allowed(purpose, wording.PURPOSES[purpose], wording.MEANINGS[purpose], counting.get(purpose), purpose in asked)
        for purpose in Purpose
    ]
    guarded = _guarded(guardianship, at) if guardianship is not None else None
    return Profile(answers.record(member), allowed, consents.history(member.id), guarded)


def _guarded(guardianship: Guardianship, at: datetime) -> Guarded:
    state = guardianship.state(at)
    masked = addresses.masked(guardianship.email) if guardianship.email else ""
    return Guarded(state, wording.STATES[state], masked, guardianship)
