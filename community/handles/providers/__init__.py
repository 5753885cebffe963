"""Networks as providers: whoever signs in with one proves the handle there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from commons.accounts.identities.providers import Provider
from commons.config import Settings
from community.handles.providers.mastodon import MastodonProvider
from community.handles.providers.weibo import WeiboProvider


def offered() -> Sequence[Provider]:
    """The networks that the settings name."""
    wanted = current_app.extensions["settings"]
    assert isinstance(wanted, Settings)
    found: list[Provider] = []
    if wanted.sign_in.weibo is not None:
        found.append(WeiboProvider(wanted.sign_in.weibo))
    if wanted.sign_in.mastodon:
        found.append(MastodonProvider())
    return found
