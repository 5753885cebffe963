"""Reading an ID token (OpenID Connect Core 1.0, section 3.1.3.7): who signed it, for whom, when, and for which sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

# Signatures that only the holder of a private key can make: never "none", never a secret that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY = 120
OF_TIME = frozenset({"exp", "nbf", "iat"})


class Untrusted(Exception):
    """The token is not what was asked for."""


class WrongTime(Exception):
    """The token would be good at another time."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token must say. `access_token` is the one that came with it."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str


def read(token: str, keys: object, expected: Expected, at: datetime) -> Mapping[str, Any]:
    """The claims of a token that is all that it should be; `keys` is the provider's key set as JSON.

    Clocks may differ by `LEEWAY` seconds. Raises `Untrusted`, `WrongTime`.
    """
    try:
        signed = jwt.decode(
            token, _key_set(keys), registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        )
        claims: Mapping[str, Any] = _checked(signed, expected, at)
    except ExpiredTokenError as error:
        raise WrongTime from error
    except ClaimError as error:
        raise (WrongTime if error.claim in OF_TIME else Untrusted) from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Untrusted from error
    return claims


def _key_set(keys: object) -> KeySet:
    found = keys.get("keys") if isinstance(keys, Mapping) else None
    if not isinstance(found, list):
        raise Untrusted
    return KeySet.import_key_set({"keys": [key for key in found if isinstance(key, dict)]})


def _checked(signed: jwt.Token, expected: Expected, at: datetime) -> Any:
    must: dict[str, Any] = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
    }
    also = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    claims = CodeIDToken(signed.claims, signed.header, must, also)
    claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    return claims
