"""What Authlib calls a session: its requests go through the one door for outbound HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from commons.outbound import Answer, fetch
from commons.outbound.failures import bad_answer

SECONDS = 10.0


class Reply:
    """An answer in the shape that Authlib reads."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.status_code = answer.status

    def json(self) -> Any:
        """The body as JSON; ValueError when it is none."""
        return json.loads(self._answer.body)

    def raise_for_status(self) -> None:
        """Raise the failure of an answer that is an error."""
        if not self._answer.ok:
            raise bad_answer(httpx.URL(self._answer.url).host)


class Session:
    """Posts forms. Raises an `outbound.Failure` when there is no answer."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Reply:
        """`auth` is Authlib's, and adds who we are to the headers or to the form."""
        address, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return Reply(fetch("POST", address, headers=sent, body=body.encode(), seconds=SECONDS))
