"""Weibo by OAuth 2: whose token it is, and that it was given to our application, is asked of Weibo itself.

It knows neither PKCE nor a nonce; the state and the application's secret stand for them. No mail address comes from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from commons.accounts.identities.providers import Departure, HandleName, Proven
from commons.sign_in_settings import WeiboSettings
from community.channels.addresses import base_address
from community.channels.outcomes import Trouble
from community.channels.weibo import connecting
from community.channels.weibo.api import Api
from community.handles.providers.meaning import failure_of


@dataclass(frozen=True, slots=True)
class WeiboProvider:
    settings: WeiboSettings
    name = "weibo"
    icon = "brand-weibo"
    asks_where = False

    @property
    def label(self) -> str:
        return str(_("Weibo"))

    def depart(self, where: str, redirect_uri: str, state: str, at: datetime) -> Departure:
        try:
            base = base_address(self.settings.base)
        except Trouble as trouble:
            raise failure_of(trouble, self.label) from trouble
        return Departure(connecting.consent_page(base, self.settings.app_key, redirect_uri, state), {"base": base})

    def arrive(self, kept: Mapping[str, Any], answer: Mapping[str, str], redirect_uri: str, at: datetime) -> Proven:
        app = {"base": kept["base"], "app_key": self.settings.app_key, "app_secret": self.settings.app_secret}
        try:
            connection = connecting.exchange(
                {**app, "safe_domains": [], "sender_ip": ""}, answer["code"], redirect_uri, at
            )
        except Trouble as trouble:
            raise failure_of(trouble, self.label) from trouble
        name = connection.name.removeprefix("@")
        return Proven(
            provider=self.name,
            issuer=str(kept["base"]),
            subject=connection.external_id,
            name=name,
            handle=HandleName(self.name, connection.external_id, name),
            told=_told(Api(str(kept["base"]), str(connection.credentials["token"])), connection.external_id),
        )


def _told(api: Api, uid: str) -> dict[str, str]:
    """Where the person lives, as the profile there says it. Signing in does not depend on it."""
    try:
        _answer, user = api.get("/2/users/show.json", uid=uid)
    except Trouble:
        return {}
    province = str(user.get("province") or "") if isinstance(user, Mapping) else ""
    return {"province": province} if province.isdecimal() and len(province) < 5 else {}
