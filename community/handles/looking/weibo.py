"""The newest words on Weibo that speak to one of the brand's accounts: posts that mention it, and comments to it.

Weibo gives one authorised user about 100 calls a day, and a look takes two of them: whoever asks for one is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commons.accounts.identities.providers import HandleName
from community.channels.models import ChannelAccount
from community.channels.weibo.api import Api
from community.channels.weibo.errors import trouble_of
from community.channels.weibo.moments import moment_of
from community.handles.looking import WEIBO, Posted

LISTS = {"statuses": "/2/statuses/mentions.json", "comments": "/2/comments/to_me.json"}
NEWEST = "50"


def newest(account: ChannelAccount, at: datetime) -> list[Posted]:
    """Raises a `Trouble` when either list cannot be read."""
    api = Api.of(account)
    return [posted for name, path in LISTS.items() for posted in _listed(api, name, path, at)]


def _listed(api: Api, name: str, path: str, at: datetime) -> list[Posted]:
    answer, found = api.get(path, count=NEWEST)
    rows = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(rows, list) or not answer.ok:
        raise trouble_of(answer, found, at)
    return [posted for row in rows if (posted := _posted(row)) is not None]


def _posted(row: Any) -> Posted | None:
    """None for what was deleted, which has no user any more, and for what makes no sense."""
    user = row.get("user") if isinstance(row, Mapping) else None
    uid = str(user.get("idstr") or user.get("id") or "") if isinstance(user, Mapping) else ""
    if not isinstance(user, Mapping) or not (uid.isascii() and uid.isdecimal() and len(uid) <= 20):
        return None
    try:
        moment = moment_of(str(row.get("created_at")))
    except ValueError:
        return None
    return Posted(HandleName(WEIBO, uid, str(user.get("screen_name") or uid)), str(row.get("text") or ""), moment)
