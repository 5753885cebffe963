"""One visit: what the request shows, where it is sent, and the line that is kept of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from campaigns.links.choosing import choose, device_of, language_of
from campaigns.links.models import Verdict
from campaigns.links.plans import Plan, PlannedWay
from campaigns.links.regions import Regions
from campaigns.links.spool import Spool
from campaigns.links.verdicts import truncated, verdict, visitor_mark
from commons.forms import storable

log = logging.getLogger(__name__)

PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
CLICK = "quanzi_click"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request on its way through a link. `uid` names it for ever, in the statistics and to a target that asks for it."""

    uid: str
    verdict: Verdict
    mark: str
    browser: str
    device: str
    language: str
    region: str
    referrer: str
    user_id: int | None
    at: datetime

    def row(self, plan: Plan, way: PlannedWay | None) -> dict[str, Any]:
        """The line of the spool. The address of the visitor is not in it, not even in part."""
        return {
            "uid": self.uid,
            "link_id": plan.link_id,
            "occurred_at": self.at.isoformat(),
            "verdict": self.verdict.value,
            "visitor": self.mark,
            "referrer": self.referrer,
            "browser": self.browser,
            "user_id": self.user_id,
            "device": self.device,
            "language": self.language,
            "region": self.region,
            "way_id": way.id if way else None,
        }


def visit_of(
    environ: Mapping[str, Any], session: Mapping[str, Any], *, at: datetime, key: bytes, regions: Regions
) -> Visit:
    """Read a request. `key` makes the visitor's mark; the address is truncated before anything is done with it."""
    browser = storable(environ.get("HTTP_USER_AGENT", ""))[:200]
    network = truncated(environ.get("REMOTE_ADDR") or "")
    user_id = session.get("user_id")
    method = "GET" if environ["REQUEST_METHOD"] == "POST" else environ["REQUEST_METHOD"]  # a password was given
    return Visit(
        uid=secrets.token_hex(12),
        verdict=verdict(browser, method, _purpose(environ), is_staff=bool(session.get("staff"))),
        mark=visitor_mark(network, browser, at, key, user_id),
        browser=browser,
        device=device_of(browser),
        language=language_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        region=regions.region_of(network),
        referrer=storable(environ.get("HTTP_REFERER", ""))[:255],
        user_id=user_id,
        at=at,
    )


def way_for(plan: Plan, visit: Visit) -> PlannedWay | None:
    """The way that this visitor takes; None is the main target."""
    if not plan.ways:
        return None
    place = choose(
        plan.ways,
        plan.main_weight,
        mark=visit.mark,
        key=plan.public_id,
        browser=visit.browser,
        language=visit.language,
        region=visit.region,
    )
    return None if place is None else plan.ways[place]


def location(plan: Plan, way: PlannedWay | None, visit: Visit) -> str:
    """Where the visitor is sent, with the visit's id for a target that is to hear of it."""
    address = way.address if way else plan.address
    if not plan.tells_click or visit.verdict is not Verdict.HUMAN:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, f"{CLICK}={visit.uid}")))))


def keep(spool: Spool, plan: Plan, visit: Visit, way: PlannedWay | None) -> None:
    """Spool the visit. Never fails: a visitor is not stopped because of a record."""
    try:
        spool.add(visit.row(plan, way))
    except OSError:
        log.exception("a visit of link %s could not be spooled", plan.slug)


def _purpose(environ: Mapping[str, Any]) -> str:
    return " ".join(environ[name] for name in PURPOSES if name in environ)
