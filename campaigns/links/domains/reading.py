"""Which domains there are, and which of them count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from campaigns.links.domains.models import LinkDomain
from commons.db import db


def proven() -> Mapping[str, int]:
    """The ids of the domains that lead here, by host."""
    query = select(LinkDomain.host, LinkDomain.id).where(LinkDomain.proved_at.is_not(None))
    return dict(db.session.execute(query).all())


def is_ours(host: str) -> bool:
    """Whether short links stand, or are about to stand, at `host`."""
    found = select(LinkDomain.id).where(LinkDomain.host == host.lower().rstrip("."))
    return db.session.scalar(found) is not None


def listed() -> Sequence[LinkDomain]:
    """All domains, by name."""
    return db.session.scalars(select(LinkDomain).order_by(LinkDomain.host)).all()


def usable() -> Sequence[LinkDomain]:
    """The domains on which a link can be made, the usual one first."""
    query = select(LinkDomain).where(LinkDomain.proved_at.is_not(None))
    return db.session.scalars(query.order_by(LinkDomain.default_since.is_(None), LinkDomain.host)).all()


def default() -> LinkDomain | None:
    """The domain on which new links stand unless another is chosen; None is the house's own."""
    query = select(LinkDomain).where(LinkDomain.default_since.is_not(None), LinkDomain.proved_at.is_not(None))
    return db.session.scalars(query.limit(1)).one_or_none()
