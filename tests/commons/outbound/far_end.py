"""Servers that behave and servers that do not, on this machine."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket, str], None]


class FarEnd:
    """Answers every connection with `behave(connection, request text)`; `requests` keeps what was asked."""

    def __init__(self, behave: Behaviour, secure: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self._behave = behave
        self._secure = secure
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port = int(self._listener.getsockname()[1])
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.over.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _address = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        """Whatever goes wrong here is the other side's doing: it hung up, or did not trust us."""
        connection.settimeout(5)
        with contextlib.suppress(OSError):
            line = self._secure.wrap_socket(connection, server_side=True) if self._secure else connection
            with line:
                request = _whole_request(line)
                self.requests.append(request)
                self._behave(line, request)


def _whole_request(connection: socket.socket) -> str:
    head, _, body = connection.recv(65536).decode("latin-1").partition("\r\n\r\n")
    length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536).decode("latin-1")
    return f"{head}\r\n\r\n{body}"


@contextmanager
def far_end(behave: Behaviour, secure: ssl.SSLContext | None = None) -> Iterator[FarEnd]:
    server = FarEnd(behave, secure)
    try:
        yield server
    finally:
        server.close()


def says(body: bytes = b"hello", status: str = "200 OK", headers: str = "") -> Behaviour:
    """One good answer."""

    def behave(connection: socket.socket, _request: str) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
        connection.sendall(head.encode() + body)

    return behave


def sends_on(target: str) -> Behaviour:
    return says(b"", "302 Found", f"Location: {target}\r\n")


def never_stops(connection: socket.socket, _request: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b"x" * 65536)


def drips(connection: socket.socket, _request: str) -> None:
    """A byte of header every now and then: no single read is ever late."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        connection.sendall(b"z")
        time.sleep(0.05)


def is_silent(connection: socket.socket, _request: str) -> None:
    connection.recv(1)


def talks_nonsense(connection: socket.socket, _request: str) -> None:
    connection.sendall(b"\x00\x01\x02 not http\r\n\r\n")


def hangs_up(connection: socket.socket, _request: str) -> None:
    connection.close()
