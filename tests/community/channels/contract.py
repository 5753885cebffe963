"""What the contract servers of the networks share: a socket, threads, and misbehaviour on demand.

A server keeps the documented behaviour of its network in `answer`. What goes wrong on the way is asked for with
`misbehave`, in a test or over HTTP (`POST /__mode` with the same names as JSON), and `GET /__posts` tells what stands there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from flask import Flask
from werkzeug.wrappers import Request

from commons import clock
from commons.outbound import Policy

if TYPE_CHECKING:
    import pytest

MODES = (
    "drop_before",  # the connection is closed before anything was taken
    "drop_after",  # it was taken, and the connection is closed instead of an answer
    "error_before",  # 500, nothing taken
    "error_after",  # 500, and it was taken
    "nonsense_before",  # 200 with something that is no answer, nothing taken
    "nonsense_after",  # the same, and it was taken
    "slow",  # it was taken, the answer takes `seconds`
)


@dataclass(frozen=True)
class Reply:
    """An answer: `content` is sent as JSON, bytes as they are."""

    content: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass
class Misbehaviour:
    """`mode` for requests whose path ends with `where`: `times` of them (None: always), each with a chance of `share`."""

    mode: str
    where: str
    times: int | None = 1
    share: float = 1.0
    seconds: float = 4.0


class ContractServer:
    """One network on a socket of this machine: `with MastodonServer() as server: server.url`."""

    posting = ""  # the end of the path that posts

    def __init__(self, port: int = 0, now: Callable[[], datetime] = clock.now) -> None:
        self.lock = threading.RLock()
        self.requests: list[str] = []
        self._now = now
        self._ahead = timedelta()
        self._misbehaviours: list[Misbehaviour] = []
        self._chance = random.Random(7)
        self._httpd = _Listener(("127.0.0.1", port), self)
        self.port = int(self._httpd.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> Reply:
        """What the network answers; a network says."""
        raise AssertionError(f"{type(self).__name__} does not say what it answers to {request.path}")

    def standing(self) -> list[dict[str, Any]]:
        """The posts that stand there, each at least with `id` and `text`."""
        return []

    def misbehave(self, mode: str, **more: Any) -> None:
        """Go wrong in the way called `mode` (see MODES and `Misbehaviour`), once unless `times` says more."""
        if mode not in MODES:
            raise ValueError(f"no mode is called {mode!r}")
        with self.lock:
            self._misbehaviours.append(Misbehaviour(mode, more.pop("where", self.posting), **more))

    def behave(self) -> None:
        """Nothing goes wrong any more."""
        with self.lock:
            self._misbehaviours.clear()

    def now(self) -> datetime:
        return self._now() + self._ahead

    def advance(self, **by: float) -> None:
        """The server's own clock runs ahead by so much more."""
        self._ahead += timedelta(**by)

    def count(self, where: str) -> int:
        """How many requests came for `POST /path` or `/path`."""
        return sum(request.endswith(where) for request in self.requests)

    def __enter__(self) -> Self:
        threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()

    def serve(self) -> None:
        """As a process of its own, until it is killed."""
        self._httpd.serve_forever()

    def respond(self, request: Request) -> Reply | None:
        """What goes over the wire: None for a connection that breaks."""
        if request.path.startswith("/__"):
            return self._control(request)
        with self.lock:
            self.requests.append(f"{request.method} {request.path}")
        fault = self._fault(request)
        if fault is None:
            return self.answer(request)
        if not fault.mode.endswith("before"):
            reply = self.answer(request)
        if fault.mode == "slow":
            time.sleep(fault.seconds)
            return reply
        if fault.mode.startswith("drop"):
            return None
        return _ODD_REPLIES[fault.mode.partition("_")[0]]

    def _fault(self, request: Request) -> Misbehaviour | None:
        with self.lock:
            for fault in self._misbehaviours:
                if request.path.endswith(fault.where) and self._chance.random() < fault.share:
                    fault.times = None if fault.times is None else fault.times - 1
                    if fault.times == 0:
                        self._misbehaviours.remove(fault)
                    return fault
        return None

    def _control(self, request: Request) -> Reply:
        if request.path == "/__posts":
            with self.lock:
                posts = self.standing()
            return Reply({"count": len(posts), "posts": posts})
        if request.path == "/__mode" and request.method == "POST":
            wanted = json.loads(request.get_data() or b"{}")
            self.behave() if wanted.get("mode") is None else self.misbehave(**wanted)
            return Reply({})
        return Reply({"error": "no such control"}, 404)


_ODD_REPLIES = {
    "error": Reply(b"<html>Something went wrong</html>", 500, {"Content-Type": "text/html"}),
    "nonsense": Reply(b"<html>Welcome to our new pages</html>", 200, {"Content-Type": "text/html"}),
}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], contract: ContractServer) -> None:
        self.contract = contract
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle may do so."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with Request(self._environ(content)) as request:
            reply = self.server.contract.respond(request)
        if reply is None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_GET  # noqa: N815

    def _environ(self, content: bytes) -> dict[str, Any]:
        parts = urlsplit(self.path)
        return {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": unquote(parts.path),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.contract.port),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
            "wsgi.url_scheme": "http",
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()},
        }

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """A test says what it wants to say."""


def let_in(app: Flask, *servers: ContractServer, until: pytest.MonkeyPatch | None = None) -> None:
    """Let `app` call these servers, and nothing else of this machine; for good, or as long as `until` lasts."""
    policy = Policy(allowed=frozenset(("127.0.0.1", server.port) for server in servers))
    if until is None:
        app.extensions["outbound"] = policy
    else:
        until.setitem(app.extensions, "outbound", policy)


def main(make: Callable[[int, argparse.Namespace], ContractServer]) -> None:
    """`python -m tests.community.channels.<network>_server PORT`: no limits on the rate unless `--limit` sets one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--limit", type=int, default=10**9)
    wanted = parser.parse_args()
    server = make(wanted.port, wanted)
    print(server.url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve()
