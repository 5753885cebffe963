"""Where a link may lead: anywhere on the public web, or to a page of ours, but never in a circle."""

from __future__ import annotations

import socket
from urllib.parse import SplitResult, urlsplit

import regex
from flask import current_app
from flask_babel import gettext as _
from werkzeug.urls import iri_to_uri

from campaigns.links.domains.reading import is_ours
from commons.errors import Invalid
from commons.outbound.guard import Policy, is_public

LONGEST_TARGET = 2000
PRIVATE_NAMES = regex.compile(
    r"(.*\.)?(localhost|local|internal|intranet|lan|home|corp|home\.arpa)\.?", regex.IGNORECASE
)


def checked_target(target: str) -> str:
    """A path of our own or an http(s) address, cleaned of blanks at its ends. `Invalid` for anything else, for addresses inside
    a network, and for what is a tracked link itself, under whichever of our names.
    """
    target = target.strip()
    if len(target) > LONGEST_TARGET or regex.search(r"[\s\p{Cc}\p{Cf}]", target):
        raise _no_address(target)
    if target.startswith("/"):
        parts = urlsplit(target) if not target.startswith(("//", "/\\")) else None
    else:
        parts = _parts(target)
    if parts is None:
        raise _no_address(target)
    _check_loop(parts)
    if parts.netloc and not _is_house(parts) and not _is_allowed(parts):
        _check_public(parts.hostname or "", target)
    return target


def _parts(target: str) -> SplitResult | None:
    """An http(s) address as the redirect will have to send it; None when it is none."""
    try:
        parts = urlsplit(iri_to_uri(target))
        fine = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return None
    return parts if fine else None


def _check_loop(parts: SplitResult) -> None:
    is_link = parts.path.startswith("/l/") if not parts.netloc or _is_house(parts) else is_ours(parts.hostname or "")
    if is_link:
        raise Invalid(_("That is a tracked link itself."), _("Enter the page it should lead to."))


def _is_house(parts: SplitResult) -> bool:
    house = urlsplit(current_app.config["BASE_URL"])
    return parts.hostname == house.hostname and _port(parts) == _port(house)


def _is_allowed(parts: SplitResult) -> bool:
    """Whether the operator names this machine as one of ours that may be called."""
    policy: Policy = current_app.extensions["outbound"]
    return (parts.hostname or "", _port(parts)) in policy.allowed


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _check_public(host: str, target: str) -> None:
    """Refuse what only a machine inside a network could mean, however its number is written (`2130706433` is 127.0.0.1)."""
    number = _number(host)
    if PRIVATE_NAMES.fullmatch(host) or (number and not is_public(number)) or ("." not in host and ":" not in host):
        raise Invalid(
            _("“%(target)s” leads into a private network.", target=target[:80]),
            _("Enter an address that everybody can open."),
        )


def _number(host: str) -> str:
    """The address that a host in numbers stands for, as browsers read it; empty for a name."""
    if ":" in host:
        return host.partition("%")[0]
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return ""


def _no_address(target: str) -> Invalid:
    return Invalid(_("“%(target)s” is not an address.", target=target[:80]), _("Begin with https:// or with /."))
