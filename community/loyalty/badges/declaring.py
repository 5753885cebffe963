"""Declaring a badge, and retiring one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from commons import events, jobs
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Invalid
from commons.i18n import Words
from community.loyalty.badges.deserving import Terms
from community.loyalty.badges.models import Badge
from community.loyalty.rules import details, fairness

MOTIFS = ("cup", "leaf", "flame", "chain", "bubble", "people", "star", "seal", "moon", "mountain")
TONES = ("vermilion", "tea", "amber", "indigo", "plum")
LEVEL = "level.reached"


@dataclass(frozen=True)
class Draft:
    """A badge as somebody wishes it."""

    name: Words
    words: Words
    motif: str
    tone: str
    kind: str
    terms: Terms


def objection(kind: str) -> str:
    """Why no badge may stand for facts of this kind; empty: one may. Levels may: they bring a badge, a badge brings no level."""
    return "" if kind == LEVEL else str(fairness.objection(kind, {}) or "")


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of facts that a badge may stand for, those first that come most often."""
    return [(kind.code, kind.name) for kind in details.kinds() if not objection(kind.code)]


def declare(draft: Draft, *, by: User, at: datetime) -> Badge:
    """A new badge; whoever deserves it by what is past gets it soon after."""
    if draft.kind != LEVEL:
        fairness.check(draft.kind, {name: str(value) for name, value in draft.terms.only.items()})
    if draft.terms.days > draft.terms.times:
        raise Invalid(
            _l("Facts on more days than there are facts: nobody could ever get this badge."),
            _l("Ask for at least as many facts as days."),
        )
    badge = Badge(
        code=f"badge-{random_id()}", name=draft.name, words=draft.words, motif=draft.motif, tone=draft.tone,
        event_kind=draft.kind, times=draft.terms.times, days=draft.terms.days, in_a_row=draft.terms.in_a_row,
        evidence=draft.terms.evidence, only=dict(draft.terms.only), created_at=at, made_by_id=by.id,
    )  # fmt: skip
    db.session.add(badge)
    db.session.flush()
    _note("declared", badge, by, at)
    jobs.send("badges.backfill", badge_id=badge.id, after_id=0)
    return badge


def retire(badge: Badge, *, by: User, at: datetime) -> bool:
    """Grant it to nobody any more; whoever has it keeps it. False if it was retired already."""
    if badge.retired_at is not None:
        return False
    badge.retired_at = at
    _note("retired", badge, by, at)
    return True


def revive(badge: Badge, *, by: User, at: datetime) -> bool:
    """Grant it again, also for what was done meanwhile."""
    if badge.retired_at is None:
        return False
    badge.retired_at = None
    _note("revived", badge, by, at)
    jobs.send("badges.backfill", badge_id=badge.id, after_id=0)
    return True


def _note(what: str, badge: Badge, by: User, at: datetime) -> None:
    payload = {"badge": {"zh": badge.name.zh, "en": badge.name.en}}
    key = f"loyalty.badge_{what}:{badge.id}:{at.isoformat()}"
    events.track(f"loyalty.badge_{what}", key=key, at=at, actor_id=by.id, subject=badge, payload=payload)
