"""The connection under the door: to a checked address, and over when the time is up, whatever drips in."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

from commons.outbound.failures import forbidden
from commons.outbound.guard import Policy, resolve


class Deadline:
    """A moment by which everything must be over. Read timeouts alone would let one byte a second go on for ever."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds left, at most `at_most`. Raises `httpcore.ReadTimeout` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left if at_most is None else min(left, at_most)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport on a network that checks where it connects."""

    def __init__(self, policy: Policy, deadline: Deadline) -> None:
        trust = policy.trust or _usual_trust()
        super().__init__(verify=trust, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=trust, network_backend=_Network(policy, deadline))


@cache
def _usual_trust() -> ssl.SSLContext:
    """The certificates that are trusted everywhere. Read once: that takes longer than many a call."""
    return httpx.create_ssl_context(trust_env=False)


class _Network(httpcore.NetworkBackend):
    def __init__(self, policy: Policy, deadline: Deadline) -> None:
        self._policy = policy
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        obstacle: Exception = httpcore.ConnectError("no address")
        for address in resolve(host, port, self._policy):
            try:
                stream = self._sockets.connect_tcp(address, port, self._deadline.left(timeout))
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                obstacle = error
        raise obstacle

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise forbidden(path)

    def sleep(self, seconds: float) -> None:
        self._sockets.sleep(self._deadline.left(seconds))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
