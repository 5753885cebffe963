"""The kind of mission that asks to share the campaign."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FileField, StringField
from wtforms.validators import Length, Optional

from campaigns.participation import own_link
from campaigns.participation.sharing import proving, visits
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.missions.kinds import Kind, TeamPage, Visit
from campaigns.planning.models import Mission, MissionKind
from commons import events
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


def panel(visit: Visit) -> Panel | None:
    """The fan's own link, who opened it, and what was handed in as proof."""
    mission, member = visit.mission, visit.member
    if member is None:
        return None
    takes_proofs = visit.may and mission.evidence is not Evidence.TRACKED_LINK
    context = own_link.shown(visit) | {
        "openings": visits.openings(mission, member),
        "proofs": proofs_of(mission, member),
        "outcomes": OUTCOMES,
        "form": visit.form or (ProofForm(formdata=None) if takes_proofs else None),
    }
    return Panel("campaigns/participation/sharing/_share.html", context)


def proofs_of(mission: Mission, member: Member) -> list[ShareProof]:
    """What the fan has handed in, the newest first."""
    mine = (ShareProof.mission_id == mission.id, ShareProof.member_id == member.id)
    return list(db.session.scalars(select(ShareProof).where(*mine).order_by(ShareProof.id.desc()).limit(50)))


def counts(mission: Mission, fact: Event) -> bool:
    """An opening by somebody else, or a proof for this very mission, once: where the fan's word was enough and has counted,
    what proves it afterwards is no second share.
    """
    if fact.kind == "link.visited":
        return visits.is_by_somebody_else(mission, fact)
    proof = db.session.get(ShareProof, fact.subject_id) if fact.subject_id is not None else None
    if proof is None or proof.mission_id != mission.id:
        return False
    said_before = mission.evidence is Evidence.SELF_DECLARED and fact.kind == proving.PROVEN
    return not (said_before and any(known.kind == proving.DECLARED for known in events.of_subject(proof)))


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
