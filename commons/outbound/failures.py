"""How a call to the outside can end badly. Each has a sentence for the person who waits for it."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.errors import DomainError


class Failure(DomainError):
    """Nothing useful came back. No message holds a query: it may carry a secret.

    `may_have_arrived`: whether the far end may have got the request and acted on it.
    """

    status = 502
    may_have_arrived = True


class Unreachable(Failure):
    """No such name, nobody listens, or the secure connection cannot be trusted: nothing was sent."""

    may_have_arrived = False


class BrokeOff(Failure):
    """The connection was there and then was not."""


class TimedOut(Failure):
    """It took longer than it may. Whether the far end acted is unknown."""


class TooLarge(Failure):
    """The answer is larger than it may be; the rest was not read."""


class Forbidden(Failure):
    """An address that we do not call: private, of this machine, with credentials or on an odd port."""

    may_have_arrived = False


class BadAnswer(Failure):
    """What came back is not what HTTP or the caller allows: broken, encoded, or redirected in a circle."""


def unreachable(host: str) -> Unreachable:
    return Unreachable(_("%(host)s cannot be reached.", host=host))


def broke_off(host: str) -> BrokeOff:
    return BrokeOff(_("The connection to %(host)s broke off.", host=host))


def distrusted(host: str) -> Unreachable:
    return Unreachable(_("The secure connection to %(host)s cannot be trusted.", host=host))


def timed_out(host: str) -> TimedOut:
    return TimedOut(_("%(host)s took too long to answer.", host=host))


def too_large(host: str) -> TooLarge:
    return TooLarge(_("%(host)s sent more than we read.", host=host))


def forbidden(host: str) -> Forbidden:
    return Forbidden(_("%(host)s is not a public address.", host=host or "?"))


def malformed() -> Forbidden:
    return Forbidden(_("Only http and https addresses without a password are called."))


def odd_port(port: int) -> Forbidden:
    return Forbidden(_("Port %(port)s is not one that websites use.", port=str(port)))


def bad_answer(host: str) -> BadAnswer:
    return BadAnswer(_("%(host)s gave an answer that cannot be read.", host=host))


def circling(host: str) -> BadAnswer:
    return BadAnswer(_("%(host)s sends visitors round in circles.", host=host))
