"""The one door for HTTP that goes out."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from flask import current_app

from commons.outbound import failures
from commons.outbound.guard import Policy, check_address
from commons.outbound.wire import Deadline, GuardedTransport

log = logging.getLogger(__name__)

BROWSER = "Quanzi"
MOST_HOPS = 5
BYTE_CAP = 2 * 1024 * 1024
SECONDS = 12.0
_STEPS = httpx.Timeout(5.0, connect=4.0)
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Answer:
    """What came back. `url` is where it came from after redirects; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON; `BadAnswer` when it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise failures.bad_answer(httpx.URL(self.url).host) from error


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
    byte_cap: int = BYTE_CAP,
    want_body: bool = True,
) -> Answer:
    """Call the outside world once and return its answer, whatever its status.

    Everything together takes at most `seconds`. GET and HEAD follow redirects, each hop checked like the first; what
    the caller put into `headers` goes to the first origin only. Raises a `Failure`.
    """
    policy: Policy = current_app.extensions["outbound"]
    deadline = Deadline(seconds)
    here = _parsed(url)
    with httpx.Client(transport=GuardedTransport(policy, deadline), timeout=_STEPS, trust_env=False) as client:
        for _hop in range(MOST_HOPS + 1):
            check_address(here.scheme, here.raw_host.decode(), here.port, here.userinfo, policy)
            mine = headers if here.netloc == _parsed(url).netloc and here.scheme == _parsed(url).scheme else None
            answer = _once(client, method, here, mine, body, byte_cap if want_body else 0)
            target = answer.headers.get("location", "")
            if answer.status not in _MOVED or not target or method not in {"GET", "HEAD"}:
                return answer
            here = _joined(here, target)
    raise failures.circling(here.host)


def _once(
    client: httpx.Client, method: str, url: httpx.URL, headers: Mapping[str, str] | None, body: bytes | None, cap: int
) -> Answer:
    usual = {"User-Agent": BROWSER, "Accept": "*/*", "Accept-Encoding": "identity"}
    status: int | str = "-"
    try:
        with client.stream(method, url, headers={**usual, **(headers or {})}, content=body) as response:
            status = response.status_code
            content = _read(response, cap) if cap and method != "HEAD" else b""
            return Answer(status, dict(response.headers), content, str(url))
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise failures.unreachable(url.host) from error
    except httpx.TimeoutException as error:
        raise failures.timed_out(url.host) from error
    except httpx.ConnectError as error:
        raise (failures.distrusted if "CERTIFICATE" in str(error) else failures.unreachable)(url.host) from error
    except httpx.NetworkError as error:
        raise failures.broke_off(url.host) from error
    except httpx.HTTPError as error:
        raise (failures.broke_off if "disconnected" in str(error) else failures.bad_answer)(url.host) from error
    finally:
        log.info("%s %s://%s%s: %s", method, url.scheme, url.host, url.path, status)


def _read(response: httpx.Response, cap: int) -> bytes:
    """The body as it came over the wire, up to `cap`. We ask for no encoding, so that nothing can swell here."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise failures.bad_answer(response.url.host)
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > cap:
            raise failures.too_large(response.url.host)
    return bytes(content)


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise failures.malformed() from error


def _joined(here: httpx.URL, target: str) -> httpx.URL:
    try:
        return here.join(target).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise failures.bad_answer(here.host) from error
