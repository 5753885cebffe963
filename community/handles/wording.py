"""The words of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.inbox.wording import channel_word
from community.members.merging.models import Proof

PROOF_WORDS = {
    Proof.NETWORK: _l("by signing in there"),
    Proof.CODE: _l("by a code posted there"),
}


def proof_words(proof: Proof) -> str:
    """How the fan has proven a handle."""
    return str(PROOF_WORDS[proof])


def notices() -> Mapping[str, Any]:
    return {"handle.code_seen": _l("Somebody has posted your code. Say whether that was you.")}


def topics() -> Mapping[str, Any]:
    return {"handle": _l("My handles")}


def joined(channel: str, name: str) -> str:
    words = _(
        "%(name)s on %(place)s is yours: what you do there counts for you here.", name=name, place=channel_word(channel)
    )
    return str(words)
