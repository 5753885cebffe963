"""What becomes of participation when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from campaigns.participation.models import Fulfilment, MissionFact, Participant
from community.members.merging.moving import Moves, Values


def rules() -> Sequence[Moves]:
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
    )


def _earlier(kept: Participant, other: Participant, _at: datetime) -> tuple[Values, Values]:
    """The first fact that counted is the earlier of the two."""
    if kept.joined_at <= other.joined_at:
        return {}, {}
    return {"joined_at": other.joined_at, "event_id": other.event_id}, {}
