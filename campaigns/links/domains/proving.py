"""Domains of the brand's own: named, shown to lead here, made the usual one, let go."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import regex
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from campaigns.links.domains.models import LinkDomain
from commons import events
from commons.accounts.models import User
from commons.db import changed, db, random_id
from commons.errors import Conflict, Invalid
from commons.outbound import Failure, fetch

TOKEN_LENGTH = 24
SECONDS = 8.0
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = regex.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


def add(host: str, *, by: User, at: datetime) -> LinkDomain:
    """Name a domain; it counts once it is proven. `Invalid` for what is no name of a domain, `Conflict` for one that is there."""
    host = checked_host(host)
    domain = LinkDomain(host=host, token=random_id(TOKEN_LENGTH), made_by_id=by.id, made_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(domain)
    except IntegrityError as error:
        raise Conflict(_("The domain %(host)s is there already.", host=domain.shown_host)) from error
    _tell("link_domain.added", domain, by, at)
    return domain


def look(host: str, token: str) -> str:
    """Whether a request to the domain arrives here: empty, or a sentence that says what is wrong. Takes some seconds, and
    touches no database.

    The question goes out by the name, so that its DNS record and whatever stands in front of us are part of the proof.
    """
    scheme = urlsplit(current_app.config["BASE_URL"]).scheme
    try:
        answer = fetch("GET", f"{scheme}://{host}{path_of(token)}", seconds=SECONDS, byte_cap=4096)
    except Failure as failure:
        return failure.message
    if not answer.ok:
        return str(_("%(host)s answers, but not from here (status %(status)s).", host=host, status=str(answer.status)))
    if answer.body.decode("ascii", "replace").strip() != token:
        return str(_("%(host)s answers, but with something else than the proof.", host=host))
    return ""


def note(domain: LinkDomain, trouble: str, *, by: User, at: datetime) -> None:
    """Keep what a look found. Proven once stays proven: links in print must not die of one bad minute."""
    domain.looked_at, domain.trouble = at, trouble[:300]
    if not trouble and domain.proved_at is None:
        domain.proved_at = at
        _tell("link_domain.proved", domain, by, at)


def make_default(domain: LinkDomain | None, *, by: User, at: datetime) -> None:
    """New links stand on `domain` from now on; None is the house's own. `Conflict` as long as it is not proven."""
    if domain is not None and domain.proved_at is None:
        raise Conflict(_("%(host)s does not lead here yet.", host=domain.shown_host), _("Check it first."))
    changed(update(LinkDomain).values(default_since=None))
    if domain is not None:
        db.session.refresh(domain)
        domain.default_since = at
        _tell("link_domain.default", domain, by, at)


def remove(domain: LinkDomain, *, by: User, at: datetime) -> None:
    """Let go of a domain on which there are no links. `Conflict` as long as there are: somebody may have them in print."""
    from campaigns.links.models import Link  # links stand on domains

    count = db.session.scalar(select(func.count()).where(Link.domain_id == domain.id)) or 0
    if count:
        raise Conflict(
            _("There are links on %(host)s.", host=domain.shown_host),
            _("Their addresses may be in print, so the domain stays. Make another one the usual one."),
        )
    _tell("link_domain.removed", domain, by, at)
    db.session.delete(domain)
    db.session.flush()


def path_of(token: str) -> str:
    """Where the proof is asked for."""
    return f"/.well-known/quanzi-links/{token}"


def checked_host(typed: str) -> str:
    """The name of a domain as the network writes it. `Invalid` for anything else, and for the house's own."""
    host = typed.strip().rstrip(".").lower()
    host = host.partition("://")[2].partition("/")[0] if "://" in host else host
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if len(host) > 253 or not _HOST.fullmatch(host) or host.rpartition(".")[2].isdigit():
        raise Invalid(
            _("“%(typed)s” is no name of a domain.", typed=typed.strip()[:80]), _("Write it like go.example.com.")
        )
    if host == urlsplit(current_app.config["BASE_URL"]).hostname:
        raise Invalid(_("That is the house's own domain."), _("Its links stand under /l/ already."))
    return host


def _tell(kind: str, domain: LinkDomain, by: User, at: datetime) -> None:
    key = f"{kind}:{domain.public_id}:{random_id()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=domain, payload={"host": domain.shown_host})
