"""The signature of a call is what docs/links.md tells shops, and says all that it covers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from commons.calls.signing import Call, CallRefused, signed


def test_it_is_hmac_sha256_over_key_moment_name_and_body() -> None:
    digest = hmac.new(b"secret", b"key.1772366400.A-1.{}", hashlib.sha256).digest()

    assert signed("secret", "key", "1772366400", "A-1", b"{}") == "v1," + base64.b64encode(digest).decode()


def test_a_call_is_signed_with_the_moment_at_which_it_is_made() -> None:
    call = Call.sign("secret", "key", "A-1", b"{}", datetime(2026, 3, 1, 12, tzinfo=UTC))

    assert (call.timestamp, call.signature) == ("1772366400", signed("secret", "key", "1772366400", "A-1", b"{}"))


def test_every_part_that_is_signed_changes_the_signature() -> None:
    parts = ("key", "1", "A-1", b"{}")
    others = [
        ("other", "1", "A-1", b"{}"),
        ("key", "2", "A-1", b"{}"),
        ("key", "1", "B", b"{}"),
        ("key", "1", "A-1", b"[]"),
    ]

    assert len({signed("secret", *parts), *(signed("secret", *other) for other in others)}) == 5


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(CallRefused) as refusal:
        Call("key", "1", "A-1", "v1,", body).said()

    assert refusal.value.name == "not_json"
