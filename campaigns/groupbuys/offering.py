"""The brand's side: writing an offer, opening it, its next version, calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, update

from campaigns.groupbuys import market, pricing, regions, telling
from campaigns.groupbuys.models import HOLD_MINUTES, GroupBuy, GroupBuyKind, GroupBuyState, Tier
from campaigns.groupbuys.pricing import Step
from campaigns.payments.slots import provider_named
from campaigns.planning.models import Campaign
from commons import jobs, zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from commons.media.models import Picture
from commons.money import Money

COPIED = (
    "title", "description", "picture_id", "picture_alt", "kind", "price_minor", "usual_price_minor", "currency", "needed",
    "seats", "team_seats", "most_each", "regions", "provider", "hold_minutes", "deadline_at", "zone", "campaign_id",
)  # fmt: skip


class AlreadyOpen(Conflict):
    """Fans have been told a price, a number and a deadline: these no longer change."""


class StillNeeded(Conflict):
    """The earlier version has not enough people yet: a new one would take them from those who are in."""


@dataclass(frozen=True)
class Wanted:
    """What an offer is to say. `deadline` is a wall-clock time in `zone`; `picture` None keeps the one it has.

    `tiers` are the lower prices after the first. `team_seats` makes it an offer with teams, `market_address` one that lives
    on a marketplace. `provider` None: joining is a promise, nothing is paid here.
    """

    title: str
    description: str
    picture: Picture | None
    picture_alt: str
    price: Money
    usual_price: Money | None
    needed: int
    seats: int
    deadline: datetime
    zone: str
    campaign: Campaign | None
    tiers: Sequence[Step] = field(default_factory=tuple)
    team_seats: int | None = None
    most_each: int = 1
    regions: Sequence[str] = field(default_factory=tuple)
    provider: str | None = None
    hold_minutes: int = HOLD_MINUTES
    market_address: str = ""

    @property
    def kind(self) -> GroupBuyKind:
        if self.market_address:
            return GroupBuyKind.MARKET
        return GroupBuyKind.TEAMS if self.team_seats else GroupBuyKind.OPEN

    @property
    def steps(self) -> list[Step]:
        return [Step(self.needed, self.price.minor), *self.tiers]


def write_offer(group_buy: GroupBuy | None, wanted: Wanted, *, by: User, at: datetime) -> GroupBuy:
    """Make a draft, or change one. `AlreadyOpen` once fans can see it, `Invalid` for numbers that make no offer."""
    _check(wanted)
    if group_buy is not None and group_buy.state is not GroupBuyState.DRAFT:
        raise AlreadyOpen(_("Fans have seen this offer; what it promises no longer changes."))
    group_buy = group_buy or GroupBuy(made_by_id=by.id, created_at=at)
    with db.session.no_autoflush:
        _say(group_buy, wanted)
        _set_numbers(group_buy, wanted)
    db.session.add(group_buy)
    _set_tiers(group_buy, wanted)
    if wanted.market_address:
        market.lead_to(group_buy, wanted.market_address, by=by, at=at)
        db.session.flush()
    return group_buy


def open_offer(group_buy: GroupBuy, *, by: User, at: datetime) -> None:
    """From now on fans may join; at the deadline it settles by itself. Opening twice is opening once.

    Opening a new version ends the earlier one for everybody who comes later; `StillNeeded` while that one has too few.
    """
    if group_buy.state is GroupBuyState.OPEN:
        return
    if group_buy.state is not GroupBuyState.DRAFT:
        raise AlreadyOpen(_("This group buy is over and cannot be opened again."))
    if group_buy.deadline_at <= at:
        raise Invalid(_("The deadline has passed; choose a later one."))
    if group_buy.follows is not None:
        _close_to_newcomers(group_buy.follows)
    group_buy.state = GroupBuyState.OPEN
    group_buy.opened_at = at
    db.session.flush()
    jobs.send(
        "groupbuys.settle",
        due=group_buy.deadline_at,
        key=f"groupbuys.settle:{group_buy.public_id}",
        group_buy_id=group_buy.id,
    )
    telling.acted("group_buy.opened", group_buy, at, by=by)


def new_version(group_buy: GroupBuy, *, by: User, at: datetime) -> GroupBuy:
    """A draft that says the same, to be changed: another price is for those who come later, never for those who have joined."""
    if group_buy.state is GroupBuyState.DRAFT:
        return group_buy
    draft = GroupBuy(made_by_id=by.id, created_at=at, follows=group_buy)
    for name in COPIED:
        setattr(draft, name, getattr(group_buy, name))
    draft.tiers = [Tier(reached=tier.reached, price_minor=tier.price_minor) for tier in group_buy.tiers]
    db.session.add(draft)
    db.session.flush()
    if group_buy.market_link is not None:
        market.lead_to(draft, group_buy.market_link.target, by=by, at=at)
    return draft


def discard(group_buy: GroupBuy) -> None:
    """Throw a draft away. `AlreadyOpen` once fans can see it."""
    draft = (GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.DRAFT)
    if group_buy.state is GroupBuyState.DRAFT:
        changed(delete(Tier).where(Tier.group_buy_id == group_buy.id))
    if changed(delete(GroupBuy).where(*draft)) == 0:
        raise AlreadyOpen(_("Fans have seen this offer; it can be called off, not discarded."))
    db.session.expunge(group_buy)


def call_off(group_buy: GroupBuy, *, by: User, at: datetime) -> None:
    """The brand ends an open offer before its deadline; every seat is given back. One that is over stays as it is."""
    still_open = (GroupBuy.id == group_buy.id, GroupBuy.state == GroupBuyState.OPEN)
    ended = changed(update(GroupBuy).where(*still_open).values(state=GroupBuyState.CANCELLED, settled_at=at))
    db.session.refresh(group_buy)
    if ended == 1:
        telling.acted("group_buy.cancelled", group_buy, at, by=by)
        jobs.send("groupbuys.conclude", group_buy_id=group_buy.id)


def _say(group_buy: GroupBuy, wanted: Wanted) -> None:
    group_buy.title = wanted.title
    group_buy.description = wanted.description
    group_buy.picture = wanted.picture or group_buy.picture
    group_buy.picture_alt = wanted.picture_alt
    group_buy.campaign_id = wanted.campaign.id if wanted.campaign else None
    group_buy.deadline_at, group_buy.zone = zones.to_utc(wanted.deadline, wanted.zone), wanted.zone


def _set_numbers(group_buy: GroupBuy, wanted: Wanted) -> None:
    group_buy.kind = wanted.kind
    group_buy.price_minor, group_buy.currency = wanted.price.minor, wanted.price.currency
    group_buy.usual_price_minor = wanted.usual_price.minor if wanted.usual_price else None
    group_buy.needed, group_buy.seats = wanted.needed, wanted.seats
    group_buy.team_seats = wanted.team_seats
    group_buy.most_each = wanted.most_each
    group_buy.regions = list(wanted.regions)
    group_buy.provider = wanted.provider
    group_buy.hold_minutes = wanted.hold_minutes


def _set_tiers(group_buy: GroupBuy, wanted: Wanted) -> None:
    """The further prices anew: those that were there go first, so that the same number may come again."""
    db.session.flush()
    if [Step(tier.reached, tier.price_minor) for tier in group_buy.tiers] != list(wanted.tiers):
        group_buy.tiers.clear()
        db.session.flush()
        group_buy.tiers.extend(Tier(reached=step.reached, price_minor=step.price_minor) for step in wanted.tiers)
        db.session.flush()


def _close_to_newcomers(earlier: GroupBuy) -> None:
    """Whoever is in stays in at the old price; nobody else comes in. Called off or over is closed already."""
    db.session.refresh(earlier, with_for_update=True)
    if earlier.state is not GroupBuyState.OPEN:
        return
    if earlier.reached < earlier.needed or earlier.kind is GroupBuyKind.TEAMS:
        raise StillNeeded(
            _("The earlier version still needs people."),
            _("Wait until it has enough, or call it off: everybody is refunded."),
        )
    earlier.seats = earlier.taken
    db.session.flush()


def _check(wanted: Wanted) -> None:
    if wanted.price.minor <= 0:
        raise Invalid(_("The price must be more than nothing."))
    if wanted.usual_price is not None and wanted.usual_price <= wanted.price:
        raise Invalid(_("The usual price must be higher than the price for the group."))
    if not 1 <= wanted.needed <= wanted.seats:
        raise Invalid(_("More people are needed than there are seats."))
    if wanted.team_seats is not None and not wanted.needed <= wanted.team_seats <= wanted.seats:
        raise Invalid(_("A team has room for those who are needed, and no more than there are seats in all."))
    if not pricing.falls(wanted.steps) or any(step.reached > wanted.seats for step in wanted.tiers):
        raise Invalid(_("Each further price needs more people than the one before, and is lower."))
    if not 1 <= wanted.most_each <= (wanted.team_seats or wanted.seats):
        raise Invalid(_("One person cannot take more than there are seats."))
    if not regions.is_known(wanted.regions):
        raise Invalid(_("There is no such region."))
    if wanted.provider is not None and not provider_named(wanted.provider).is_open():
        raise Invalid(_("This way to pay is not open."))
