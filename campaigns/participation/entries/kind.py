"""The kind of mission for which fans hand in works."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import NumberRange, Optional

from campaigns.participation.entries import gallery, handing_in
from campaigns.participation.entries.models import MissionEntry
from campaigns.planning.missions.kinds import Kind, SettingsForm, TeamPage, Visit
from campaigns.planning.models import Mission, MissionKind
from commons.db import db
from commons.events import Event, Evidence
from commons.forms import CountField
from commons.panels import Panel
from community.reviews import submitting, words
from community.reviews.forms import SubmitForm


class WorkSettings(SettingsForm):
    picture = BooleanField(_l("At least one picture"), default=True)
    most = CountField(_l("At most so many works of one fan"), validators=[Optional(), NumberRange(1, 20)], default=1)


def panel(visit: Visit) -> Panel:
    """The form, as long as there is room for another work, and what the fan has handed in with what became of it."""
    mission, member = visit.mission, visit.member
    mine = gallery.of_fan(mission, member) if member is not None else []
    has_room = member is not None and visit.may and handing_in.handed_in(mission, member) < handing_in.most(mission)
    context = {
        "mission": mission,
        "form": visit.form or (SubmitForm(formdata=None) if has_room else None),
        "mine": [(entry, gallery.told(entry)) for entry in mine],
        "limit": submitting.MOST_CHARACTERS,
        "most_pictures": submitting.MOST_PICTURES,
        "states": words.STATES,
        "tones": words.TONES,
    }
    return Panel("campaigns/participation/entries/_hand_in.html", context)


def counts(mission: Mission, fact: Event) -> bool:
    """Only what was handed in for this mission."""
    entry = db.session.get(MissionEntry, fact.subject_id) if fact.subject_id is not None else None
    return entry is not None and entry.mission_id == mission.id


def for_team(mission: Mission) -> TeamPage:
    return TeamPage(
        _l("Works"), url_for("entries.index", public_id=mission.campaign.public_id, mission=mission.public_id)
    )


SUBMIT = Kind(
    MissionKind.SUBMIT.value,
    _l("Hand in a work: words and pictures"),
    "photo",
    frozenset({handing_in.ACCEPTED}),
    grades=(Evidence.STAFF,),
    undone_by={handing_in.TAKEN_BACK: "accepted_event_id"},
    counts=counts,
    settings=WorkSettings,
    panel=panel,
    for_team=for_team,
    hint=_l("A work counts once somebody of the team has accepted it under the content standard."),
)
