"""How signing in with a provider can end otherwise than wished. Each says what happened and what to do; see `failed.html`."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.errors import DomainError, NotAllowed
from commons.outbound import Failure


class NotIdentified(DomainError):
    """Nobody was signed in and nothing was linked."""


class Declined(NotIdentified):
    """The person said no at the provider."""


class Over(NotIdentified):
    """The way there was taken already, took too long, or was begun in another browser."""

    status = 410


class CodeSpent(NotIdentified):
    """The provider does not take the code that came back: it was used, or is too old."""


class Down(NotIdentified):
    """The provider does not answer, or with nonsense."""

    status = 502


class ClocksDiffer(NotIdentified):
    """What came is not valid yet or any more, by our clock."""


class NotTrusted(NotIdentified):
    """What came was not made for this sign-in: another signature, issuer, audience or nonce."""


class Elsewhere(NotIdentified):
    """The identity belongs to another account."""

    status = 409


class LastWay(NotAllowed):
    """Without it the person could not sign in any more."""


def declined(label: str) -> Declined:
    return Declined(
        _("%(provider)s says that you did not agree.", provider=label),
        _("Nothing was changed. Try again, or choose another way."),
    )


def over() -> Over:
    return Over(
        _("This way of signing in is over."),
        _("It works once, for 15 minutes, in the browser that began it. Begin again."),
    )


def code_spent(label: str) -> CodeSpent:
    return CodeSpent(
        _("%(provider)s did not accept the answer that you brought back.", provider=label),
        _("It was used already or took too long. Begin again."),
    )


def down(label: str, why: Failure | str = "") -> Down:
    said = why.message if isinstance(why, Failure) else why
    words = _("%(provider)s cannot be asked at the moment.", provider=label)
    return Down(f"{words} {said}".strip(), _("Wait a moment and try again, or choose another way."))


def clocks_differ(label: str) -> ClocksDiffer:
    return ClocksDiffer(
        _("The clocks of %(provider)s and of this house differ too much.", provider=label),
        _("Try again. If it stays like this, tell the brand: one of the two clocks is wrong."),
    )


def not_trusted(label: str) -> NotTrusted:
    return NotTrusted(
        _("The answer of %(provider)s was not made for this sign-in.", provider=label),
        _("For your safety nobody was signed in. Begin again from the sign-in page."),
    )


def elsewhere(label: str) -> Elsewhere:
    return Elsewhere(
        _("That account at %(provider)s is already a way into another account here.", provider=label),
        _("Sign out and sign in with it to reach that account, or unlink it there first."),
    )


def closed() -> NotIdentified:
    return NotIdentified(_("The access of this account was ended."), _("Ask the brand if you think that is a mistake."))


def last_way() -> LastWay:
    return LastWay(
        _("This is the only way into your account."),
        _("Add an email address and a password first, or link another account."),
    )
