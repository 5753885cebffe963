"""Talking to Weibo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from commons.outbound import Answer, BadAnswer, Failure, fetch
from community.channels.bodies import Body, Fields, form
from community.channels.models import ChannelAccount
from community.channels.outcomes import SignIn, of_failure

DEFAULT_BASE = "https://api.weibo.com"
UPLOAD_SECONDS = 60.0
USUAL_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Api:
    """Weibo, spoken to with a token, or without one. The token goes in a header: addresses get into logs."""

    base: str
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, account: ChannelAccount) -> Api:
        """Raises `SignIn` for an account that was disconnected."""
        credentials = account.credentials or {}
        if not credentials.get("token"):
            raise SignIn(_("This account is not connected any more."))
        return cls(str(credentials.get("base") or DEFAULT_BASE), str(credentials["token"]))

    def get(self, path: str, **query: str) -> tuple[Answer, Any]:
        """Its answer and the JSON in it, None where there is none. Raises a `Trouble` when nothing comes back."""
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None, USUAL_SECONDS)

    def post(self, path: str, fields: Fields) -> tuple[Answer, Any]:
        return self.post_body(path, form(fields), USUAL_SECONDS)

    def post_body(self, path: str, body: Body, seconds: float = UPLOAD_SECONDS) -> tuple[Answer, Any]:
        return self._call("POST", path, body, seconds)

    def _call(self, method: str, path: str, body: Body | None, seconds: float) -> tuple[Answer, Any]:
        headers = {"Authorization": f"OAuth2 {self.token}"} if self.token else {}
        if body is not None:
            headers["Content-Type"] = body.media_type
        content = body.content if body is not None else None
        try:
            answer = fetch(method, f"{self.base}{path}", headers=headers, body=content, seconds=seconds)
        except Failure as failure:
            raise of_failure(failure) from failure
        try:
            return answer, answer.json()
        except BadAnswer:
            return answer, None
