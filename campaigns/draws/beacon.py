"""The public beacon: drand's quicknet, a signature of many organisations every three seconds. Pure.

Its scheme is bls-unchained-g1-rfc9380: the message is SHA-256 of the round as eight bytes, the signature a point of G1, the
key one of G2, and the random value SHA-256 of the signature. No round can be known before its moment, nor chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


class Forged(ValueError):
    """The signature is not the beacon's for this round."""


@dataclass(frozen=True)
class Chain:
    """A beacon: the hash it goes by, its public key, the moment of round 1 and the time between rounds (Unix seconds)."""

    name: str
    hash: str
    public_key: str
    genesis: int
    period: int

    def moment_of(self, number: int) -> datetime:
        """When the round comes out."""
        return datetime.fromtimestamp(self.genesis + (number - 1) * self.period, UTC)

    def round_at(self, moment: datetime) -> int:
        """The first round that comes out at `moment` or after it; rounds begin with 1."""
        passed = moment - datetime.fromtimestamp(self.genesis, UTC)
        return max(1, 1 - (-passed // timedelta(seconds=self.period)))

    def randomness(self, number: int, signature: str) -> str:
        """The random value of the round, once its signature is proven. Raises `Forged`."""
        try:
            point = bytes.fromhex(signature)
            genuine = _is_signed(bytes.fromhex(self.public_key), _message(number), point)
        except ValueError as error:
            raise Forged(f"round {number}: not a signature") from error
        if not genuine:
            raise Forged(f"round {number}: signed by somebody else, or another round")
        return sha256(point).hexdigest()


QUICKNET = Chain(
    name="drand quicknet",
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1692803367,
    period=3,
)


def _message(number: int) -> bytes:
    return sha256(number.to_bytes(8, "big")).digest()


def _is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """e(signature, g₂) = e(H(message), key): as one product of two pairings that must be one. ValueError for no points."""
    from py_arkworks_bls12381 import GT, G1Point, G2Point  # only a worker that draws needs it in memory

    hashed = G1Point.hash_to_curve(message, DOMAIN)
    points = [G1Point.from_compressed_bytes(signature), -hashed]
    return GT.pairing_check(points, [G2Point(), G2Point.from_compressed_bytes(public_key)])
