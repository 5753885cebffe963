"""Joins and merges in words: on the timeline, in the audit log, and to the fan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.members.merging.models import Proof

FACTS = {
    "handle.joined": _l("A handle on %(channel)s was joined"),
    "handle.split": _l("A handle on %(channel)s was split off"),
    "member.merged": _l("Another membership of the same person was merged into this one"),
    "member.split": _l("A merged membership was split off again"),
}
KINDS = {
    "handle.joined": _l("Handle joined"),
    "handle.split": _l("Handle split off"),
    "member.merged": _l("Memberships merged"),
    "member.split": _l("Memberships split"),
}
AUDIT = {
    "handle.joined": _l("Joined a handle on %(channel)s to a member: %(reason)s"),
    "handle.split": _l("Split a handle on %(channel)s off a member: %(reason)s"),
    "member.merged": _l("Merged two members: %(reason)s"),
    "member.split": _l("Split two merged members: %(reason)s"),
}
NOTICES = {
    "member.merged": _l("Your two memberships are one now. Nothing is lost; see what belongs to you."),
    "member.split": _l("Two memberships that were one are apart again; see what belongs to you."),
}
TOPICS = {"member": _l("Your membership")}
PROOFS = {
    Proof.NETWORK: _l("signed in with the network"),
    Proof.CODE: _l("a code posted there"),
    Proof.BOTH_ACCOUNTS: _l("signed in with both accounts"),
    Proof.STAFF: _l("the team says so"),
}


def fact_words() -> Mapping[str, Any]:
    return FACTS


def kind_words() -> Mapping[str, Any]:
    return KINDS


def audit_words() -> Mapping[str, Any]:
    return AUDIT


def notice_words() -> Mapping[str, Any]:
    return NOTICES


def topics() -> Mapping[str, Any]:
    return TOPICS


def proof_words(proof: Proof) -> str:
    return str(PROOFS[proof])
