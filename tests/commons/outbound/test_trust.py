"""Secure connections: the certificate is checked against the name that was asked for."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from commons.outbound import Policy, Unreachable, fetch
from commons.outbound.failures import distrusted
from tests.commons.outbound.far_end import far_end, says
from tests.commons.outbound.test_door import app

__all__ = ["app"]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for tea.example that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tea.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("tea.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "tea.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "reached"),
    [("tea.example", True, True), ("tea.example", False, False), ("coffee.example", True, False)],
    ids=["trusted", "signed by nobody we know", "made out to somebody else"],
)
def test_only_a_trusted_certificate_for_the_name_asked_for_is_good(
    app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, reached: bool
) -> None:
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: real("127.0.0.1" if "example" in host else host, *rest, **more),
    )

    with far_end(says(b"secret leaf"), secure=ours) as server:
        trust = ssl.create_default_context(cafile=str(certificate)) if trusted else None
        app.extensions["outbound"] = Policy(frozenset({("127.0.0.1", server.port)}), trust)
        url = f"https://{host}:{server.port}/"
        if reached:
            assert fetch("GET", url).body == b"secret leaf"
        else:
            with pytest.raises(Unreachable) as failure:
                fetch("GET", url)
            assert failure.value.message == distrusted(host).message
            assert not server.requests
