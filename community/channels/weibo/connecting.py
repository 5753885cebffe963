"""Connecting an account by consent on Weibo's pages (OAuth 2), or by a token that the application's console shows.

Weibo gives no refresh token to websites: when the token ends, a person connects the account again. How long it lasts depends on
how far Weibo has reviewed the application (a day for one that is being tested).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from commons.outbound import Answer
from community.channels.addresses import base_address
from community.channels.bodies import fits_header
from community.channels.outcomes import Rejected, SignIn, excerpt
from community.channels.protocol import Connection
from community.channels.weibo.api import DEFAULT_BASE, Api
from community.channels.weibo.errors import trouble_of
from community.channels.weibo.freezing import is_public

LONGEST = timedelta(days=366 * 10)
LONGEST_UID = 20


def by_token(values: Mapping[str, str], at: datetime) -> Connection:
    """The account that the pasted token belongs to. Raises a `Trouble`."""
    token = values.get("token", "").strip()
    if not fits_header(token):
        raise Rejected(_("Paste the access token, or leave it empty and sign in on Weibo."))
    return connection_of(_settings(values), token, at)


def authorize(values: Mapping[str, str], redirect_uri: str, state: str) -> tuple[str, dict[str, Any]]:
    """Where to send the person, and what to keep until the code comes. Raises `Rejected`."""
    kept = _settings(values)
    return consent_page(kept["base"], kept["app_key"], redirect_uri, state), kept


def consent_page(base: str, app_key: str, redirect_uri: str, state: str) -> str:
    """Where a person agrees."""
    query = {"client_id": app_key, "redirect_uri": redirect_uri, "response_type": "code", "state": state}
    return f"{base}/oauth2/authorize?{urlencode(query)}"


def exchange(kept: Mapping[str, Any], code: str, redirect_uri: str, at: datetime) -> Connection:
    """The account that the person has let us in to. Raises a `Trouble`; a code is good once."""
    fields = {
        "client_id": str(kept["app_key"]),
        "client_secret": str(kept["app_secret"]),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
    }
    answer, found = Api(str(kept["base"])).post("/oauth2/access_token", fields)
    token = found.get("access_token") if answer.ok and isinstance(found, Mapping) else None
    if not isinstance(token, str) or not fits_header(token):
        raise SignIn(_("Weibo did not let us in. Try to connect again."), f"HTTP {answer.status}")
    return connection_of(kept, token, at)


def connection_of(settings: Mapping[str, Any], token: str, at: datetime, name: str = "") -> Connection:
    """What Weibo tells of the token: whose it is, whether it was given to this application, and when it ends.

    The uid beside a token proves nothing, so it is asked for. A `name` that is known is not: calls are few.
    """
    api = Api(str(settings["base"]), token)
    answer, told = api.post("/oauth2/get_token_info", {"access_token": token})
    uid = str(told.get("uid") or "") if isinstance(told, Mapping) else ""
    if not answer.ok or not uid.isascii() or not uid.isdecimal() or len(uid) > LONGEST_UID:
        raise trouble_of(answer, told, at)
    if str(told.get("appkey")) != str(settings["app_key"]):
        raise Rejected(_("This token was given to another application."))
    expires_at = _end(told, answer, at)
    return Connection(
        external_id=uid,
        name=name or _name(api, uid, at),
        credentials={**{name: settings[name] for name in ("base", "app_key", "app_secret")}, "token": token},
        facts={"uid": uid, "safe_domains": list(settings["safe_domains"]), "sender_ip": settings["sender_ip"]},
        address=f"https://weibo.com/u/{uid}",
        expires_at=expires_at,
    )


def _name(api: Api, uid: str, at: datetime) -> str:
    answer, user = api.get("/2/users/show.json", uid=uid)
    if not answer.ok or not isinstance(user, Mapping) or "error_code" in user:
        raise trouble_of(answer, user, at)
    return f"@{str(user.get('screen_name') or user.get('name') or uid)[:100]}"


def _end(told: Mapping[str, Any], answer: Answer, at: datetime) -> datetime:
    """`expire_in` in one edition of the documentation, `expires_in` in another; text or a number."""
    seconds = str(told.get("expire_in") or told.get("expires_in") or "")
    if not (seconds.isascii() and seconds.isdecimal() and 0 < int(seconds[:12]) < LONGEST.total_seconds()):
        raise SignIn(_("Weibo does not say that the token still holds."), excerpt(answer, 100))
    return at + timedelta(seconds=int(seconds))


def _settings(values: Mapping[str, str]) -> dict[str, Any]:
    """What a person typed, checked. Raises `Rejected`."""
    app_key, app_secret = values.get("app_key", "").strip(), values.get("app_secret", "").strip()
    if not (app_key.isascii() and app_key.isdecimal()) or not app_secret:
        raise Rejected(_("Enter the App Key, a number, and the App Secret of your application at Weibo."))
    sender_ip = values.get("sender_ip", "").strip()
    if sender_ip and not is_public(sender_ip):
        raise Rejected(_("“%(typed)s” is not a public IP address.", typed=sender_ip[:60]))
    return {
        "base": base_address(values.get("api_address", "").strip() or DEFAULT_BASE),
        "app_key": app_key,
        "app_secret": app_secret,
        "safe_domains": _domains(values.get("safe_domains", "")),
        "sender_ip": sender_ip,
    }


def _domains(typed: str) -> list[str]:
    names = typed.replace("，", " ").replace(",", " ").lower().split()
    domains = [base_address(name).partition("://")[2].partition(":")[0] for name in names]
    if not domains or not all("." in domain for domain in domains):
        raise Rejected(_("Enter the safe domains of your application, as Weibo shows them."))
    return list(dict.fromkeys(domains))
