"""Taking part as a condition of a segment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, literal, select
from wtforms import SelectField

from campaigns.planning.models import Campaign
from commons.db import db
from commons.events import Event
from community.members.models import Member
from community.members.segments import periods
from community.members.segments.conditions import Condition, Values, so_many
from community.members.segments.periods import TimesForm


def _campaigns() -> list[tuple[str, str]]:
    query = select(Campaign.public_id, Campaign.title).where(Campaign.cancelled_at.is_(None))
    return [(public_id, title) for public_id, title in db.session.execute(query.order_by(Campaign.starts_at.desc()))]


class CampaignForm(TimesForm):
    campaign = SelectField(_l("Campaign"), choices=_campaigns)


class InCampaign(Condition):
    """Facts of a campaign, whatever they are, so often in a period."""

    name = "campaign"
    label = _l("What they did in a campaign")
    form = CampaignForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        campaign = select(Campaign.id).where(Campaign.public_id == values["campaign"]).scalar_subquery()
        found = select(literal(1)).where(
            Event.member_id == Member.id,
            Event.campaign_id == campaign,
            *periods.within(Event.occurred_at, values, day),
        )
        return so_many(found, values["how"], values["times"])

    def words(self, values: Values) -> str:
        title = db.session.scalar(select(Campaign.title).where(Campaign.public_id == values["campaign"]))
        return str(_("Active in “%(campaign)s”: %(times)s", campaign=title or "–", times=periods.times_words(values)))

    def drifts(self, values: Values) -> bool:
        return periods.drifts(values)


def conditions() -> Sequence[Condition]:
    return (InCampaign(),)
