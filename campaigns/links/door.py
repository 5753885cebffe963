"""The short way of a redirect: before Flask, without a session, a form or a template to get ready.

Whatever needs a page (a password, a link that is over, a card for a previewer, no link at all) goes on to the application.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request

from campaigns.links import plans, visiting
from campaigns.links.domains import reading as domains
from campaigns.links.models import Verdict
from campaigns.links.plans import KEPT_FOR, Key, Plan, Plans
from campaigns.links.regions import Regions
from campaigns.links.visiting import Visit
from commons import clock
from commons.crypto import derived_key
from commons.db import ALPHABET, PUBLIC_ID_LENGTH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/l/"
CAME_BY = "came_by"
DOMAIN = "quanzi.link_domain"
ARRIVED = re.compile(rf"(?:^|&){CAME_BY}=([{ALPHABET}]{{{PUBLIC_ID_LENGTH}}})(?:&|$)")
OPEN_EVERYWHERE = ("/static/", "/media/", "/theme.css", "/.well-known/quanzi-links/")
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", "0"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer-when-downgrade"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
]


class Door:
    """WSGI in front of the application: sends visitors of plain links on by itself. On a domain of the brand's own there is
    nothing but links: no page of the house answers there.
    """

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        settings = app.extensions["settings"]
        self.app = app
        self.inner = inner
        self.plans = Plans(self._load, 0.0 if app.testing else KEPT_FOR)  # tests change what they have just looked at
        self.regions = Regions(settings.region_database)
        self.house = urlsplit(settings.base_url).netloc.lower()
        self.secure = settings.base_url.startswith("https:")
        with app.app_context():
            self.key = derived_key("visitors")
        self._domains: tuple[float, Mapping[str, int]] = (0.0, {})

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._asked(environ)
        arrived = ARRIVED.search(environ.get("QUERY_STRING", "")) if asked is None else None
        if arrived is not None:
            return self.inner(environ, self._remembering(arrived.group(1), start_response))
        if asked is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.inner(environ, start_response)
        try:
            plan = self.plans.get(asked)
        except SQLAlchemyError:
            plan = None  # the application says that something broke
        if plan is None or plan.is_guarded or plan.is_over(clock.now()):
            return self.inner(environ, start_response)
        visit = self.visit(environ, self._session(environ))
        if plan.has_card and visit.verdict is Verdict.PREVIEW:
            return self.inner(environ, start_response)
        return self._send_on(plan, visit, asked, start_response)

    def visit(self, environ: WSGIEnvironment, session: Mapping[str, Any]) -> Visit:
        """What a request shows, now."""
        return visiting.visit_of(environ, session, at=clock.now(), key=self.key, regions=self.regions)

    def came_by(self, public_id: str) -> str:
        """The cookie that remembers, until the browser closes, by which link somebody came."""
        return f"{CAME_BY}={public_id}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}"

    def _send_on(self, plan: Plan, visit: Visit, asked: Key, start_response: StartResponse) -> Iterable[bytes]:
        way = visiting.way_for(plan, visit)
        visiting.keep(self.app.extensions["visits"].spool, plan, visit, way)
        headers = [*HEADERS, ("Location", visiting.location(plan, way, visit))]
        if visit.verdict is Verdict.HUMAN and asked[0] is None:
            headers.append(("Set-Cookie", self.came_by(plan.public_id)))
        if not self.app.testing:
            self.app.extensions["visits"].begin()
        start_response("302 Found", headers)
        return []

    def _remembering(self, public_id: str, start_response: StartResponse) -> StartResponse:
        """Answer as usual, and remember by which link of another domain somebody has arrived at this page."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Set-Cookie", self.came_by(public_id))], *more)

        return start

    def _asked(self, environ: WSGIEnvironment) -> Key | None:
        """Domain and slug that a request asks for; None when it is not for a link. Leads what is asked of a domain of the
        brand's own to the page of that link, in case a page is needed.
        """
        path = environ.get("PATH_INFO", "")
        host = environ.get("HTTP_HOST", "").lower()
        domain_id = None if host == self.house else self.domains().get(host.partition(":")[0])
        if domain_id is None:
            return (None, _text(path[len(PREFIX) :])) if path.startswith(PREFIX) else None
        if path.startswith(OPEN_EVERYWHERE):
            return None
        environ["PATH_INFO"] = f"{PREFIX}{path.lstrip('/')}" if path.strip("/") else f"{PREFIX}-"
        environ[DOMAIN] = domain_id
        return domain_id, _text(path.lstrip("/"))

    def domains(self) -> Mapping[str, int]:
        """The proven domains by host, as they were at most a second ago."""
        now = time.monotonic()
        if now >= self._domains[0]:
            with suppress(SQLAlchemyError), self._reading():
                self._domains = (now + KEPT_FOR, domains.proven())
        return self._domains[1]

    def forget(self) -> None:
        """Read the domains anew: in this process they have just changed."""
        self._domains = (0.0, {})

    def _load(self, key: Key) -> Plan | None:
        with self._reading():
            return plans.load(key)

    def _reading(self) -> Any:
        """A request that only reads, as far as the database is concerned."""
        return self.app.test_request_context(PREFIX)

    def _session(self, environ: WSGIEnvironment) -> Mapping[str, Any]:
        """The visitor's session, only looked at, and only if there is one."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        if f"{name}=" not in environ.get("HTTP_COOKIE", ""):
            return {}
        return self.app.session_interface.open_session(self.app, Request(environ)) or {}  # type: ignore[arg-type]


def stand_before(app: Flask) -> Door:
    """Put the door in front of `app`, behind whatever corrects what proxies say."""
    outer = app.wsgi_app
    if isinstance(outer, ProxyFix):
        door = outer.app = Door(app, outer.app)
    else:
        door = Door(app, outer)
        app.wsgi_app = door  # type: ignore[method-assign]
    app.extensions["link_door"] = door
    return door


def _text(path: str) -> str:
    """A path as WSGI gives it (bytes as Latin-1) read as UTF-8."""
    return path.encode("latin-1").decode("utf-8", "replace")


def the_door(app: Flask) -> Door:
    found: Door = app.extensions["link_door"]
    return found
