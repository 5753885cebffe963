"""The push service opens what RFC 8291 itself gives as an example."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers.push import opened, unb64

# RFC 8291, 5 and Appendix A.
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_it_opens_the_message_of_the_document() -> None:
    secret = ec.derive_private_key(int.from_bytes(unb64(PRIVATE), "big"), ec.SECP256R1())

    assert opened(unb64(BODY), secret, unb64(AUTH)) == b"When I grow up, I want to be a watermelon"
