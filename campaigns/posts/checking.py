"""Whether the pages that a post leads to answer. A warning for the writer, never a block."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from campaigns.links.making import destination
from campaigns.links.models import Link
from commons import outbound
from commons.db import db

SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """`ok`, and the sentence about it."""

    ok: bool
    words: str


def check(link: Link) -> Finding:
    """Look where the link leads, now. Commits before it asks: a page may take seconds, and no transaction waits for it."""
    if link.ended_at is not None:
        return Finding(False, _("This link has ended; it leads nowhere any more."))
    address = destination(link)
    db.session.commit()
    return answer_of(address)


def answer_of(address: str) -> Finding:
    """A page of our own is known by its path; for any other it is asked."""
    path = address.removeprefix(current_app.config["BASE_URL"]) or "/"
    if path.startswith("/"):
        return _our_own(path)
    try:
        answer = outbound.fetch("GET", address, seconds=SECONDS, want_body=False)
    except outbound.Failure as failure:
        return Finding(False, failure.message)
    if answer.ok:
        return Finding(True, _("The page behind the link answers."))
    return Finding(False, _("The page behind the link answers with an error: %(status)s.", status=str(answer.status)))


def _our_own(target: str) -> Finding:
    path, _question, _query = target.partition("#")[0].partition("?")
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except RequestRedirect:
        pass
    except HTTPException:
        return Finding(False, _("There is no page of ours at this address."))
    return Finding(True, _("The link leads to a page of ours."))
