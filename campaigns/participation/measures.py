"""What goals of a campaign can be set for, as far as participation knows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.goals import FULFILLED
from campaigns.participation.counts.models import Measure as Kept
from campaigns.participation.entries.handing_in import ACCEPTED, TAKEN_BACK
from campaigns.planning.measures import Facts
from campaigns.planning.models import PARTICIPANTS, Campaign
from campaigns.planning.slots import Measure


def measures() -> Sequence[Measure]:
    return (
        Measure(
            PARTICIPANTS,
            _l("Participants"),
            _l("Fans with at least one fact that counts in the campaign, each once"),
            _participants,
        ),
        Measure(
            FULFILLED,
            _l("Missions fulfilled"),
            _l("Missions that fans have fulfilled, each once for each fan"),
            _fulfilled,
        ),
        Measure(
            "entries",
            _l("Works accepted"),
            _l("Works that fans handed in and the team accepted, less those that no longer stand"),
            Facts((ACCEPTED,), undone_by=(TAKEN_BACK,)),
        ),
    )


def _participants(campaign: Campaign, at: datetime) -> int:
    return counts.up_to(campaign.id, Kept.JOINED, at)


def _fulfilled(campaign: Campaign, at: datetime) -> int:
    return counts.up_to(campaign.id, Kept.FULFILLED, at)
