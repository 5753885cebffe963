"""Keeping somebody out of a campaign, taking that back, and the appeal against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from campaigns.participation import following
from campaigns.participation.exclusions.models import Code, Exclusion
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Gone, Invalid, NotAllowed
from commons.events import Evidence
from community.members import appeals
from community.members.models import Member
from community.notices.telling import tell


def exclude(campaign: Campaign, member: Member, code: Code, sentence: str, *, by: User, at: datetime) -> Exclusion:
    """The member does not count in the campaign from now on, and is told why. Twice is once, with the first reason.

    Missions that were fulfilled are open again. `Invalid` without a sentence.
    """
    words = sentence.strip()
    if not words:
        raise Invalid(_("Say in a sentence why; the fan reads it."))
    row = {"public_id": random_id(), "campaign_id": campaign.id, "member_id": member.id, "code": code,
           "sentence": words[:300], "by_id": by.id, "at": at}  # fmt: skip
    made = insert_new(Exclusion, row)
    if made is None:
        return db.session.scalars(_standing(campaign, member.id)).one()
    exclusion = db.session.get_one(Exclusion, made)
    following.recount(campaign, member.id, at, f"excluded:{exclusion.public_id}")
    _note("campaign.excluded", exclusion, by, at)
    _tell("campaign.excluded", exclusion, at, reason=exclusion.sentence)
    return exclusion


def lift(exclusion: Exclusion, *, by: User, at: datetime) -> None:
    """The member counts again, with everything that was done before. Twice is once."""
    if exclusion.lifted_at is not None:
        return
    exclusion.lifted_at, exclusion.lifted_by_id = at, by.id
    db.session.flush()
    following.recount(exclusion.campaign, exclusion.member_id, at, f"readmitted:{exclusion.public_id}")
    _note("campaign.readmitted", exclusion, by, at)
    _tell("campaign.readmitted", exclusion, at)


def appeal(exclusion: Exclusion, member: Member, text: str, *, at: datetime) -> None:
    """The member says why it is wrong. Twice is once, with the first words; `Gone` after 30 days."""
    if exclusion.appealed_at is not None:
        return
    if exclusion.member_id != member.id:
        raise NotAllowed(_("This is about others."))
    if exclusion.lifted_at is not None:
        raise Conflict(_("You count again already."))
    if at > exclusion.at + appeals.APPEAL_FOR:
        raise Gone(_("An appeal is possible for 30 days."))
    exclusion.appeal, exclusion.appealed_at = appeals.said(text), at
    db.session.flush()


def answer(exclusion: Exclusion, *, upheld: bool, words: str, by: User, at: datetime) -> None:
    """Somebody else than who decided answers the appeal; upheld, it is lifted. Twice is once."""
    if exclusion.answered_at is not None:
        return
    if exclusion.appealed_at is None:
        raise Conflict(_("There is no appeal to answer."))
    if exclusion.by_id == by.id:
        raise NotAllowed(_("You have decided this; somebody else looks at the appeal."))
    exclusion.answer, exclusion.upheld = appeals.answered(words), upheld
    exclusion.answered_at, exclusion.answered_by_id = at, by.id
    db.session.flush()
    if upheld:
        lift(exclusion, by=by, at=at)
    else:
        _tell("campaign.appeal_declined", exclusion, at, reason=exclusion.answer)


def standing(campaign: Campaign, member: Member) -> Exclusion | None:
    """What keeps the member out now."""
    return db.session.scalars(_standing(campaign, member.id)).one_or_none()


def of_campaign(campaign: Campaign) -> Select[Exclusion]:
    """All of a campaign, those that stand first, the newest first."""
    loaded = joinedload(Exclusion.member), joinedload(Exclusion.by)
    query = select(Exclusion).where(Exclusion.campaign_id == campaign.id).options(*loaded)
    return query.order_by(Exclusion.lifted_at.is_not(None), Exclusion.id.desc())


def rows(campaign: Campaign) -> Iterator[Sequence[object]]:
    """The list as a table file, the heading first; times in UTC."""
    yield "fan", "name", "code", "reason", "kept_out_at", "by", "lifted_at", "appealed_at", "appeal_upheld", "answer"
    for one in db.session.scalars(of_campaign(campaign)):
        yield (
            one.member.public_id, one.member.name, one.code.value, one.sentence, one.at.isoformat(), one.by.name,
            one.lifted_at.isoformat() if one.lifted_at else "", one.appealed_at.isoformat() if one.appealed_at else "",
            "" if one.upheld is None else one.upheld, one.answer,
        )  # fmt: skip


def of_member(member: Member) -> Sequence[Exclusion]:
    return db.session.scalars(select(Exclusion).where(Exclusion.member_id == member.id).order_by(Exclusion.id)).all()


def _standing(campaign: Campaign, member_id: int) -> Select[Exclusion]:
    mine = (Exclusion.campaign_id == campaign.id, Exclusion.member_id == member_id)
    return select(Exclusion).where(*mine, Exclusion.lifted_at.is_(None))


def _note(kind: str, exclusion: Exclusion, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{exclusion.public_id}",
        at=at,
        member_id=exclusion.member_id,
        actor_id=by.id,
        subject=exclusion,
        campaign_id=exclusion.campaign_id,
        evidence=Evidence.STAFF,
        payload={"title": exclusion.campaign.title, "reason": exclusion.sentence, "code": exclusion.code.value},
    )


def _tell(kind: str, exclusion: Exclusion, at: datetime, **details: str) -> None:
    details = {"title": exclusion.campaign.title, **details}
    tell(exclusion.member_id, kind, key=f"{kind}:{exclusion.public_id}", at=at, url=exclusion.url, details=details)
