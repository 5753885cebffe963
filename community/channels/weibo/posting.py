"""Posting, and reading what stands there."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from commons.outbound import Answer
from community.channels.bodies import Body, File, form, form_with_file, kept_file
from community.channels.outcomes import RateLimited, Rejected, Trouble, excerpt
from community.channels.protocol import Call, Sent
from community.channels.weibo.api import Api
from community.channels.weibo.errors import trouble_of
from community.channels.weibo.mids import short_of

PAGE = "https://weibo.com"
LONGEST_WAIT = timedelta(days=1)


def share(api: Api, uid: str, call: Call, at: datetime) -> Sent:
    """Post the request, once."""
    answer, found = api.post_body("/2/statuses/share.json", _body(api.token, call.request))
    sent = sent_of(found, uid, answer)
    if sent is None or not answer.ok:
        raise _with_reset(api, trouble_of(answer, found, at), at)
    return sent


def sent_of(status: Any, uid: str, answer: Answer | None = None) -> Sent | None:
    """A status of the API as it stands there; None when it is none."""
    if not isinstance(status, Mapping) or "error_code" in status:
        return None
    number = str(status.get("idstr") or status.get("id") or "")
    if not (number.isascii() and number.isdecimal() and len(number) < 30):
        return None
    user = status.get("user")
    owner = str(user.get("idstr") or user.get("id") or uid) if isinstance(user, Mapping) else uid
    url = f"{PAGE}/{owner}/{short_of(number)}" if owner.isdecimal() else ""
    return Sent(number, url, excerpt(answer) if answer else "")


def _body(token: str, request: Mapping[str, Any]) -> Body:
    fields = {"access_token": token, "status": request["text"], "rip": request["rip"]}
    picture = request["picture"]
    if picture is None:
        return form(fields)
    content = kept_file(picture["key"])
    if content is None:
        raise Rejected(_("A file of this post is no longer there."))
    name = f"picture{mimetypes.guess_extension(picture['media_type']) or ''}"
    return form_with_file(fields, "pic", File(name, content, picture["media_type"]))


def _with_reset(api: Api, trouble: Trouble, at: datetime) -> Trouble:
    """When a limit ends: asking for that does not count against it. Without an answer it is the next hour."""
    if not isinstance(trouble, RateLimited) or trouble.until is None:
        return trouble
    try:
        _answer, found = api.get("/2/account/rate_limit_status.json")
    except Trouble:
        return trouble
    seconds = found.get("reset_time_in_seconds") if isinstance(found, Mapping) else None
    if isinstance(seconds, int) and 0 < seconds < LONGEST_WAIT.total_seconds():
        trouble.until = at + timedelta(seconds=seconds)
    return trouble
