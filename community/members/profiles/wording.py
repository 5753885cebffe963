"""The words of profiles: what each purpose means, where answers come from, and facts as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from commons.i18n import LANGUAGES
from community.members.profiles.models import Purpose, Source, Way

PURPOSES: Mapping[Purpose, Any] = {
    Purpose.PROFILE: _l("Keeping what you tell about yourself"),
    Purpose.RECOMMENDATIONS: _l("Recommendations made for you"),
    Purpose.STATISTICS: _l("Being counted in statistics"),
    Purpose.MAIL: _l("Messages by mail"),
    Purpose.PUSH: _l("Messages on your devices"),
}
VERSIONS: Mapping[Purpose, int] = dict.fromkeys(Purpose, 1)
"""Raised whenever a sentence below comes to mean something else, so that it is known what somebody has agreed to."""


@dataclass(frozen=True)
class Meaning:
    """What a purpose means, and what happens when the consent is taken back."""

    allowed: Any
    withdrawn: Any


MEANINGS: Mapping[Purpose, Meaning] = {
    Purpose.PROFILE: Meaning(
        _l("Your region, age, education and interests are kept. The team sees them, and may turn to groups by them."),
        _l("When you withdraw this, all of these answers are erased at once."),
    ),
    Purpose.RECOMMENDATIONS: Meaning(
        _l(
            "You are shown people you might like, found by the circles and conversations you share with them, and they are shown you."
        ),
        _l("When you withdraw this, no such suggestions are made any more, neither to you nor about you."),
    ),
    Purpose.STATISTICS: Meaning(
        _l("Your answers count in tables such as how many fans live in a region. Your name is never in them."),
        _l("When you withdraw this, the tables leave you out from that moment on."),
    ),
    Purpose.MAIL: Meaning(
        _l("What is new for you also comes by mail, not more often than the cap on the page of notices says."),
        _l("When you withdraw this, no more of these mails are sent."),
    ),
    Purpose.PUSH: Meaning(
        _l("What is new for you also appears on the devices where you switch it on."),
        _l("When you withdraw this, nothing more is sent to your devices."),
    ),
}
WAYS: Mapping[Way, Any] = {
    Way.PROFILE_PAGE: _l("on the profile page"),
    Way.NOTICES_PAGE: _l("on the page of notices"),
    Way.LINK_IN_A_MAIL: _l("by a link in a mail"),
    Way.GUARDIAN: _l("by the guardian"),
    Way.TOO_YOUNG: _l("because of the age"),
    Way.LIST: _l("on a list of the team"),
}
SOURCES: Mapping[Source, Any] = {
    Source.FAN: _l("Told by the fan"),
    Source.STAFF: _l("Entered by the team"),
    Source.IMPORT: _l("From an import"),
    Source.SIGN_IN: _l("From the account used to sign in"),
}
STATES: Mapping[str, Any] = {
    "unnamed": _l("A guardian has to agree; no guardian is named yet"),
    "asked": _l("The guardian has been asked and has not answered yet"),
    "expired": _l("The guardian was asked and did not answer within 30 days"),
    "agreed": _l("The guardian has agreed"),
    "refused": _l("The guardian has refused"),
    "withdrawn": _l("The guardian has withdrawn the consent"),
}


def in_both(words: Any) -> dict[str, str]:
    """A lazy word in both languages, as facts keep what each reader reads in his own."""
    return {name: _in(language, words) for language, name in zip(LANGUAGES, ("zh", "en"), strict=True)}


def both_of(words: Iterable[Any]) -> dict[str, str]:
    """Several lazy words as one enumeration, in both languages."""
    each = list(words)
    return {
        name: format_list([_in(language, one) for one in each], style="standard", locale=language) if each else ""
        for language, name in zip(LANGUAGES, ("zh", "en"), strict=True)
    }


def facts() -> Mapping[str, Any]:
    """What happened to a profile, for the timeline of a member."""
    return {
        "member.profile_told": _l("Told about themselves: %(fields)s"),
        "member.profile_cleared": _l("Cleared from the profile: %(fields)s"),
        "member.profile_entered": _l("The team entered into the profile: %(fields)s"),
        "member.profile_brought": _l("Came into the profile from elsewhere: %(fields)s"),
        "member.consent_given": _l("Allowed “%(purpose)s” %(way)s"),
        "member.consent_withdrawn": _l("Withdrew “%(purpose)s” %(way)s"),
        "member.guardian_needed": _l("A guardian has to agree because of the age"),
        "member.guardian_asked": _l("A guardian was asked by mail"),
        "member.guardian_agreed": _l("The guardian agreed"),
        "member.guardian_refused": _l("The guardian refused"),
        "member.guardian_withdrawn": _l("The guardian withdrew the consent"),
        "member.guardian_lifted": _l("The team noted that no guardian has to agree"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "member.profile_entered": _l("Entered into the profile of %(person)s: %(fields)s"),
        "member.guardian_needed": _l("Entered an age of %(person)s at which a guardian has to agree"),
        "member.guardian_lifted": _l("Noted that no guardian has to agree for %(person)s"),
    }


def notices() -> Mapping[str, Any]:
    """What a fan is told on the page of notices."""
    return {
        "profile.entered": _l("The team entered something into your profile: %(fields)s. You can change or clear it."),
        "profile.guardian_agreed": _l("Your guardian has agreed."),
        "profile.guardian_refused": _l("Your guardian has not agreed."),
        "profile.guardian_withdrawn": _l("Your guardian has withdrawn the consent."),
        "profile.guardian_lifted": _l("The team noted that no guardian has to agree for you any more."),
    }


def topics() -> Mapping[str, Any]:
    return {"profile": _l("Your profile and what you allow")}


def _in(language: str, words: Any) -> str:
    with force_locale(language):
        return str(words)
