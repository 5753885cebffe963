"""The session of an account: kept and refreshed, begun anew only when nothing else helps (that is rate-limited there)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _

from community.channels import accounts
from community.channels.bluesky import wire
from community.channels.bodies import fits_header
from community.channels.models import ChannelAccount
from community.channels.outcomes import Rejected, SignIn

Found = TypeVar("Found")

_DID = re.compile(r"did:[a-z]+:[\w.:%-]{1,100}", re.ASCII)


def begin(server: str, identifier: str, password: str) -> dict[str, Any]:
    """Sign in; what the server says of the account, with its tokens. Raises `SignIn` when it knows no such account."""
    body = {"identifier": identifier, "password": password}
    try:
        session = wire.harmless(lambda: wire.post(server, "com.atproto.server.createSession", body))
    except SignIn as refusal:
        raise SignIn(_("Bluesky does not know this name with this app password."), refusal.answer) from refusal
    except Rejected as refusal:
        if "AuthFactorTokenRequired" not in refusal.answer:
            raise
        words = _("This account asks for a code by mail. Make an app password for Quanzi and use that.")
        raise SignIn(words, refusal.answer) from refusal
    return checked(session)


def signed_in(account: ChannelAccount, call: Callable[[str, str], Found]) -> Found:
    """`call(server, token)` with a token that holds: an old one is refreshed once."""
    credentials = credentials_of(account)
    try:
        return call(credentials["server"], credentials["access"])
    except wire.TokenExpired:
        credentials = renewed(account, credentials)
        return call(credentials["server"], credentials["access"])


def renewed(account: ChannelAccount, stale: Mapping[str, Any]) -> dict[str, Any]:
    """Fresh tokens, kept at once. What another worker has renewed meanwhile is taken instead.

    Raises `SignIn` when the app password no longer holds either.
    """
    kept = accounts.credentials_now(account)
    if kept.get("access") and kept["access"] != stale["access"]:
        account.credentials = kept
        return kept
    fresh = _refreshed(account, stale)
    accounts.renew(account, fresh)
    return fresh


def tokens(session: Mapping[str, Any]) -> dict[str, str]:
    return {"access": str(session["accessJwt"]), "refresh": str(session["refreshJwt"])}


def credentials_of(account: ChannelAccount) -> dict[str, Any]:
    """What the account signs in with. Raises `SignIn` when it is disconnected."""
    if not account.credentials:
        raise SignIn(_("This account is not connected."))
    return dict(account.credentials)


def checked(session: dict[str, Any]) -> dict[str, Any]:
    """A session with all that we need of it. Raises `SignIn` for an account that is switched off."""
    words = [session.get(name) for name in ("accessJwt", "refreshJwt", "did", "handle")]
    if not all(isinstance(word, str) and fits_header(word) for word in words) or not _DID.fullmatch(session["did"]):
        raise Rejected(_("This address does not answer as a Bluesky server does."))
    if session.get("active") is False:
        raise SignIn(_("Bluesky has switched this account off (%(why)s).", why=str(session.get("status") or "?")))
    return session


def _refreshed(account: ChannelAccount, stale: Mapping[str, Any]) -> dict[str, Any]:
    method = "com.atproto.server.refreshSession"
    try:
        session = wire.harmless(lambda: wire.post(stale["server"], method, None, stale["refresh"]))
    except SignIn:
        kept = accounts.credentials_now(account)
        if kept.get("refresh") not in {None, stale["refresh"]}:
            return kept
        session = begin(stale["server"], stale["did"], stale["password"])
    return {**stale, **tokens(checked(session))}
