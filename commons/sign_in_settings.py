"""With whom people may sign in besides a password, as the environment says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from commons.setting_error import SettingError

DEFAULT_WEIBO = "https://api.weibo.com"
NAME = re.compile(r"[a-z][a-z0-9]{0,19}", re.ASCII)
TAKEN = frozenset({"mastodon", "weibo", "known"})


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """A provider of OpenID Connect, where the brand is registered as a client. `name` stands in addresses, `label` on the button.

    `asks_region`: it is also asked for the address, of which a new fan may take the region into the profile.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    asks_region: bool = False


@dataclass(frozen=True, slots=True)
class WeiboSettings:
    """The brand's application at Weibo."""

    app_key: str
    app_secret: str = field(repr=False)
    base: str = DEFAULT_WEIBO


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """`mastodon`: people of any instance may sign in; the house makes itself known to each instance by itself."""

    openid: tuple[OpenIdSettings, ...] = ()
    weibo: WeiboSettings | None = None
    mastodon: bool = False

    @property
    def secrets(self) -> list[str]:
        """What no log may show."""
        return [one.client_secret for one in self.openid] + ([self.weibo.app_secret] if self.weibo else [])


def read(environ: Mapping[str, str], mastodon: bool) -> SignInSettings:
    """Read the providers; raise `SettingError` for the first that cannot be used."""
    names = [name.strip().lower() for name in (environ.get("OIDC_PROVIDERS") or "").split(",") if name.strip()]
    if len(set(names)) < len(names):
        raise SettingError("OIDC_PROVIDERS names a provider twice")
    return SignInSettings(tuple(_openid(environ, name) for name in names), _weibo(environ), mastodon)


def _openid(environ: Mapping[str, str], name: str) -> OpenIdSettings:
    if not NAME.fullmatch(name) or name in TAKEN:
        raise SettingError("OIDC_PROVIDERS must be short names of letters and digits, separated by commas")
    prefix = f"OIDC_{name.upper()}_"
    issuer, client_id = environ.get(f"{prefix}ISSUER") or "", environ.get(f"{prefix}CLIENT_ID") or ""
    secret = environ.get(f"{prefix}CLIENT_SECRET") or ""
    if urlsplit(issuer).scheme not in {"http", "https"} or not urlsplit(issuer).netloc:
        raise SettingError(f"{prefix}ISSUER must be the https address of the provider, as it writes it itself")
    if not client_id or not (client_id + secret).isascii():
        raise SettingError(f"{prefix}CLIENT_ID and {prefix}CLIENT_SECRET must be what the provider gave you")
    label, asks_region = environ.get(f"{prefix}LABEL") or name.capitalize(), environ.get(f"{prefix}REGION") == "1"
    return OpenIdSettings(name, label, issuer, client_id, secret, asks_region)


def _weibo(environ: Mapping[str, str]) -> WeiboSettings | None:
    key, secret = environ.get("WEIBO_APP_KEY") or "", environ.get("WEIBO_APP_SECRET") or ""
    base = (environ.get("WEIBO_API") or DEFAULT_WEIBO).rstrip("/")
    if not key and not secret:
        return None
    if not (key.isascii() and key.isdecimal()) or not secret:
        raise SettingError("WEIBO_APP_KEY must be a number, and WEIBO_APP_SECRET must be set beside it")
    return WeiboSettings(key, secret, base)
