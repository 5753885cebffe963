"""XRPC: calls to a personal data server, and what its refusals mean.

https://atproto.com/specs/xrpc
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from commons.outbound import Answer, BadAnswer, Failure, fetch
from community.channels.outcomes import Ambiguous, NotSent, RateLimited, Rejected, SignIn, Trouble, excerpt, of_failure

_UPLOAD_SECONDS = 40.0
_OLD = {"ExpiredToken", "InvalidToken"}
_SIGN_IN = {"AuthenticationRequired", "AuthMissing", "AccountTakedown", "AccountDeactivated"}


class TokenExpired(SignIn):
    """The token is too old or no longer known; another can be had for the asking."""


class Missing(Rejected):
    """There is no such thing there."""


class Taken(Rejected):
    """Something stands at this key already."""


def get(server: str, method: str, params: Mapping[str, str], token: str = "") -> dict[str, Any]:
    """Ask for something. Nothing is changed there, so a failure is `NotSent`."""
    return harmless(lambda: _call("GET", server, f"{method}?{urlencode(params)}", _bearer(token), None))


def post(server: str, method: str, body: Mapping[str, Any] | None, token: str = "") -> dict[str, Any]:
    """Have something done."""
    headers = _bearer(token)
    if body is None:
        return _call("POST", server, method, headers, b"")
    headers["Content-Type"] = "application/json"
    return _call("POST", server, method, headers, json.dumps(body, ensure_ascii=False).encode())


def upload(server: str, data: bytes, media_type: str, token: str) -> dict[str, Any]:
    """Hand a file over; nobody sees it until a record names it, so a failure is `NotSent`."""
    headers = {**_bearer(token), "Content-Type": media_type}
    return harmless(lambda: _call("POST", server, "com.atproto.repo.uploadBlob", headers, data, _UPLOAD_SECONDS))


def told(
    verb: str, server: str, method: str, headers: Mapping[str, str], body: bytes | None, seconds: float = 20.0
) -> Answer:
    """What comes back, whatever its status. Raises a `Trouble` when nothing does."""
    try:
        return fetch(verb, f"{server}/xrpc/{method}", headers=headers, body=body, seconds=seconds)
    except Failure as failure:
        raise of_failure(failure) from failure


def harmless(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """`call()`, of which nothing can come that readers see: what is unclear about it may simply be done again."""
    try:
        return call()
    except Ambiguous as doubt:
        raise NotSent(doubt.words, doubt.answer) from doubt


def _call(
    verb: str, server: str, method: str, headers: Mapping[str, str], body: bytes | None, seconds: float = 20.0
) -> dict[str, Any]:
    answer = told(verb, server, method, headers, body, seconds)
    if not answer.ok:
        raise trouble_of(answer)
    return _object(answer)


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = answer.json() if answer.body else {}
    except BadAnswer as error:
        raise Ambiguous(nonsense_words(), excerpt(answer)) from error
    if not isinstance(found, dict):
        raise Ambiguous(nonsense_words(), excerpt(answer))
    return found


def trouble_of(answer: Answer) -> Trouble:
    """What an answer that is no success means."""
    name, message = _named(answer)
    back = excerpt(answer)
    if answer.status == 429 or name == "RateLimitExceeded":
        return RateLimited(_("Bluesky takes no more from this account at the moment."), _reset(answer), back)
    if "already a value" in message:
        return Taken(_("Something stands at this place already."), back)
    if name == "RecordNotFound" or "Could not locate record" in message:
        return Missing(_("It is not there."), back)
    if name in _OLD:
        return TokenExpired(_("Bluesky no longer accepts the sign-in. Connect the account again."), back)
    if name in _SIGN_IN or answer.status == 401:
        return SignIn(_("Bluesky no longer accepts the sign-in. Connect the account again."), back)
    if answer.status >= 500 or answer.status == 408:
        return Ambiguous(_("Bluesky had an error of its own (HTTP %(status)s).", status=str(answer.status)), back)
    return Rejected(_("Bluesky turned it down: %(reason)s", reason=message or name or str(answer.status)), back)


def _named(answer: Answer) -> tuple[str, str]:
    """Name and message of an error; both empty when the body says nothing of the kind."""
    try:
        found = answer.json()
    except BadAnswer:
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    return str(found.get("error") or ""), str(found.get("message") or "")[:200]


def _reset(answer: Answer) -> datetime | None:
    moment = answer.headers.get("ratelimit-reset", "")
    return datetime.fromtimestamp(int(moment), UTC) if moment.isdecimal() and len(moment) < 12 else None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def nonsense_words() -> str:
    return str(_("Bluesky answered with something that cannot be read."))
