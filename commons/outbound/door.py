"""The one door for HTTP that goes out."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from flask import current_app

from commons.outbound import failures
from commons.outbound.guard import DEFAULT_PORTS, Policy, check_address, check_number
from commons.outbound.wire import Deadline, GuardedTransport

log = logging.getLogger(__name__)

BROWSER = "Quanzi"
MOST_HOPS = 5
BYTE_CAP = 2 * 1024 * 1024
SECONDS = 12.0
CONNECTING = 4.0
_MOVED = {301, 302, 303, 307, 308}
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


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
        """The body as JSON; `BadAnswer` when it is none, or holds text that no database keeps."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise failures.bad_answer(httpx.URL(self.url).host) from error
        if any(_UNKEEPABLE.search(text) for text in _texts(found)):
            raise failures.bad_answer(httpx.URL(self.url).host)
        return found


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

    Everything together takes at most `seconds`, however long the far end thinks before it answers. GET and HEAD follow
    redirects, each hop checked like the first; what the caller put into `headers` goes to the first origin only. Raises a
    `Failure`.
    """
    policy: Policy = current_app.extensions["outbound"]
    deadline = Deadline(seconds)
    here, steps = _parsed(url), httpx.Timeout(seconds, connect=min(seconds, CONNECTING))
    with httpx.Client(transport=GuardedTransport(policy, deadline), timeout=steps, trust_env=False) as client:
        for _hop in range(MOST_HOPS + 1):
            check_address(here.scheme, here.raw_host.decode(), here.port, here.userinfo, policy)
            mine = headers if here.netloc == _parsed(url).netloc and here.scheme == _parsed(url).scheme else None
            answer = _once(client, method, here, mine, body, byte_cap if want_body else 0)
            target = answer.headers.get("location", "")
            if answer.status not in _MOVED or not target or method not in {"GET", "HEAD"}:
                return answer
            here = _joined(here, target)
    raise failures.circling(here.host)


def check(url: str) -> None:
    """Refuse, before it is kept for later, an address that `fetch` would never call; no name server is asked. Raises `Forbidden`."""
    policy: Policy = current_app.extensions["outbound"]
    here = _parsed(url)
    check_address(here.scheme, here.raw_host.decode(), here.port, here.userinfo, policy)
    check_number(here.host, here.port or DEFAULT_PORTS[here.scheme], policy)


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


def _texts(found: Any) -> Iterator[str]:
    """All the text in what JSON gave, the names of its fields too."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


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
