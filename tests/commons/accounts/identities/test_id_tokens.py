"""What an ID token must be before it is believed: tokens that a provider could send, and should not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from commons.accounts.identities.id_tokens import Expected, Untrusted, WrongTime, read

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, OTHERS = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
KEYS = KeySet([KEY]).as_dict()
EXPECTED = Expected("https://login.example", "quanzi", "once", "the access token")


def token(key: Any = KEY, alg: str = "RS256", **changes: Any) -> str:
    """A good token, with `changes` to its claims; None leaves a claim out."""
    claims: dict[str, Any] = {
        "iss": "https://login.example",
        "aud": "quanzi",
        "sub": "xiaoman",
        "nonce": "once",
        "iat": int(AT.timestamp()),
        "exp": int((AT + timedelta(hours=1)).timestamp()),
    }
    told = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": key.ensure_kid() or key.kid}, told, key, algorithms=[alg])


def test_a_good_token_is_believed() -> None:
    assert read(token(), KEYS, EXPECTED, AT)["sub"] == "xiaoman"


def test_elliptic_curves_are_understood_beside_keys_that_are_not() -> None:
    key = ECKey.generate_key("P-256")
    keys = {"keys": [{"kty": "of the future"}, "nonsense", *KeySet([key]).as_dict()["keys"]]}

    assert read(token(key, "ES256"), keys, EXPECTED, AT)["sub"] == "xiaoman"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody else"},
        {"aud": ["somebody else", "a third"]},
        {"aud": ["quanzi", "somebody else"], "azp": "somebody else"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "of another access token"},
    ],
    ids=str,
)
def test_a_token_for_another_sign_in_is_not(changes: dict[str, Any]) -> None:
    with pytest.raises(Untrusted):
        read(token(**changes), KEYS, EXPECTED, AT)


def test_a_signature_of_another_key_is_not() -> None:
    with pytest.raises(Untrusted):
        read(token(OTHERS), KEYS, EXPECTED, AT)


def test_a_secret_that_both_sides_know_signs_nothing() -> None:
    secret = OctKey.generate_key(256)
    with pytest.raises(Untrusted):
        read(token(secret, "HS256"), KeySet([secret]).as_dict(private=True), EXPECTED, AT)


@pytest.mark.parametrize("text", ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4aWFvbWFuIn0.", "圈子", "x" * 200_000])
def test_nonsense_is_not(text: str) -> None:
    with pytest.raises(Untrusted):
        read(text, KEYS, EXPECTED, AT)


@pytest.mark.parametrize("keys", [None, [], {}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "RSA"}]}], ids=str)
def test_keys_that_make_no_sense_prove_nothing(keys: object) -> None:
    with pytest.raises(Untrusted):
        read(token(), keys, EXPECTED, AT)


@pytest.mark.parametrize("minutes", [-2, 0, 61])
def test_clocks_may_differ_a_little(minutes: int) -> None:
    assert read(token(), KEYS, EXPECTED, AT + timedelta(minutes=minutes))["sub"] == "xiaoman"


@pytest.mark.parametrize("minutes", [-3, 63])
def test_clocks_may_not_differ_much(minutes: int) -> None:
    with pytest.raises(WrongTime):
        read(token(), KEYS, EXPECTED, AT + timedelta(minutes=minutes))
