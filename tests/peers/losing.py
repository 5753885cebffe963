"""A wire that loses answers: what was asked arrives, and nobody hears what came of it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

KEPT = {"content-type", "authorization", "ratelimit-reset"}


class LosingWire:
    """Stands before `server`. The answers to the next `losing` calls of a path that ends with `where` are lost."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.losing, self.where = 0, "putRecord"
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.wire = self
        self.port = int(self._http.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> LosingWire:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def pass_on(self, verb: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response | None:
        answer = httpx.request(verb, f"{self.server}{path}", headers=headers, content=body or None, timeout=20)
        if self.losing and path.partition("?")[0].endswith(self.where):
            self.losing -= 1
            return None
        return answer


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    wire: LosingWire


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() in KEPT}
        answer = self.server.wire.pass_on(self.command, self.path, headers, body)
        if answer is None:
            self.connection.close()
            return
        self.send_response(answer.status_code)
        for name in KEPT & set(answer.headers):
            self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_words: Any) -> None:
        """The test says what it wants to say."""
