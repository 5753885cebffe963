"""What becomes of participation when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from campaigns.participation.answering.models import MissionAnswer
from campaigns.participation.counts import goals, scoring
from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.noting import note
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.participation.persons.models import PersonAccount, PersonGroup
from campaigns.participation.scanning.models import Scan
from campaigns.participation.sharing.models import ShareProof
from commons.db import db
from community.members.merging.models import Merge, MergedRow
from community.members.merging.moving import Carries, Moves, Stays, Values
from community.members.models import Member


def rules() -> Sequence[Moves | Stays | Carries]:
    """For every table of the room that names a member."""
    return (
        Moves(
            Participant.member_id,
            _l("Campaigns"),
            once_for=(Participant.campaign_id,),
            blend=_earlier,
            both=_l("Taking part once, since the earlier day."),
        ),
        Moves(MissionFact.member_id, _l("Steps of missions"), fact=MissionFact.event_id),
        Moves(
            Fulfilment.member_id,
            _l("Missions fulfilled"),
            once_for=(Fulfilment.mission_id,),
            both=_l("Fulfilled once; what both have earned by it stays."),
        ),
        Moves(MissionEntry.member_id, _l("Works handed in for missions")),
        Moves(
            MissionAnswer.member_id,
            _l("Answers to questions of missions"),
            once_for=(MissionAnswer.mission_id,),
            both=_l("The kept member's answer stands."),
        ),
        Moves(Scan.member_id, _l("Places scanned"), once_for=(Scan.place_id,), both=_l("Each place counts once.")),
        Moves(ShareProof.member_id, _l("Proofs of shares")),
        Moves(
            Exclusion.member_id,
            _l("Kept out of campaigns"),
            once_for=(Exclusion.campaign_id,),
            both=_l("Kept out once."),
        ),
        Stays(PersonAccount.member_id, "the evidence is about the accounts as they were"),
        Stays(PersonGroup.counts_id, "as it was decided about the accounts"),
        Carries((), carry=_count_together, give_back=_count_apart, part=_count_parted),
    )


def _count_together(merge: Merge, to_id: int, _key: str, _at: datetime) -> None:
    """How far each of the two is follows the facts that went along."""
    _follow([merge.other_id, to_id])


def _count_apart(merge: Merge, holder: Member, _at: datetime) -> None:
    """Days that `_earlier` had changed are what they were, and count as such again."""
    query = select(MergedRow).where(
        MergedRow.merge_id == merge.id, MergedRow.table_name == Participant.__tablename__, ~MergedRow.went
    )
    for change in db.session.scalars(query):
        row = db.session.get(Participant, change.row_id)
        was = datetime.fromisoformat(change.was["joined_at"])
        if row is not None and row.joined_at == was:
            note(row.campaign_id, Measure.JOINED, datetime.fromisoformat(change.became["joined_at"]), -1)
            note(row.campaign_id, Measure.JOINED, was)
    _follow([merge.other_id, holder.id])


def _count_parted(from_id: int, to_id: int, _key: str, _at: datetime) -> None:
    _follow([from_id, to_id])


def _follow(member_ids: Sequence[int]) -> None:
    scoring.settle_all(member_ids)
    goals.doubt(member_ids)


def _earlier(kept: Participant, other: Participant, _at: datetime) -> tuple[Values, Values]:
    """The first fact that counted is the earlier of the two."""
    if kept.joined_at <= other.joined_at:
        return {}, {}
    note(kept.campaign_id, Measure.JOINED, kept.joined_at, -1)
    note(kept.campaign_id, Measure.JOINED, other.joined_at)
    return {"joined_at": other.joined_at, "event_id": other.event_id}, {}
