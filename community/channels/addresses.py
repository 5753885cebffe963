"""Addresses of networks, as people type them."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import current_app
from flask_babel import gettext as _

from commons.outbound import Policy
from community.channels.outcomes import Rejected


def base_address(typed: str) -> str:
    """Scheme and host of `tea.example`, `https://tea.example/@us` or `@us@tea.example`. Raises `Rejected`.

    Plain http is only for addresses that the administrator of this house has allowed (OUTBOUND_ALLOW).
    """
    parts = _split(typed.strip())
    if parts is None or parts.username is not None or not _is_secure(parts):
        raise Rejected(_("“%(typed)s” is not the address of a website.", typed=typed.strip()[:80]))
    return f"{parts.scheme}://{parts.netloc.lower()}"


def web_address(given: object) -> str:
    """An address from a network's answer, when it is one that may stand in a page of ours; else empty."""
    if not isinstance(given, str) or not given.startswith(("https://", "http://")) or len(given) > 500:
        return ""
    return given


def _split(typed: str) -> SplitResult | None:
    if "/" not in typed:
        typed = typed.rpartition("@")[2]
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if known and not any(letter.isspace() for letter in parts.netloc) else None


def _is_secure(parts: SplitResult) -> bool:
    if parts.scheme == "https":
        return True
    policy: Policy = current_app.extensions["outbound"]
    return parts.scheme == "http" and (str(parts.hostname), parts.port or 80) in policy.allowed
