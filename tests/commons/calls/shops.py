"""The server of a shop that tells us something by signed calls."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commons import clock
from commons.calls.keys import KeyRing
from commons.calls.signing import Call, signed
from tests.factories import make_staff


class Shop:
    """It has a key of `ring` and calls at `door`."""

    def __init__(self, client: FlaskClient, ring: KeyRing[Any], door: str, at: datetime) -> None:
        self.client = client
        self.door = door
        self.key, self.secret = ring.make("Tea shop", by=make_staff(), at=at)

    def tell(self, body: Any, name: str = "a", *, door: str = "", timestamp: str = "", **changes: str) -> TestResponse:
        """Tell something, signed with the moment that is `timestamp`; `changes` replace headers by what somebody else would send."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        moment = timestamp or str(int(clock.now().timestamp()))
        signature = signed(self.secret, self.key.public_id, moment, name, content)
        call = Call(self.key.public_id, moment, name, signature, content)
        headers = {**call.headers, "Content-Type": "application/json", "Accept-Language": "en", **changes}
        return self.client.post(door or self.door, data=content, headers=headers)


def refusal(answer: TestResponse) -> tuple[int, str]:
    """The status of a refusal and its name; no name where nothing was refused."""
    return answer.status_code, str((answer.get_json() or {}).get("error", {}).get("name", ""))
