"""Asking the mirrors of the beacon for a round. Whoever answers need not be trusted: the signature is proven here."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import current_app
from flask_babel import gettext as _

from campaigns.draws.beacon import Chain, Forged
from commons import outbound
from commons.outbound import Failure

log = logging.getLogger(__name__)

SECONDS = 6.0
MOST_BYTES = 4096


class NoRound(Failure):
    """No mirror gave a round that can be proven. The same round is asked for again later, never another one."""


def signature_of(chain: Chain, number: int) -> str:
    """The proven signature of the round, from the first mirror that has it. Raises `NoRound`."""
    for mirror in current_app.extensions["settings"].drand_mirrors:
        try:
            return _from(mirror, chain, number)
        except (Failure, Forged) as failure:
            log.warning("no round %s from %s: %s", number, mirror, failure)
    raise NoRound(_("No mirror of the beacon gave round %(number)s yet.", number=str(number)))


def _from(mirror: str, chain: Chain, number: int) -> str:
    address = f"{mirror}/{chain.hash}/public/{number}"
    answer = outbound.fetch("GET", address, seconds=SECONDS, byte_cap=MOST_BYTES)
    found = answer.json() if answer.ok else None
    if not isinstance(found, Mapping) or not isinstance(signature := found.get("signature"), str):
        raise Forged(f"round {number}: the answer {answer.status} holds no signature")
    chain.randomness(number, signature)
    return signature
