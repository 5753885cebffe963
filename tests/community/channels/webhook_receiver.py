"""A receiver of webhooks that does what docs/channels/webhook.md says: it checks the signature and drops repeats."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from werkzeug.wrappers import Request

from tests.community.channels.contract import ContractServer, Reply, main

TOLERANCE = 300


class WebhookReceiver(ContractServer):
    """`secret` as it was shown at connecting; without one it takes what comes. `refuses` is a status to answer with."""

    posting = "/posts"

    def __init__(self, port: int = 0, **more: Any) -> None:
        super().__init__(port, **more)
        self.secret = ""
        self.refuses = 0
        self.retry_after = ""
        self.posts: dict[str, dict[str, Any]] = {}
        self.pings = 0

    def standing(self) -> list[dict[str, Any]]:
        return [{"id": key, "text": body["text"]} for key, body in self.posts.items()]

    def answer(self, request: Request) -> Reply:
        body = request.get_data()
        if self.secret and not self._is_genuine(request, body):
            return Reply({"error": "wrong signature"}, 401)
        if self.refuses:
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return Reply({"error": "no"}, self.refuses, headers)
        said, key = json.loads(body), request.headers["Idempotency-Key"]
        if said["type"] == "ping":
            self.pings += 1
            return Reply({})
        with self.lock:
            self.posts.setdefault(key, said)
        return Reply({"id": f"post-{len(self.posts)}", "url": f"https://board.example/{len(self.posts)}"})

    def _is_genuine(self, request: Request, body: bytes) -> bool:
        timestamp = request.headers["webhook-timestamp"]
        if abs(self.now().timestamp() - int(timestamp)) > TOLERANCE:
            return False
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = b".".join((request.headers["webhook-id"].encode(), timestamp.encode(), body))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(request.headers["webhook-signature"], f"v1,{expected}")


if __name__ == "__main__":
    main(lambda port, wanted: WebhookReceiver(port))
