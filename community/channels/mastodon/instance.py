"""Talking to an instance, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from commons.outbound import Answer, BadAnswer, Failure, fetch
from community.channels.bodies import Body
from community.channels.models import ChannelAccount
from community.channels.outcomes import Ambiguous, RateLimited, Rejected, SignIn, Trouble, excerpt, of_failure

UPLOAD_SECONDS = 90.0
USUAL_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance, spoken to as an account, or as nobody without a `token`. `base` has no path."""

    base: str
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, account: ChannelAccount) -> Instance:
        """Raises `SignIn` for an account that was disconnected."""
        credentials = account.credentials or {}
        if not credentials.get("token"):
            raise SignIn(_("This account is not connected any more."))
        return cls(str(credentials["base"]), str(credentials["token"]))

    def get(self, path: str, **query: str) -> Answer:
        """Its answer, whatever the status. Raises a `Trouble` when there is none."""
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None, {}, USUAL_SECONDS)

    def post(
        self, path: str, body: Body, headers: Mapping[str, str] | None = None, seconds: float = USUAL_SECONDS
    ) -> Answer:
        return self._call("POST", path, body, headers or {}, seconds)

    def _call(self, method: str, path: str, body: Body | None, headers: Mapping[str, str], seconds: float) -> Answer:
        sent = {**headers, "Accept": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            sent["Content-Type"] = body.media_type
        try:
            return fetch(
                method, f"{self.base}{path}", headers=sent, body=body.content if body else None, seconds=seconds
            )
        except Failure as failure:
            raise of_failure(failure) from failure


def known_object(answer: Answer, at: datetime | None = None) -> dict[str, Any]:
    """The object in a good answer; raises what any other answer means."""
    found = json_of(answer)
    if not answer.ok:
        raise trouble_of(answer, at)
    if not isinstance(found, dict):
        raise nonsense(answer)
    return found


def trouble_of(answer: Answer, at: datetime | None = None) -> Trouble:
    """What an answer that is not a success means for a request that was to post something."""
    said = _error_words(answer)
    if answer.status == 429:
        return RateLimited(_("The instance takes no more for now."), _reset(answer, at), excerpt(answer))
    if answer.status == 401 or (answer.status == 403 and said):
        words = said or _("The token is not accepted.")
        return SignIn(_("The instance no longer lets us in: %(words)s", words=words), excerpt(answer))
    if 400 <= answer.status < 500 and said:
        return Rejected(_("The instance says: %(words)s", words=said), excerpt(answer))
    return Ambiguous(_("The instance answered with an error (%(status)s).", status=str(answer.status)), excerpt(answer))


def nonsense(answer: Answer) -> Ambiguous:
    return Ambiguous(_("The instance answered with something that makes no sense."), excerpt(answer))


def json_of(answer: Answer) -> Any:
    """The body, None when it is no JSON."""
    try:
        return answer.json()
    except BadAnswer:
        return None


def _error_words(answer: Answer) -> str:
    """What the instance itself says is wrong; empty when somebody else answered (a proxy in front of it)."""
    found = json_of(answer)
    if not isinstance(found, dict):
        return ""
    return str(found.get("error_description") or found.get("error") or "")[:200]


def _reset(answer: Answer, at: datetime | None) -> datetime | None:
    """When the limit ends, from X-RateLimit-Reset or Retry-After; None when neither can be read."""
    try:
        reset = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
        return reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    except ValueError:
        pass
    seconds = answer.headers.get("retry-after", "")
    return at + timedelta(seconds=int(seconds)) if at and seconds.isdecimal() and len(seconds) < 7 else None
