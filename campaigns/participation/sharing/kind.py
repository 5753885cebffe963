"""The kind of mission that asks to share the campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FileField, StringField
from wtforms.validators import Length, Optional

from campaigns.links.making import address_of
from campaigns.links.models import Link
from campaigns.participation.sharing import proving, visits
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.missions.kinds import Kind, TeamPage
from campaigns.planning.models import Mission, MissionKind
from commons.db import db
from commons.events import Event, Evidence
from commons.forms import Form
from commons.panels import Panel
from community.members.models import Member

OUTCOMES = {
    Outcome.DECLARED: (_l("Waits for the team"), "info", "hourglass"),
    Outcome.PROVEN: (_l("Seen on the network"), "good", "circle-check"),
    Outcome.CONFIRMED: (_l("Confirmed by the team"), "good", "circle-check"),
    Outcome.REFUSED: (_l("Does not count"), "bad", "ban"),
}


class ProofForm(Form):
    address = StringField(_l("Address of your post"), validators=[Optional(), Length(max=500)])
    picture = FileField(_l("Or a picture of it"))


def panel(mission: Mission, member: Member | None, at: datetime, form: Any) -> Panel | None:
    """The fan's own link, who opened it, and what was handed in as proof."""
    if member is None:
        return None
    link = link_of(mission, member)
    by_link = mission.evidence is Evidence.TRACKED_LINK
    context = {
        "mission": mission,
        "address": address_of(link) if link else "",
        "is_open": mission.is_open(at),
        "by_link": by_link,
        "openings": visits.openings(mission, member),
        "proofs": proofs_of(mission, member),
        "outcomes": OUTCOMES,
        "form": form or ProofForm(formdata=None),
    }
    return Panel("campaigns/participation/sharing/_share.html", context)


def link_of(mission: Mission, member: Member) -> Link | None:
    """The link by which the fan shares the campaign, once it was asked for."""
    target = f"/participation/{mission.campaign.public_id}"
    return db.session.scalars(select(Link).where(Link.member_id == member.id, Link.target == target)).one_or_none()


def proofs_of(mission: Mission, member: Member) -> list[ShareProof]:
    """What the fan has handed in, the newest first."""
    mine = (ShareProof.mission_id == mission.id, ShareProof.member_id == member.id)
    return list(db.session.scalars(select(ShareProof).where(*mine).order_by(ShareProof.id.desc()).limit(50)))


def counts(mission: Mission, fact: Event) -> bool:
    """What is only declared counts where the fan's word is enough; what was proven afterwards is no second share."""
    if fact.kind == "link.visited":
        return visits.is_by_somebody_else(mission, fact)
    is_declared = fact.kind == proving.DECLARED
    was_declared = fact.kind == proving.PROVEN and mission.evidence is Evidence.SELF_DECLARED
    return is_declared or not was_declared or not _declared_before(fact)


def _declared_before(fact: Event) -> bool:
    query = select(Event.id).where(
        Event.subject_type == fact.subject_type, Event.subject_id == fact.subject_id, Event.kind == proving.DECLARED
    )
    return db.session.scalars(query.limit(1)).first() is not None


def for_team(mission: Mission) -> TeamPage:
    return TeamPage(_l("Proofs of shares"), url_for("sharing.index", public_id=mission.campaign.public_id))


SHARE = Kind(
    MissionKind.SHARE.value,
    _l("Share, so that somebody opens it"),
    "share",
    frozenset({"link.visited", proving.DECLARED, proving.PROVEN}),
    grades=(Evidence.TRACKED_LINK, Evidence.STAFF, Evidence.SELF_DECLARED),
    undone_by={proving.REFUSED: "declared_event_id"},
    counts=counts,
    panel=panel,
    for_team=for_team,
    hint=_l("Others open the fan's own link; visits of oneself, of one's other accounts and of machines do not count."),
)
