"""Drawing a hold-out group before a campaign starts, and asking who is in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from campaigns.insights.holdouts import casting
from campaigns.insights.models import SEED_LENGTH, Holdout, HoldoutMember
from campaigns.planning.models import Campaign
from commons import jobs
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from community.members.segments.models import Segment

LEAST, MOST = 1, 50

# Of their own, so that a query which speaks of hold-outs itself can ask too; made once, as pages ask several times.
_drawn, _place = aliased(Holdout), aliased(HoldoutMember)


def draw(campaign: Campaign, segment: Segment | None, share: int, *, by: User, at: datetime, seed: str = "") -> Holdout:
    """Draw who is kept out of the campaign: `share` per cent of the segment, or of everybody.

    A small circle is drawn at once; of a larger one the list is written in the background, and then the lot is cast (see
    `casting`). `Conflict` once the campaign has begun or was cancelled, and for a second draw: a lot that is cast again is none.
    """
    _check(campaign, share, at)
    wanted = db.session.scalar(select(func.count()).select_from(casting.frame(segment, at).subquery())) or 0
    if not wanted:
        raise Invalid(_("There is nobody to draw from."), _("Choose another segment, or everybody."))
    seed = seed or random_id(SEED_LENGTH)
    holdout = Holdout(
        campaign=campaign, segment=segment, share=share, seed=seed, wanted=wanted, people=0, asked_at=at, drawn_by=by
    )
    _keep(holdout)
    if casting.step(holdout.id, at):
        jobs.send("holdouts.cast", holdout_id=holdout.id)
    return holdout


def is_kept_out(campaign_id: Any, member_id: Any) -> ColumnElement[bool]:
    """Whether the member is kept out of the campaign: what `campaigns.planning.addressing` asks."""
    mine = (_place.member_id == member_id, _place.is_kept_out, _drawn.campaign_id == campaign_id)
    return exists().where(_place.holdout_id == _drawn.id, *mine)


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


def _keep(holdout: Holdout) -> None:
    """Somebody else may draw at the same moment: the constraint lets one through."""
    try:
        with db.session.begin_nested():
            db.session.add(holdout)
    except IntegrityError as error:
        raise Conflict(_("A hold-out group was drawn for this campaign already. It stays as it is.")) from error
