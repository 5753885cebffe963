"""Mastodon by OAuth 2 with PKCE, on whatever instance the person has an account.

An instance is believed only about its own people: the handle ends with the host that was spoken to, whatever the instance says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from commons.accounts.identities import failures
from commons.accounts.identities.providers import Departure, HandleName, Proven
from community.channels.addresses import base_address
from community.channels.mastodon import connecting
from community.channels.mastodon.instance import Instance
from community.channels.outcomes import Trouble
from community.handles.providers import apps
from community.handles.providers.meaning import failure_of

NAME = "mastodon"
SCOPES = "read:accounts"
USERNAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,62}[a-z0-9_])?", re.IGNORECASE | re.ASCII)
LONGEST_HANDLE = 120


@dataclass(frozen=True, slots=True)
class MastodonProvider:
    name = NAME
    icon = "brand-mastodon"
    asks_where = True

    @property
    def label(self) -> str:
        return str(_("Mastodon"))

    def depart(self, where: str, redirect_uri: str, state: str, at: datetime) -> Departure:
        try:
            instance = Instance(base_address(where))
            app = apps.app_of(instance, redirect_uri, SCOPES, at)
        except Trouble as trouble:
            raise failure_of(trouble, self.label) from trouble
        address, verifier = connecting.consent_page(instance.base, app["client_id"], redirect_uri, SCOPES, state)
        return Departure(address, {"base": instance.base, **app, "verifier": verifier})

    def arrive(self, kept: Mapping[str, Any], answer: Mapping[str, str], redirect_uri: str, at: datetime) -> Proven:
        try:
            instance = connecting.let_in(kept, answer["code"], redirect_uri, SCOPES)
            me = connecting.account_behind(instance, at)
        except Trouble as trouble:
            raise failure_of(trouble, self.label) from trouble
        handle = handle_on(urlsplit(instance.base).netloc, str(me["username"]))
        if handle is None:
            raise failures.not_trusted(self.label)
        return Proven(
            provider=self.name,
            issuer=instance.base,
            subject=str(me["id"])[:255],
            name=str(me.get("display_name") or me["username"]),
            handle=handle,
        )


def handle_on(host: str, username: str) -> HandleName | None:
    """The handle of a person of this instance; None for a name that no instance gives."""
    handle = f"{username}@{host}".lower()
    if not USERNAME.fullmatch(username) or len(handle) > LONGEST_HANDLE:
        return None
    return HandleName(NAME, handle, f"@{handle}")
