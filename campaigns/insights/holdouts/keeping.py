"""Drawing a hold-out group before a campaign starts, and asking who is in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from campaigns.insights.holdouts import drawing
from campaigns.insights.models import SEED_LENGTH, Holdout, HoldoutMember
from campaigns.planning.models import Campaign
from commons import bulk, events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from community.members.models import Member
from community.members.segments.deciding import matching, today
from community.members.segments.models import Segment

LEAST, MOST = 1, 50


def draw(campaign: Campaign, segment: Segment | None, share: int, *, by: User, at: datetime, seed: str = "") -> Holdout:
    """Draw who is kept out of the campaign: `share` per cent of the segment, or of everybody.

    `Conflict` once the campaign has begun or was cancelled, and for a second draw: a lot that is cast again is none.
    """
    _check(campaign, share, at)
    people = _frame(segment, at)
    if not people:
        raise Invalid(_("There is nobody to draw from."), _("Choose another segment, or everybody."))
    seed = seed or random_id(SEED_LENGTH)
    out = drawing.kept_out(seed, people.keys(), share)
    holdout = Holdout(
        campaign_id=campaign.id, segment_id=segment.id if segment else None, share=share, seed=seed, people=len(people),
        kept_out=len(out), drawn_at=at, drawn_by_id=by.id,
    )  # fmt: skip
    _keep(holdout)
    rows = ((holdout.id, member_id, public_id in out) for public_id, member_id in people.items())
    table: Any = HoldoutMember.__table__
    bulk.write(db.session.connection(), table, ("holdout_id", "member_id", "is_kept_out"), rows)
    _tell(holdout, campaign, by, at)
    return holdout


def is_kept_out(campaign_id: Any, member_id: Any) -> ColumnElement[bool]:
    """Whether the member is kept out of the campaign: what `campaigns.planning.addressing` asks."""
    drawn, place = aliased(Holdout), aliased(HoldoutMember)
    mine = (place.member_id == member_id, place.is_kept_out, drawn.campaign_id == campaign_id)
    return exists().where(place.holdout_id == drawn.id, *mine)


def of_campaign(campaign: Campaign) -> Holdout | None:
    return db.session.scalars(select(Holdout).where(Holdout.campaign_id == campaign.id)).one_or_none()


def waiting(at: datetime) -> Select[Campaign]:
    """Campaigns that have not begun and for which nothing was drawn yet, the next one first."""
    drawn = select(Holdout.campaign_id)
    query = select(Campaign).where(Campaign.starts_at > at, Campaign.cancelled_at.is_(None))
    return query.where(Campaign.id.not_in(drawn)).order_by(Campaign.starts_at, Campaign.id)


def _check(campaign: Campaign, share: int, at: datetime) -> None:
    if campaign.cancelled_at is not None:
        raise Conflict(_("This campaign was cancelled."))
    if campaign.starts_at <= at:
        raise Conflict(
            _("This campaign has begun."), _("A hold-out group is drawn before; afterwards everybody was addressed.")
        )
    if not LEAST <= share <= MOST:
        raise Invalid(_("Keep out %(least)s to %(most)s per cent.", least=LEAST, most=MOST))
    if of_campaign(campaign) is not None:
        raise Conflict(_("A hold-out group was drawn for this campaign already. It stays as it is."))


def _frame(segment: Segment | None, at: datetime) -> dict[str, int]:
    """Everybody among whom is drawn: ids by public id."""
    everybody = select(Member.id).where(Member.counts())
    query = matching(segment.rules, today(at)) if segment is not None else everybody
    columns = query.with_only_columns(Member.public_id, Member.id)
    return dict(db.session.execute(columns.order_by(Member.id)).all())


def _keep(holdout: Holdout) -> None:
    """Somebody else may draw at the same moment: the constraint lets one through."""
    try:
        with db.session.begin_nested():
            db.session.add(holdout)
    except IntegrityError as error:
        raise Conflict(_("A hold-out group was drawn for this campaign already. It stays as it is.")) from error


def _tell(holdout: Holdout, campaign: Campaign, by: User, at: datetime) -> None:
    events.track(
        "holdout.drawn",
        key=f"holdout.drawn:{holdout.public_id}",
        at=at,
        actor_id=by.id,
        subject=holdout,
        campaign_id=campaign.id,
        payload={
            "title": campaign.title,
            "seed": holdout.seed,
            "share": holdout.share,
            "people": holdout.people,
            "kept_out": holdout.kept_out,
        },
    )
