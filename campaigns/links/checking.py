"""Whether targets still answer. One failure is bad luck and stays quiet; two in a row are told to whoever made the link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from campaigns.links.domains.reading import is_ours
from campaigns.links.models import Link
from commons import events, i18n, mail
from commons.db import db
from commons.jobs.leasing import take_due
from commons.outbound import Failure, fetch
from commons.web import absolute_url

A_DAY = timedelta(days=1)
AGAIN = timedelta(hours=1)
LEASE = timedelta(minutes=10)
ENOUGH = 2
SECONDS = 10.0
# They answer, only not to a machine: a wall before robots, a sign-in, a limit, a method that is not known.
ALIVE = frozenset({401, 403, 405, 406, 429, 451, 501})


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` links whose targets are to be looked at, for ten minutes."""
    return take_due(Link.check_due_at, at, limit, lease=LEASE)


def targets_of(link_id: int) -> tuple[list[str], str]:
    """The targets of a link that are not pages of ours, and the language of whoever made it."""
    link = db.session.get_one(Link, link_id)
    every = [link.target, *(way.target for way in (*link.rules, *link.variants))]
    return list(dict.fromkeys(target for target in every if not target.startswith("/"))), _language(link)


def look(targets: Sequence[str], language: str) -> str:
    """Ask each target; empty, or a sentence about the first that does not answer. Private addresses are not called."""
    with force_locale(language):
        return next(filter(None, map(_trouble, targets)), "")


def note(link_id: int, trouble: str, at: datetime) -> None:
    """Keep what a look found; the second failure in a row is told, and so is the first answer after that."""
    link = db.session.get_one(Link, link_id, populate_existing=True)
    link.checked_at, link.miss_words = at, trouble[:300]
    link.misses = link.misses + 1 if trouble else 0
    is_over = link.ended_at is not None or (link.expires_at is not None and link.expires_at <= at)
    link.check_due_at = None if is_over else at + (AGAIN if 0 < link.misses < ENOUGH else A_DAY)
    if link.misses >= ENOUGH and link.dead_since is None:
        link.dead_since = at
        _tell("link.dead", link, at)
        _write_to_owner(link, at)
    elif not trouble and link.dead_since is not None:
        link.dead_since = None
        _tell("link.alive", link, at)


def _trouble(target: str) -> str:
    try:
        answer = fetch("GET", target, seconds=SECONDS, want_body=False)
    except Failure as failure:
        return failure.message
    host = urlsplit(target).hostname or ""
    if _is_link_of_ours(answer.url):
        return str(_("%(host)s leads back to a link of ours.", host=host))
    if answer.status >= 400 and answer.status not in ALIVE:
        return str(_("%(host)s answers with status %(status)s.", host=host, status=str(answer.status)))
    return ""


def _is_link_of_ours(address: str) -> bool:
    parts, house = urlsplit(address), urlsplit(current_app.config["BASE_URL"])
    return (parts.netloc == house.netloc and parts.path.startswith("/l/")) or is_ours(parts.hostname or "")


def _tell(kind: str, link: Link, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{link.public_id}:{at.isoformat()}",
        at=at,
        subject=link,
        campaign_id=link.campaign_id,
        payload={"slug": link.slug, "why": link.miss_words},
    )


def _write_to_owner(link: Link, at: datetime) -> None:
    """The letter to whoever made the link, in his language. Whoever has left is not written to."""
    owner = link.made_by
    if owner is None or not owner.is_active or not owner.email or not owner.is_staff:
        return
    with force_locale(_language(link)):
        subject = _("A link leads nowhere: %(name)s", name=link.title or link.slug)
        text = "\n\n".join(
            [
                _("Hello %(name)s,", name=owner.name),
                _("the target of your link did not answer twice in a row. Visitors who follow it see an error."),
                f"{link.target}\n{link.miss_words}",
                _("Look at it, and give the link another target if need be:"),
                absolute_url("links.show", public_id=link.public_id),
            ]
        )
        mail.send_later(owner.email, str(subject), f"{text}\n", at)


def _language(link: Link) -> str:
    language = link.made_by.language if link.made_by is not None else None
    return language if language in i18n.LANGUAGES else i18n.DEFAULT_LANGUAGE
