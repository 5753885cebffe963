"""Looking among the account's newest posts for one that may have arrived. Weibo shows an application few of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from community.channels.outcomes import CannotTell
from community.channels.protocol import Call, Sent
from community.channels.weibo.api import Api
from community.channels.weibo.errors import trouble_of
from community.channels.weibo.moments import moment_of
from community.channels.weibo.posting import sent_of
from community.channels.weibo.text import alike

CLOCKS_APART = timedelta(minutes=2)


def find(api: Api, uid: str, call: Call, at: datetime) -> Sent | None:
    """The one post that says just this and is no older than the first try; None when there is none.

    `CannotTell` when the list does not reach back far enough, and when two posts say the same; another `Trouble` when it
    cannot be read now.
    """
    since = call.first_tried_at - CLOCKS_APART
    statuses = _newest(api, at)
    found = [status for status in statuses if _moment(status) >= since and _is_it(status, call.request)]
    if len(found) > 1:
        raise CannotTell(_("There are two posts that say this."))
    if found:
        return sent_of(found[0], uid)
    if statuses and all(_moment(status) >= since for status in statuses):
        raise CannotTell(_("Weibo shows only the newest posts, and all of them are newer."))
    return None


def _newest(api: Api, at: datetime) -> list[Mapping[str, Any]]:
    """The account's own newest posts, less those that were deleted: they have no user any more."""
    answer, found = api.get("/2/statuses/user_timeline.json", count="100")
    statuses = found.get("statuses") if isinstance(found, Mapping) else None
    if not isinstance(statuses, list) or not answer.ok:
        raise trouble_of(answer, found, at)
    return [status for status in statuses if isinstance(status, Mapping) and isinstance(status.get("user"), Mapping)]


def _is_it(status: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    pictures = status.get("pic_urls") or []
    return (
        not status.get("retweeted_status")
        and len(pictures) == (request["picture"] is not None)
        and alike(str(status.get("text") or "")) == alike(request["text"])
    )


def _moment(status: Mapping[str, Any]) -> datetime:
    try:
        return moment_of(str(status.get("created_at")))
    except ValueError as error:
        raise CannotTell(_("Weibo does not say when its posts were made.")) from error
