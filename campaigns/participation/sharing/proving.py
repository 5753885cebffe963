"""Handing in a proof of a share, and what people decide about those that prove nothing by themselves."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import or_, select

from campaigns.links.domains.reading import is_ours
from campaigns.participation import barring
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.participation.sharing.networks import Whose, post_id_of, whose
from campaigns.planning.models import Mission
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid
from commons.events import Evidence
from commons.media.models import Picture
from community.members.models import Member
from community.notices.telling import tell

DECLARED, PROVEN, REFUSED = "mission.share_declared", "mission.share_proven", "mission.share_refused"
MOST_WAITING = 10


class ForgedShare(Invalid):
    """What is handed in is no share of this fan."""


class Decided(Conflict):
    """Somebody has decided it before."""


def hand_in(mission: Mission, member: Member, address: str, picture: Picture | None, at: datetime) -> ShareProof:
    """Hand in where it was shared. A post of one's own that has come into the inbox proves it at once; anything else waits
    for the team. The same post again is the same proof.

    `ForgedShare` for an address that is ours, for a post of somebody else or from before the mission, and for one that
    somebody else has handed in.
    """
    barring.check(mission, member, at)
    if mission.evidence is Evidence.TRACKED_LINK:
        raise Invalid(_("This mission counts who opens your link; nothing is handed in for it."))
    mark = _mark(address) if address.strip() or picture is None else None
    known = _known(mission, mark) if mark else None
    if known is not None:
        return _own_or_forged(known, member)
    is_own = mark is not None and _is_own(mark, mission, member)
    _check_room(mission, member)
    row = {"public_id": random_id(), "mission_id": mission.id, "member_id": member.id, "address": address.strip()[:500],
           "mark": mark, "post_id": post_id_of(mark) if mark else None,
           "picture_id": picture.id if picture else None, "handed_in_at": at,
           "outcome": Outcome.PROVEN if is_own else Outcome.DECLARED}  # fmt: skip
    made = insert_new(ShareProof, row)
    if made is None:
        found = _known(mission, mark or "")
        assert found is not None
        return _own_or_forged(found, member)
    proof = db.session.get_one(ShareProof, made)
    if is_own:
        _track(PROVEN, proof, at, Evidence.NETWORK)
    else:
        _track(DECLARED, proof, at, Evidence.SELF_DECLARED)
    return proof


def confirm(proof: ShareProof, *, by: User, at: datetime) -> None:
    """Somebody of the team has seen that it is so. Twice is once."""
    if not _decide(proof, Outcome.CONFIRMED, "", by, at):
        return
    _track(PROVEN, proof, proof.handed_in_at, Evidence.STAFF, by)
    _notify("campaign.share_confirmed", proof, at)


def refuse(proof: ShareProof, reason: str, *, by: User, at: datetime) -> None:
    """It is no share of this fan, who is told why. Twice is once; `Invalid` without a reason."""
    if not reason.strip():
        raise Invalid(_("Say in a sentence why; the fan reads it."))
    if not _decide(proof, Outcome.REFUSED, reason.strip()[:300], by, at):
        return
    declared = next((fact for fact in events.of_subject(proof) if fact.kind == DECLARED), None)
    _track(REFUSED, proof, at, Evidence.STAFF, by, declared_event_id=declared.id if declared else None)
    _notify("campaign.share_refused", proof, at, reason=proof.reason)


def look_again(proof: ShareProof, at: datetime) -> None:
    """The post may have come into the inbox meanwhile: then it is proven by the network."""
    if proof.outcome is not Outcome.DECLARED or not proof.mark:
        return
    counted = _known(proof.mission, proof.mark)
    if counted is proof and whose(proof.mark, proof.member, proof.mission.begins_at) is Whose.OWN:
        proof.outcome, proof.decided_at = Outcome.PROVEN, at
        db.session.flush()
        _track(PROVEN, proof, proof.handed_in_at, Evidence.NETWORK)


def _mark(address: str) -> str:
    """The one spelling of an address on a network."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # brackets that are no IPv6 address
        parts = urlsplit("")
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host or len(address) > 500:
        raise Invalid(_("That is no address of a post."), _("It begins with https:// and names the network."))
    if host == urlsplit(current_app.config["BASE_URL"]).hostname or is_ours(host):
        raise ForgedShare(_("That address is ours; share it elsewhere and hand in where."))
    query = f"?{parts.query}" if parts.query else ""
    return f"{host.removeprefix('www.')}{parts.path.rstrip('/')}{query}"


def _is_own(mark: str, mission: Mission, member: Member) -> bool:
    """Whether the inbox knows the post as the fan's; `ForgedShare` where it knows better."""
    owner = whose(mark, member, mission.begins_at)
    if owner is Whose.SOMEBODY_ELSES:
        raise ForgedShare(_("This post is of somebody else’s account."), _("Hand in a post of your own."))
    if owner is Whose.OLDER:
        raise ForgedShare(_("This post is older than the mission."), _("Hand in one that you have made for it."))
    return owner is Whose.OWN


def _known(mission: Mission, mark: str) -> ShareProof | None:
    """The proof of this address; or of the same post under another spelling, where the network has proven that one."""
    is_proven = (ShareProof.outcome == Outcome.PROVEN) & (ShareProof.post_id == post_id_of(mark))
    same = (ShareProof.mission_id == mission.id, or_(ShareProof.mark == mark, is_proven))
    return db.session.scalars(select(ShareProof).where(*same).order_by(ShareProof.id)).first()


def _own_or_forged(known: ShareProof, member: Member) -> ShareProof:
    if known.member_id != member.id:
        raise ForgedShare(_("Somebody else has handed in this post."), _("Hand in a post of your own."))
    return known


def _check_room(mission: Mission, member: Member) -> None:
    mine = (ShareProof.mission_id == mission.id, ShareProof.member_id == member.id)
    waiting = select(ShareProof.id).where(*mine, ShareProof.outcome == Outcome.DECLARED).limit(MOST_WAITING)
    if len(db.session.scalars(waiting).all()) >= MOST_WAITING:
        raise Conflict(_("So many of your proofs wait already; let the team look at them first."))


def _decide(proof: ShareProof, outcome: Outcome, reason: str, by: User, at: datetime) -> bool:
    db.session.refresh(proof, with_for_update={"of": ShareProof})
    if proof.outcome is outcome:
        return False
    if proof.outcome is not Outcome.DECLARED:
        raise Decided(_("This has been decided meanwhile."))
    proof.outcome, proof.reason = outcome, reason
    proof.decided_at, proof.decided_by_id = at, by.id
    db.session.flush()
    return True


def _track(
    kind: str, proof: ShareProof, at: datetime, evidence: Evidence, by: User | None = None, **more: object
) -> None:
    events.track(
        kind,
        key=f"{kind}:{proof.public_id}",
        at=at,
        member_id=proof.member_id,
        actor_id=by.id if by else None,
        subject=proof,
        campaign_id=proof.mission.campaign_id,
        evidence=evidence,
        payload={"title": proof.mission.title, **more},
    )


def _notify(kind: str, proof: ShareProof, at: datetime, **details: str) -> None:
    url = f"/participation/missions/{proof.mission.public_id}"
    details = {"title": proof.mission.title, **details}
    tell(proof.member_id, kind, key=f"{kind}:{proof.public_id}", at=at, url=url, details=details)
