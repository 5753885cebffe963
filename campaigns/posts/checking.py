"""Whether the page that a post's link leads to answers. A warning for the writer, never a block."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from campaigns.links.making import destination
from campaigns.links.models import Link
from commons import outbound

SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """`ok`, and the sentence about it."""

    ok: bool
    words: str


def check(link: Link) -> Finding:
    """Look where the link leads, now: a page of our own by its address, any other by asking for it."""
    if link.ended_at is not None:
        return Finding(False, _("This link has ended; it leads nowhere any more."))
    if link.target.startswith("/"):
        return _our_own(link.target)
    try:
        answer = outbound.fetch("GET", destination(link), seconds=SECONDS, want_body=False)
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
