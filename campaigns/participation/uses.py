"""Whether fans have done something for a mission: then it can be closed, and not removed."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from campaigns.participation.answering.models import MissionAnswer
from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.models import Fulfilment, MissionFact
from campaigns.participation.scanning.models import ScanPlace
from campaigns.participation.sharing.models import ShareProof
from campaigns.planning.models import Mission
from commons.db import db

TABLES = (MissionFact, Fulfilment, MissionAnswer, MissionEntry, ScanPlace, ShareProof)


def is_used(mission: Mission) -> bool:
    """Facts that counted, and whatever was answered, handed in or hung up for it."""
    return bool(db.session.scalar(select(or_(*(exists().where(table.mission_id == mission.id) for table in TABLES)))))
