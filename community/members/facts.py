"""Facts about a member, in words and as a timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.events import Event, Evidence
from commons.i18n import Words
from commons.paging import Page, page_of
from community.members import slots
from community.members.models import Member

PAGE = 20

EVIDENCE = {
    Evidence.NETWORK: _l("seen by the network"),
    Evidence.TRACKED_LINK: _l("by a tracked link"),
    Evidence.STAFF: _l("noted by staff"),
    Evidence.SELF_DECLARED: _l("by one's own word"),
}

SENTENCES = {
    "member.joined": _l("Joined the circle"),
    "interaction.comment": _l("Wrote a comment"),
    "interaction.mention": _l("Mentioned the brand"),
    "interaction.repost": _l("Reposted a post"),
    "interaction.like": _l("Liked a post"),
    "interaction.share": _l("Shared a post"),
    "interaction.direct_message": _l("Sent a direct message"),
}

KINDS = {
    "member.joined": _l("Joining the circle"),
    "interaction.comment": _l("Comment"),
    "interaction.mention": _l("Mention"),
    "interaction.repost": _l("Repost"),
    "interaction.like": _l("Like"),
    "interaction.share": _l("Share"),
    "interaction.direct_message": _l("Direct message"),
}


def timeline(member: Member, page: int = 1) -> Page[Event]:
    """The member's facts, newest first."""
    query = select(Event).where(Event.member_id == member.id).order_by(Event.occurred_at.desc(), Event.id.desc())
    return page_of(query, page, PAGE)


def say(fact: Event) -> str:
    """The fact as a sentence without subject: what the member did, or what happened to the member."""
    sentence = _table(slots.fact_words, SENTENCES).get(fact.kind)
    if sentence is None:
        return str(_("Something of the kind “%(kind)s”", kind=fact.kind))
    return str(sentence) % _values(fact.payload)


def name_of(kind: str) -> str:
    """What facts of this kind are called in a list."""
    return str(_table(slots.kind_words, KINDS).get(kind, kind))


def kinds() -> dict[str, str]:
    """Every kind of fact that has a name, and the name."""
    return {kind: str(name) for kind, name in _table(slots.kind_words, KINDS).items()}


def evidence_words(evidence: Evidence) -> str:
    return str(EVIDENCE[evidence])


def _table(slot: Any, own: Mapping[str, Any]) -> dict[str, Any]:
    table = dict(own)
    for plug in slot:
        table |= plug()
    return table


def _values(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payload for a sentence: names in both languages become the reader's, what is missing becomes a dash."""
    return defaultdict(lambda: "–", {key: _value(value) for key, value in payload.items()})


def _value(value: Any) -> Any:
    return str(Words(**value)) if isinstance(value, dict) and value.keys() == {"zh", "en"} else value
