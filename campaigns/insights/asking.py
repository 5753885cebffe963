"""What a page of insights is asked for, as the address says it: two people with the same address read the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.insights import periods
from campaigns.insights.periods import Period
from campaigns.planning.models import Campaign
from commons import zones
from commons.admin import brand
from commons.db import db
from commons.errors import DomainError, Invalid
from commons.forms import storable

GROUPINGS = ("source", "link", "post", "campaign", "person")
LONGEST_KEY = 64


@dataclass(frozen=True)
class Asked:
    """A period, and what the numbers are narrowed to.

    `by` is how new customers are grouped, `key` one of these groups. `channel` is a source (see `sources`), `campaign` one
    campaign. `trouble` is why the address could not be followed; then everything is as usual.
    """

    period: Period
    by: str = "source"
    key: str = ""
    channel: str = ""
    campaign: Campaign | None = None
    trouble: DomainError | None = None

    @property
    def args(self) -> dict[str, str]:
        """As an address says it; what is as usual is left out, but the period never."""
        campaign = self.campaign.public_id if self.campaign else ""
        more = {"by": self.by if self.by != "source" else "", "key": self.key, "channel": self.channel}
        return self.period.args | {name: value for name, value in (more | {"campaign": campaign}).items() if value}

    @property
    def before(self) -> Asked:
        return replace(self, period=self.period.before)

    def only(self, key: str) -> Asked:
        return replace(self, key=key)


def asked(args: Mapping[str, str], at: datetime) -> Asked:
    """What an address asks for, in the brand's zone."""
    zone = brand.current().zone
    today = zones.day_of(at, zone)
    try:
        period, campaign = periods.asked(args, today, zone), _campaign(args.get("campaign", ""))
    except DomainError as trouble:
        return Asked(periods.latest(periods.USUAL_DAYS, today, zone), trouble=trouble)
    by = args.get("by", "")
    return Asked(
        period,
        by=by if by in GROUPINGS else "source",
        key=storable(args.get("key", ""))[:LONGEST_KEY],
        channel=storable(args.get("channel", ""))[:LONGEST_KEY],
        campaign=campaign,
    )


def kept_args(*names: str) -> dict[str, str]:
    """Those of the current address that a page keeps in its own links; whatever else stands there is let go."""
    return {name: request.args[name][:LONGEST_KEY] for name in names if request.args.get(name)}


def _campaign(public_id: str) -> Campaign | None:
    if not public_id:
        return None
    found = db.session.scalars(select(Campaign).where(Campaign.public_id == storable(public_id))).one_or_none()
    if found is None:
        raise Invalid(_("There is no such campaign."), _("Choose one from the list."))
    return found
