"""Seed users in words: grades and figures, states of codes, facts, acts and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.seed_users.influence import Figure, Grade
from community.seed_users.models import CodeState, Unit

GRADES: Mapping[Grade, Any] = {
    Grade.NONE: _l("Not to be seen yet"),
    Grade.NOTICED: _l("Noticed"),
    Grade.STRONG: _l("Strong"),
    Grade.VERY_STRONG: _l("Very strong"),
}

FIGURES: Mapping[Figure, Any] = {
    Figure.FOLLOWERS: _l("Followers"),
    Figure.SPREAD: _l("Spread of what they wrote"),
    Figure.ANSWERED_BY: _l("People who answered them"),
    Figure.BROUGHT: _l("People who came through them"),
}

EXPLAINED: Mapping[Figure, Any] = {
    Figure.FOLLOWERS: _l("As a network told it last with a post of theirs; of several networks together."),
    Figure.SPREAD: _l("Comments, reposts and mentions of others below what they wrote, at any depth."),
    Figure.ANSWERED_BY: _l("Different people, under posts, in the feed and in interest circles."),
    Figure.BROUGHT: _l("Who became a fan by one of their codes or by a link that they shared."),
}

CODE_STATES: Mapping[CodeState, tuple[str, Any]] = {
    CodeState.OPEN: ("good", _l("Can be used")),
    CodeState.USED_UP: ("neutral", _l("Used up")),
    CodeState.EXPIRED: ("neutral", _l("Expired")),
    CodeState.REVOKED: ("neutral", _l("Withdrawn")),
    CodeState.ENDED: ("neutral", _l("No longer valid")),
}
"""The tone and the word of each state."""

UNITS: Mapping[Unit, Any] = {Unit.MONTH: _l("By month"), Unit.WEEK: _l("By week")}
GROUPS: Mapping[str, Any] = {
    "all": _l("Everybody"),
    "invited": _l("Came by an invitation code"),
    "others": _l("Came without one"),
}

FACTS = {
    "invitation.accepted": _l("Came to the circle by an invitation code"),
    "invitation.brought": _l("Brought somebody into the circle by an invitation code"),
    "seed_user.named": _l("Was named a seed user (%(fields)s)"),
    "seed_user.described": _l("As a seed user, is at home in: %(fields)s"),
    "seed_user.codes_given": _l("Was given invitation codes (%(number)s)"),
    "seed_user.code_revoked": _l("The invitation code %(code)s was withdrawn"),
    "seed_user.ended": _l("Is no longer a seed user: %(reason)s"),
}

KINDS = {
    "invitation.accepted": _l("Came by an invitation code"),
    "invitation.brought": _l("Brought somebody by an invitation code"),
    "seed_user.named": _l("Named a seed user"),
    "seed_user.ended": _l("No longer a seed user"),
}

ACTS = {
    "seed_user.named": _l("Named a fan a seed user (%(fields)s)"),
    "seed_user.described": _l("Changed the fields of a seed user to: %(fields)s"),
    "seed_user.codes_given": _l("Gave a seed user %(number)s invitation codes for %(most)s people each"),
    "seed_user.code_revoked": _l("Withdrew the invitation code %(code)s"),
    "seed_user.ended": _l("Ended the time of a seed user: %(reason)s"),
}

NOTICES = {
    "invitation.named": _l("The team has named you a seed user: you can bring people into the circle."),
    "invitation.ended": _l(
        "You are no longer a seed user, and your invitation codes have ended. The reason: %(reason)s"
    ),
    "invitation.codes": _l("You have new invitation codes: %(number)s."),
    "invitation.accepted": _l(
        "Your invitation code has been counted. You decide whether your name is shown to who invited you."
    ),
    "invitation.brought": _l("Somebody has come to the circle by one of your invitation codes."),
    "invitation.missed": _l(
        "The invitation code %(code)s could not be counted: it was over before your address was confirmed."
    ),
}


def facts() -> Mapping[str, Any]:
    return FACTS


def kinds() -> Mapping[str, Any]:
    return KINDS


def acts() -> Mapping[str, Any]:
    return ACTS


def notices() -> Mapping[str, Any]:
    return NOTICES


def topics() -> Mapping[str, Any]:
    return {"invitation": _l("Invitations")}
