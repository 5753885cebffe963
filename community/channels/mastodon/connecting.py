"""Connecting an account: by a token that somebody made on the instance, or by consent there (OAuth 2 with PKCE)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask_babel import gettext as _

from community.channels.addresses import base_address, web_address
from community.channels.bodies import fits_header, form
from community.channels.mastodon.instance import Instance, json_of, known_object
from community.channels.mastodon.limits import facts_of
from community.channels.outcomes import Rejected, SignIn
from community.channels.protocol import Connection

CLIENT = "Quanzi"
SCOPES = "read:accounts read:statuses write:statuses write:media"


def by_token(values: Mapping[str, str], at: datetime) -> Connection:
    """The account that the pasted token belongs to. Raises a `Trouble`."""
    token = values.get("token", "").strip()
    if not fits_header(token):
        raise Rejected(_("Paste the access token, or leave it empty and sign in on the instance."))
    return connection_of(Instance(base_address(values.get("address", "")), token), at)


def connection_of(instance: Instance, at: datetime) -> Connection:
    """What the instance tells of the token's account, and of itself as it is now."""
    me = account_behind(instance, at)
    host = urlsplit(instance.base).netloc
    return Connection(
        external_id=f"{me['id']}@{host}"[:128],
        name=f"@{me['username']}@{host}",
        credentials={"base": instance.base, "token": instance.token},
        facts={**facts_of(instance), "account_id": me["id"]},
        address=web_address(me.get("url")),
    )


def account_behind(instance: Instance, at: datetime) -> Mapping[str, Any]:
    """Whose token it is: `id` and `username` are text and not empty. Raises a `Trouble`."""
    me = known_object(instance.get("/api/v1/accounts/verify_credentials"), at)
    account_id, name = str(me.get("id") or ""), str(me.get("username") or me.get("acct") or "")
    if not account_id.isalnum() or not name:
        raise Rejected(_("This instance does not answer as Mastodon does."))
    return {**me, "id": account_id, "username": name}


def authorize(values: Mapping[str, str], redirect_uri: str, state: str) -> tuple[str, dict[str, Any]]:
    """Where to send the person, and what to keep until the code comes. Makes us known to the instance as an application."""
    instance = Instance(base_address(values.get("address", "")))
    app = register(instance, redirect_uri, SCOPES)
    address, verifier = consent_page(instance.base, app["client_id"], redirect_uri, SCOPES, state)
    return address, {"base": instance.base, **app, "verifier": verifier}


def exchange(kept: Mapping[str, Any], code: str, redirect_uri: str, at: datetime) -> Connection:
    """The account that the person has let us in to. Raises a `Trouble`; a code is good once."""
    return connection_of(let_in(kept, code, redirect_uri, SCOPES), at)


def register(instance: Instance, redirect_uri: str, scopes: str) -> dict[str, str]:
    """Make us known to the instance as an application: `client_id` and `client_secret`."""
    wanted = {"client_name": CLIENT, "redirect_uris": redirect_uri, "scopes": scopes}
    answer = instance.post("/api/v1/apps", form(wanted))
    app = json_of(answer)
    if not answer.ok or not isinstance(app, dict) or not app.get("client_id") or not app.get("client_secret"):
        raise Rejected(_("This instance does not answer as Mastodon does."), f"HTTP {answer.status}")
    return {"client_id": str(app["client_id"]), "client_secret": str(app["client_secret"])}


def consent_page(base: str, client_id: str, redirect_uri: str, scopes: str, state: str) -> tuple[str, str]:
    """Where a person agrees, and the secret (PKCE) that must come with the code."""
    verifier = secrets.token_urlsafe(48)
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scopes,
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{base}/oauth/authorize?{urlencode(query)}", verifier


def let_in(kept: Mapping[str, Any], code: str, redirect_uri: str, scopes: str) -> Instance:
    """The instance, spoken to as the person who agreed. Raises a `Trouble`; a code is good once."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": str(kept["client_id"]),
        "client_secret": str(kept["client_secret"]),
        "redirect_uri": redirect_uri,
        "scope": scopes,
        "code_verifier": str(kept["verifier"]),
    }
    answer = Instance(str(kept["base"])).post("/oauth/token", form(fields))
    found = json_of(answer)
    token = found.get("access_token") if answer.ok and isinstance(found, dict) else None
    if not isinstance(token, str) or not fits_header(token):
        raise SignIn(_("The instance did not let us in. Try to connect again."), f"HTTP {answer.status}")
    return Instance(str(kept["base"]), token)


def _challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
