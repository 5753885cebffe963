"""Facts become chains: who was brought by whom, and the fact that somebody brought people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from campaigns.chains.models import Bringing, RewardDepth, Way, scope_of
from campaigns.links.models import Link
from commons import events
from commons.db import db, insert_new
from commons.events import Event, Evidence
from community.members.models import Member

WAYS = {
    "member.came_by_link": Way.LINK,
    "invitation.accepted": Way.INVITATION,
    "link.visited": Way.LINK,
    "group_buy.joined": Way.GROUP_BUY,
}
INTO_THE_CIRCLE = frozenset({"member.came_by_link", "invitation.accepted"})


@dataclass(frozen=True)
class Step:
    """Somebody was brought by somebody."""

    member_id: int
    by_member_id: int


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream. Whoever came by the personal link or the code of a member was brought by that member."""
    for fact in facts:
        step = _step(fact) if fact.kind in WAYS else None
        if step is None or step.member_id == step.by_member_id:
            continue
        if fact.kind in INTO_THE_CIRCLE:
            _bring(step, None, fact)
        if fact.campaign_id is not None:
            _bring(step, fact.campaign_id, fact)


def reward_depth() -> int:
    """Up to how many steps away somebody counts as brought: 1 unless the team decided otherwise."""
    newest = select(RewardDepth.depth).order_by(RewardDepth.id.desc()).limit(1)
    return db.session.scalar(newest) or 1


def _step(fact: Event) -> Step | None:
    other = fact.payload.get("by_member_id")
    if fact.kind == "link.visited":  # a fact of the one whose link it is; the visitor is known where signed in
        return Step(other, fact.member_id) if other is not None and fact.member_id is not None else None
    if fact.kind == "group_buy.joined":
        other = _owner_of(fact.payload.get("link"))
    return Step(fact.member_id, other) if fact.member_id is not None and other is not None else None


def _owner_of(slug: str | None) -> int | None:
    """The member whose personal link on the house's own domain this is."""
    if not slug:
        return None
    return db.session.scalar(select(Link.member_id).where(Link.slug == slug, Link.domain_id.is_(None)))


def _bring(step: Step, campaign_id: int | None, fact: Event) -> None:
    """Write the step down, unless the member is in that chain already, brought or bringing: so no chain bites its tail."""
    scope = scope_of(campaign_id)
    if db.session.scalar(select(exists().where(Bringing.scope == scope, Bringing.by_member_id == step.member_id))):
        return
    row = {
        "scope": scope,
        "campaign_id": campaign_id,
        "member_id": step.member_id,
        "by_member_id": step.by_member_id,
        "way": WAYS[fact.kind],
        "event_id": fact.id,
        "brought_at": fact.occurred_at,
    }
    if insert_new(Bringing, row) is not None and campaign_id is None:
        _tell(step, fact)


def _tell(step: Step, fact: Event) -> None:
    """A fact for whoever brought the new one into the circle, and for those before him as far as is rewarded."""
    bringer: int | None = step.by_member_id
    for depth in range(1, reward_depth() + 1):
        if bringer is None or bringer == step.member_id:
            return
        if db.session.get_one(Member, bringer).erased_at is None:
            events.track(
                "chain.brought",
                key=f"chain.brought:{step.member_id}:{depth}",
                at=fact.occurred_at,
                member_id=bringer,
                evidence=Evidence.TRACKED_LINK,
                payload={"by_member_id": step.member_id, "depth": depth},
            )
        above = select(Bringing.by_member_id).where(Bringing.scope == scope_of(None), Bringing.member_id == bringer)
        bringer = db.session.scalar(above)
