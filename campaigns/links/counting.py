"""Writing visits down: duplicates told apart, and a fact for each visit that a fan's link brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from campaigns.links.models import Hit, Link, Verdict
from campaigns.links.verdicts import SAME_VISIT
from commons import events
from commons.db import db, insert_new
from commons.events import Evidence
from community.members import roster
from community.members.merging import finding


def write_visits(rows: Sequence[dict[str, Any]]) -> int:
    """Write spooled visits, oldest first, each once however often it is given; the number that were new. Flushes only."""
    visits = sorted((_parsed(row) for row in rows), key=lambda visit: (visit["occurred_at"], visit["uid"]))
    known = _hold({visit["link_id"] for visit in visits})
    last_seen = _last_seen(visits)
    fresh = 0
    for visit in visits:
        if visit["link_id"] in known and _write_one(visit, last_seen):
            fresh += 1
    return fresh


def _hold(link_ids: set[int]) -> set[int]:
    """Those of the links that exist, held until the commit: who writes beside us must see who has been here."""
    query = select(Link.id).where(Link.id.in_(link_ids)).order_by(Link.id)
    return set(db.session.scalars(query.with_for_update(key_share=True)))


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "occurred_at": datetime.fromisoformat(row["occurred_at"]), "verdict": Verdict(row["verdict"])}


def _last_seen(visits: Sequence[dict[str, Any]]) -> dict[tuple[int, str], datetime]:
    """When each visitor of this batch was last seen as a human on each link, before the batch."""
    if not visits:
        return {}
    query = (
        select(Hit.link_id, Hit.visitor, func.max(Hit.occurred_at))
        .where(
            Hit.visitor.in_({visit["visitor"] for visit in visits}),
            Hit.link_id.in_({visit["link_id"] for visit in visits}),
            Hit.verdict == Verdict.HUMAN,
            Hit.occurred_at >= visits[0]["occurred_at"] - SAME_VISIT,
        )
        .group_by(Hit.link_id, Hit.visitor)
    )
    return {(link_id, visitor): seen for link_id, visitor, seen in db.session.execute(query)}


def _write_one(visit: dict[str, Any], last_seen: dict[tuple[int, str], datetime]) -> bool:
    who = (visit["link_id"], visit["visitor"])
    if visit["verdict"] is Verdict.HUMAN:
        if who in last_seen and visit["occurred_at"] - last_seen[who] < SAME_VISIT:
            visit["verdict"] = Verdict.DUPLICATE
        else:
            last_seen[who] = visit["occurred_at"]
    done = insert_new(Hit, visit)
    if done is not None and visit["verdict"] is Verdict.HUMAN:
        _tell(visit)
    return done is not None


def _tell(visit: dict[str, Any]) -> None:
    """A person came by a fan's link: that is a fact of the fan, unless he came himself."""
    link = db.session.get_one(Link, visit["link_id"])
    visitor = roster.by_account(visit["user_id"]) if visit["user_id"] is not None else None
    if link.member is None or link.member.erased_at is not None or finding.self_of(link.member) is visitor:
        return
    by = {"by_member_id": visitor.id} if visitor is not None else {}  # then it is known who stands behind the visit
    events.track(
        "link.visited",
        key=f"hit:{visit['uid']}",
        at=visit["occurred_at"],
        member_id=link.member_id,
        subject=link,
        campaign_id=link.campaign_id,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": link.slug, "post_id": link.post_id, "visitor": visit["visitor"]} | by,
    )
