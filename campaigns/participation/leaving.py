"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from campaigns.participation import reading
from campaigns.participation.answering.models import MissionAnswer
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.participation.scanning.models import Scan
from campaigns.participation.sharing.models import ShareProof
from commons.accounts.models import User
from commons.db import changed, db
from commons.media.usage import let_go
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Campaigns that the person takes part in, missions, and what was handed in for them and decided about it."""
    member = member_of(user)
    if member is None:
        return {"campaigns": [], "missions": []}
    return {
        "campaigns": [
            {"title": found.campaign.title, "since": found.joined_at.isoformat()}
            for found, _done in reading.taken_part_in(member)
        ],
        "missions": [
            {"title": done.mission.title, "fulfilled_at": done.fulfilled_at.isoformat()}
            for done in reading.fulfilments_of(member)
        ],
        "mission_steps": [
            {"title": mission.title, "at": at.isoformat(), "taken_back_at": undone.isoformat() if undone else None}
            for mission, at, undone in reading.steps_of(member)
        ],
        "mission_works": [
            {"title": one.mission.title, "at": one.handed_in_at.isoformat(), "featured": one.featured_at is not None}
            for one in db.session.scalars(_of(MissionEntry, member))
        ],
        **_handed_in(member),
        **_decided(member),
    }


def erase(user: User, at: datetime) -> None:
    """Answers, proofs with their pictures, appeals, and names in what was seen of accounts go; that somebody took part stays
    a number.
    """
    member = member_of(user)
    if member is None:
        return
    changed(update(MissionAnswer).where(MissionAnswer.member_id == member.id).values(text=""))
    for proof in db.session.scalars(_of(ShareProof, member)):
        if proof.picture is not None:
            let_go(proof.picture, at)
    changed(delete(ShareProof).where(ShareProof.member_id == member.id))
    changed(update(Exclusion).where(Exclusion.member_id == member.id).values(appeal=""))
    groups = select(PersonGroup).join(PersonGroup.people).where(PersonAccount.member_id == member.id)
    for group in db.session.scalars(groups).unique():
        group.evidence = [{**kept, "shown": {}} for kept in group.evidence]
    db.session.flush()


def _handed_in(member: Member) -> dict[str, Any]:
    return {
        "mission_answers": [
            {"title": one.mission.title, "choice": one.choice, "text": one.text, "at": one.answered_at.isoformat()}
            for one in db.session.scalars(_of(MissionAnswer, member))
        ],
        "mission_scans": [
            {"place": one.place.name, "at": one.scanned_at.isoformat()} for one in db.session.scalars(_of(Scan, member))
        ],
        "share_proofs": [
            {
                "address": one.address,
                "picture": one.picture.url() if one.picture else None,
                "outcome": one.outcome.value,
                "reason": one.reason,
                "at": one.handed_in_at.isoformat(),
            }
            for one in db.session.scalars(_of(ShareProof, member))
        ],
    }


def _decided(member: Member) -> dict[str, Any]:
    same = select(func.count()).select_from(PersonAccount).join(PersonGroup, PersonGroup.id == PersonAccount.group_id)
    selves = finding.selves_of(member)
    same = same.where(PersonAccount.member_id.in_(selves))
    counting = select(func.count()).where(PersonGroup.counts_id.in_(selves))
    return {
        "kept_out_of_campaigns": [
            {
                "title": one.campaign.title,
                "code": one.code.value,
                "reason": one.sentence,
                "at": one.at.isoformat(),
                "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
                "appeal": one.appeal,
                "answer": one.answer,
            }
            for one in excluding.of_member(member)
        ],
        "looked_at_as_one_of_several_accounts": db.session.scalar(same) or 0,
        "counts_for_several_accounts": db.session.scalar(counting) or 0,
        "decided_to_be_one_person": db.session.scalar(same.where(PersonGroup.decision == Decision.SAME)) or 0,
    }


def _of(model: Any, member: Member) -> Any:
    return select(model).where(model.member_id == member.id).order_by(model.id)
