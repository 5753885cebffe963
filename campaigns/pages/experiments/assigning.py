"""Who is shown which variant. The same person is shown the same one throughout; our own team and machines are in no test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response, after_this_request, current_app, has_request_context, request, session
from sqlalchemy import select

from campaigns.links.choosing import deal
from campaigns.links.door import the_door
from campaigns.links.models import Verdict
from campaigns.links.visiting import Visit
from campaigns.pages.experiments.models import Experiment, Goal, Variant, Visitor
from campaigns.participation.models import Participant
from commons.db import PUBLIC_ID_LENGTH, db, insert_new, random_id
from commons.events import Event
from community.members.current import current_member
from community.members.models import Member

COOKIE = "variants"
KEPT = timedelta(days=90)
WINDOW = timedelta(days=3)
"""What is reached within this time after somebody first saw a variant counts."""


def variant_for(experiment: Experiment, at: datetime) -> Variant | None:
    """The variant for whoever makes the current request; None for the team, for machines, and without a request. Whoever sees
    a variant for the first time is written down.
    """
    visit = the_visit()
    if visit is None or visit.verdict is not Verdict.HUMAN:
        return None
    member = current_member()
    known = _known(experiment, member, cookie_mark())
    if known is not None:
        return next(one for one in experiment.variants if one.id == known.variant_id)
    mark = _mark(member)
    variant = experiment.variants[deal([one.share for one in experiment.variants], key=experiment.public_id, mark=mark)]
    if not _is_late(experiment, member):
        note_seen(variant, mark, member, at, hit_mark=visit.mark)
        after_this_request(_commit)
    return variant


def note_seen(variant: Variant, mark: str, member: Member | None, at: datetime, *, hit_mark: str = "") -> None:
    """Somebody has seen a variant for the first time. Twice is once."""
    row = {
        "experiment_id": variant.experiment_id,
        "variant_id": variant.id,
        "mark": mark,
        "member_id": member.id if member else None,
        "hit_mark": hit_mark,
        "first_seen_at": at,
        "counts_until": at + WINDOW,
    }
    insert_new(Visitor, row)


def the_visit() -> Visit | None:
    """What the current request shows, judged as visits of links are."""
    if not has_request_context():
        return None
    return the_door(current_app).visit(request.environ, session)


def recognise(facts: Sequence[Event]) -> None:
    """Reader of the stream: whoever acts in the browser that was shown a variant is who was shown it."""
    if not has_request_context() or not cookie_mark():
        return
    member = current_member()
    if member is not None and any(fact.member_id == member.id for fact in facts):
        query = select(Visitor).where(Visitor.mark == cookie_mark(), Visitor.member_id.is_(None))
        for visitor in db.session.scalars(query).all():
            _tie(visitor, member)


def cookie_mark() -> str:
    """The random mark that this browser was given; empty for none."""
    mark = request.cookies.get(COOKIE, "")
    return mark if len(mark) == PUBLIC_ID_LENGTH and mark.isalnum() and mark.isascii() else ""


def _known(experiment: Experiment, member: Member | None, mark: str) -> Visitor | None:
    """Whom we have seen before: the fan, else the browser, which is the fan's from now on."""
    mine = select(Visitor).where(Visitor.experiment_id == experiment.id)
    if member is not None:
        found = db.session.scalars(mine.where(Visitor.member_id == member.id)).one_or_none()
        if found is not None:
            return found
    if not mark:
        return None
    found = db.session.scalars(mine.where(Visitor.mark == mark)).one_or_none()
    if found is None or member is None or found.member_id == member.id:
        return found
    if found.member_id is not None:  # somebody else has used this browser
        return None
    _tie(found, member)
    after_this_request(_commit)
    return found


def _tie(visitor: Visitor, member: Member) -> None:
    taken = select(Visitor.id).where(Visitor.experiment_id == visitor.experiment_id, Visitor.member_id == member.id)
    if db.session.scalar(taken) is None:
        visitor.member_id = member.id
        db.session.flush()


def mark_of(member: Member) -> str:
    """By which a fan is dealt to a variant."""
    return f"member:{member.public_id}"


def _mark(member: Member | None) -> str:
    """A fan's mark, or the browser's, which it is given if it has none."""
    if member is not None:
        return mark_of(member)
    mark = cookie_mark()
    if mark:
        return mark
    mark = random_id()

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            COOKIE, mark, max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
        )
        return response

    return mark


def _is_late(experiment: Experiment, member: Member | None) -> bool:
    """Whether the fan has already done what the test wants of people: then it can say nothing."""
    if member is None or experiment.goal is not Goal.JOINED:
        return False
    joined = (Participant.campaign_id == experiment.campaign_id, Participant.member_id == member.id)
    return db.session.scalar(select(Participant.id).where(*joined)) is not None


def _commit(response: Response) -> Response:
    """Showing a page commits nothing by itself; one that broke has been rolled back by now."""
    db.session.commit()
    return response
