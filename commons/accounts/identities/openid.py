"""OpenID Connect: discovery, the code flow with PKCE (S256), state and nonce, and the person's claims.

Written to OpenID Connect Core 1.0 and Discovery 1.0 with Authlib; the issuer in the answer is checked as RFC 9207 asks.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.discovery import get_well_known_url
from flask import current_app

from commons.accounts.identities import failures, id_tokens
from commons.accounts.identities.id_tokens import Expected
from commons.accounts.identities.providers import Departure, Proven
from commons.accounts.identities.session import SECONDS, Session
from commons.config import Settings
from commons.outbound import Failure, Policy, fetch
from commons.sign_in_settings import OpenIdSettings

SCOPE = "openid profile email"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_SUBJECT = 255  # Core 1.0, section 2
LONGEST_TOLD = 80

log = logging.getLogger(__name__)


def offered() -> list[OpenId]:
    """The providers that the settings name."""
    settings: Settings = current_app.extensions["settings"]
    return [OpenId(one) for one in settings.sign_in.openid]


@dataclass(frozen=True, slots=True)
class OpenId:
    """One provider."""

    settings: OpenIdSettings
    icon = "shield-check"
    asks_where = False

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def label(self) -> str:
        return self.settings.label

    def depart(self, where: str, redirect_uri: str, state: str, at: datetime) -> Departure:
        """Where to sign in. `where` is not asked for."""
        metadata = self._discover()
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        address, _state = self._client(metadata, redirect_uri).create_authorization_url(
            metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
        )
        return Departure(str(address), {"metadata": metadata, "verifier": verifier, "nonce": nonce})

    def arrive(self, kept: Mapping[str, Any], answer: Mapping[str, str], redirect_uri: str, at: datetime) -> Proven:
        """Who came back."""
        if answer.get("iss", self.settings.issuer) != self.settings.issuer:
            raise failures.not_trusted(self.label)
        metadata = kept["metadata"]
        token = self._token(metadata, answer["code"], str(kept["verifier"]), redirect_uri)
        expected = Expected(
            self.settings.issuer, self.settings.client_id, str(kept["nonce"]), str(token["access_token"])
        )
        return self._proven(self._claims(metadata, token, expected, at))

    def _discover(self) -> dict[str, Any]:
        """What the provider says of itself, as far as it is needed."""
        told = self._asked(get_well_known_url(self.settings.issuer, external=True))
        if told.get("issuer") != self.settings.issuer:
            raise failures.not_trusted(self.label)
        found = {name: told.get(name) for name in (*NEEDED, "userinfo_endpoint")}
        if not all(_is_secure(found[name]) for name in NEEDED):
            raise failures.down(self.label)
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return {**found, "methods": [str(method) for method in methods]}

    def _client(self, metadata: Mapping[str, Any], redirect_uri: str) -> Any:
        return OAuth2Client(
            Session(),
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            token_endpoint_auth_method=self._method(metadata["methods"]),
            scope=f"{SCOPE} address" if self.settings.asks_region else SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _method(self, methods: Sequence[str]) -> str:
        """How we say who we are; a client without a secret is a public one."""
        if not self.settings.client_secret:
            return "none"
        return "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"

    def _token(self, metadata: Mapping[str, Any], code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        """What the code is worth: it is good once."""
        try:
            token: Mapping[str, Any] = self._client(metadata, redirect_uri).fetch_token(
                metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except Failure as failure:
            raise failures.down(self.label, failure) from failure
        except OAuth2Error as error:
            if error.error == "invalid_grant":
                raise failures.code_spent(self.label) from error
            log.warning("%s refuses us at its token endpoint: %s", self.name, str(error.error)[:80])
            raise failures.down(self.label) from error
        except (ValueError, TypeError) as error:
            raise failures.down(self.label) from error
        if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
            raise failures.not_trusted(self.label)
        return token

    def _claims(
        self, metadata: Mapping[str, Any], token: Mapping[str, Any], expected: Expected, at: datetime
    ) -> Mapping[str, Any]:
        """What the ID token says, and beside it what the provider tells only when asked."""
        keys = self._asked(metadata["jwks_uri"])
        try:
            claims = id_tokens.read(token["id_token"], keys, expected, at)
        except id_tokens.WrongTime as error:
            raise failures.clocks_differ(self.label) from error
        except id_tokens.Untrusted as error:
            raise failures.not_trusted(self.label) from error
        if "email" in claims or not _is_secure(metadata.get("userinfo_endpoint")):
            return claims
        told = self._asked(metadata["userinfo_endpoint"], {"Authorization": f"Bearer {expected.access_token}"})
        if told.get("sub") != claims["sub"]:  # Core 1.0, section 5.3.2: else it speaks of somebody else
            raise failures.not_trusted(self.label)
        return {**told, **claims}

    def _proven(self, claims: Mapping[str, Any]) -> Proven:
        subject = str(claims["sub"])
        if not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
            raise failures.not_trusted(self.label)
        name = next((str(claims[key]) for key in ("name", "nickname", "preferred_username") if claims.get(key)), "")
        return Proven(
            provider=self.name,
            issuer=self.settings.issuer,
            subject=subject,
            name=name,
            email=str(claims.get("email") or ""),
            email_verified=claims.get("email_verified") is True,
            told=_told(claims),
        )

    def _asked(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object of the provider's."""
        if not _is_secure(address):
            raise failures.down(self.label)
        try:
            answer = fetch("GET", address, headers={"Accept": "application/json", **(headers or {})}, seconds=SECONDS)
            found = answer.json() if answer.ok and _is_secure(answer.url) else None
        except Failure as failure:
            raise failures.down(self.label, failure) from failure
        if not isinstance(found, dict):
            raise failures.down(self.label)
        return found


def _told(claims: Mapping[str, Any]) -> dict[str, str]:
    """What the claims say of the person beyond who it is (Core 1.0, section 5.1): the day of birth, and where the person lives."""
    address = claims.get("address")
    lives = address if isinstance(address, Mapping) else {}
    found = {"birthdate": claims.get("birthdate"), "region": lives.get("region"), "country": lives.get("country")}
    return {name: value[:LONGEST_TOLD] for name, value in found.items() if isinstance(value, str) and value}


def _is_secure(address: object) -> bool:
    """https; plain http only where the administrator of this house has allowed it (OUTBOUND_ALLOW)."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        place = (parts.hostname or "", parts.port or 80)
    except ValueError:
        return False
    policy: Policy = current_app.extensions["outbound"]
    return bool(place[0]) and (parts.scheme == "https" or (parts.scheme == "http" and place in policy.allowed))
