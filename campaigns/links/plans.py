"""What a redirect must know of a link, read by one query and kept in the process for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload
from werkzeug.urls import iri_to_uri

from campaigns.links.making import SLUG, destination, normal_slug
from campaigns.links.models import Link, Way
from commons.db import db

KEPT_FOR = 1.0
MOST_KEPT = 10_000

Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class PlannedWay:
    """A way with the address that the visitor is sent to; see `models.Way`."""

    id: int
    address: str
    device: str
    language: str
    region: str
    weight: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`address` is where the main target is reached. `is_guarded`: a password or a limit on visits has to be asked first."""

    link_id: int
    public_id: str
    slug: str
    address: str
    ways: tuple[PlannedWay, ...]
    main_weight: int
    expires_at: datetime | None
    is_guarded: bool
    has_card: bool
    tells_click: bool

    def is_over(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class Plans:
    """The plans that this process has read lately. None is older than `kept_for` seconds, so that a change (an ended link,
    another target, a domain that was taken away) holds everywhere within that time, whoever made it, in whatever process.
    Only while the database does not answer is an older one used: links go on, and their visits wait in the spool.
    """

    def __init__(self, load: Callable[[Key], Plan | None], kept_for: float = KEPT_FOR) -> None:
        self._load = load
        self._kept_for = kept_for
        self._kept: dict[Key, tuple[float, Plan]] = {}

    def get(self, key: Key) -> Plan | None:
        """The plan of a link in force. What is no link is asked anew each time, and takes no room."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < self._kept_for:
            return kept[1]
        try:
            plan = self._load(key)
        except SQLAlchemyError:
            if kept is None:
                raise
            return kept[1]
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        if plan is None:
            self._kept.pop(key, None)
        else:
            self._kept[key] = (now, plan)
        return plan


def load(key: Key) -> Plan | None:
    """Read the plan of the link in force under a slug, by one query."""
    link = find(key[1], key[0])
    return plan_of(link) if link is not None else None


def find(slug: str, domain_id: int | None = None) -> Link | None:
    """The link that is in force under `slug`, of the house or of a domain."""
    slug = normal_slug(slug)
    if not SLUG.fullmatch(slug):
        return None
    query = select(Link).where(Link.slug == slug, Link.domain_id == domain_id, Link.ended_at.is_(None))
    query = query.options(joinedload(Link.ways), joinedload(Link.origin).joinedload(Link.ways))
    link = db.session.scalars(query).unique().one_or_none()
    return link if link is not None and link.terms.ended_at is None else None


def plan_of(link: Link) -> Plan:
    terms = link.terms
    return Plan(
        link_id=link.id,
        public_id=link.public_id,
        slug=link.slug,
        address=_address(link, terms.target),
        ways=tuple(_planned(link, way) for way in (*terms.rules, *terms.variants)),
        main_weight=terms.main_weight,
        expires_at=terms.expires_at,
        is_guarded=terms.password_hash is not None or terms.most_visits is not None,
        has_card=terms.has_card,
        tells_click=terms.tells_click,
    )


def _planned(link: Link, way: Way) -> PlannedWay:
    return PlannedWay(way.id, _address(link, way.target), way.device, way.language, way.region, way.weight)


def _address(link: Link, target: str) -> str:
    """As the Location header says it. From a domain of its own a page of ours is on another host, where the cookie that tells
    by which link somebody came cannot be set yet: the address tells it (see `door`).
    """
    address = destination(link, target)
    if link.domain_id is not None and address.startswith("/"):
        parts = urlsplit(f"{current_app.config['BASE_URL']}{address}")
        address = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, f"came_by={link.public_id}")))))
    return str(iri_to_uri(address))
