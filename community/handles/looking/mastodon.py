"""A public post on Mastodon, read at its address by nobody in particular.

An instance is believed only about its own people, as when they sign in: the address must be that of the author's instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from community.channels.addresses import base_address
from community.channels.mastodon import recognizing
from community.channels.mastodon.finding import text_of
from community.channels.mastodon.instance import Instance, json_of, trouble_of
from community.channels.outcomes import Rejected
from community.handles.looking import Posted
from community.handles.providers.mastodon import handle_on

UNSEEN = frozenset({401, 403, 404, 410})


def post_at(address: str, at: datetime) -> Posted:
    """What stands at the address. Raises a `Trouble`; what it says is for the fan."""
    base = base_address(address)
    post = recognizing.recognize(base, address.strip() if "://" in address else f"https://{address.strip()}")
    if post is None:
        raise Rejected(_("“%(typed)s” is not the address of a post on Mastodon.", typed=address.strip()[:80]))
    answer = Instance(base).get(f"/api/v1/statuses/{post.external_id}")
    if answer.status in UNSEEN:
        raise Rejected(_("The instance does not show this post to everybody. Post it publicly, and paste its address."))
    if not answer.ok:
        raise trouble_of(answer, at)
    return _posted(json_of(answer), urlsplit(base).netloc)


def _posted(status: Any, host: str) -> Posted:
    account = status.get("account") if isinstance(status, Mapping) else None
    if not isinstance(account, Mapping):
        raise Rejected(_("This instance does not answer as Mastodon does."))
    if "@" in str(account.get("acct") or ""):
        raise Rejected(
            _("This post comes from another instance. Paste its address there, on the author's own instance.")
        )
    handle = handle_on(host, str(account.get("username") or ""))
    if handle is None:
        raise Rejected(_("This instance does not answer as Mastodon does."))
    return Posted(handle, text_of(str(status.get("content") or "")), _moment(status))


def _moment(status: Mapping[str, Any]) -> datetime:
    """When the words were last changed: a code that was written into an old post is as old as that change."""
    try:
        moment = datetime.fromisoformat(str(status.get("edited_at") or status.get("created_at")))
    except ValueError as error:
        raise Rejected(_("The instance does not say when its posts were made.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
