"""Proofs of shares read back: the team's list, and the same as a table file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.models import Campaign, Mission
from commons.db import db


def of_campaign(campaign: Campaign, outcome: Outcome | None) -> Select[ShareProof]:
    """What was handed in for the campaign's missions, of one outcome or of all, the newest first."""
    query = select(ShareProof).join(ShareProof.mission).where(Mission.campaign_id == campaign.id)
    if outcome is not None:
        query = query.where(ShareProof.outcome == outcome)
    loaded = joinedload(ShareProof.member), joinedload(ShareProof.picture), joinedload(ShareProof.mission)
    return query.order_by(ShareProof.id.desc()).options(*loaded)


def rows(campaign: Campaign, outcome: Outcome | None) -> Iterator[Sequence[object]]:
    """The list as a table file, the heading first; times in UTC."""
    yield "fan", "name", "mission", "address", "has_picture", "outcome", "reason", "handed_in_at", "decided_at"
    for one in db.session.scalars(of_campaign(campaign, outcome)):
        yield (
            one.member.public_id, one.member.name, one.mission.title, one.address, one.picture_id is not None,
            one.outcome.value, one.reason, one.handed_in_at.isoformat(), one.decided_at.isoformat() if one.decided_at else "",
        )  # fmt: skip
