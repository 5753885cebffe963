"""The organiser's side before the draw: writing it, launching it with rules that stand, throwing a draft away."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import update

from campaigns.draws import rules
from campaigns.draws.beacon import QUICKNET
from campaigns.draws.models import Draw, DrawPrize, Eligibility, Jurisdiction, Source
from campaigns.draws.ranking import canonical, fingerprint
from campaigns.draws.telling import tell_team
from campaigns.planning.models import Campaign
from commons import jobs, zones
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict
from commons.money import Money

SPREADING = timedelta(seconds=5)
"""How long a round of the beacon takes to reach its mirrors."""


class AlreadyLaunched(Conflict):
    """Fans have been told the rules: nothing of them changes any more."""


class CampaignOver(Conflict):
    """There is nobody left who could take part."""


class CampaignNotLaunched(Conflict):
    """The campaign is a draft: nobody can take part, and its period may still change."""


@dataclass(frozen=True)
class WantedPrize:
    name: str
    quantity: int
    value: Money
    by_post: bool = True


@dataclass(frozen=True)
class Wanted:
    """What a draw is to be. `closes` and `draws` are wall-clock times in `zone`."""

    title: str
    how: str
    organiser: str
    eligibility: Eligibility
    jurisdiction: Jurisdiction
    source: Source
    closes: datetime
    draws: datetime
    zone: str
    claim_days: int
    prizes: Sequence[WantedPrize]


def write(draw: Draw | None, campaign: Campaign, wanted: Wanted, *, by: User, at: datetime) -> Draw:
    """Make a draft, or change one. `AlreadyLaunched` once fans can see it, `Invalid` for rules that no draw may have."""
    if draw is not None:
        db.session.refresh(draw, with_for_update=True)
    if draw is not None and draw.launched_at is not None:
        raise AlreadyLaunched(_("Fans have read these rules; they no longer change."))
    closes_at, reveals_at = (zones.to_utc(local, wanted.zone) for local in (wanted.closes, wanted.draws))
    rules.check_values(wanted.jurisdiction, [prize.value for prize in wanted.prizes])
    rules.check_times(closes_at, reveals_at, at)
    if draw is None:
        draw = Draw(campaign=campaign, made_by_id=by.id, created_at=at)
        db.session.add(draw)
    for name in ("title", "how", "organiser", "eligibility", "jurisdiction", "source", "zone", "claim_days"):
        setattr(draw, name, getattr(wanted, name))
    draw.closes_at, draw.reveals_at = closes_at, reveals_at
    _set_prizes(draw, wanted.prizes)
    return draw


def launch(draw: Draw, *, by: User, at: datetime) -> None:
    """Publish the rules for good; from now on it closes, freezes and draws by itself. Launching twice is launching once.

    Only once its campaign is launched, and not over: `CampaignNotLaunched`, `CampaignOver`. The round of the beacon is chosen here, long before anybody can know its value. Who changes a draft at the same moment
    waits, and finds it launched.
    """
    db.session.refresh(draw, with_for_update=True)
    if draw.launched_at is not None:
        return
    _check_campaign(draw.campaign, at)
    rules.check_values(draw.jurisdiction, [prize.value for prize in draw.prizes])
    rules.check_times(draw.closes_at, draw.reveals_at, at)
    _fix_chance(draw)
    promised = rules.document(draw)
    text, hashed = canonical(promised).decode(), fingerprint(promised)
    db.session.flush()
    mine = (Draw.id == draw.id, Draw.launched_at.is_(None))
    if changed(update(Draw).where(*mine).values(launched_at=at, rules=text, rules_hash=hashed)) == 1:
        tell_team("draw.launched", draw, at, by=by)
        for name, due in (("draws.freeze", draw.closes_at), ("draws.draw", draw.reveals_at + SPREADING)):
            jobs.send(name, due=due, key=f"{name}:{draw.public_id}", draw_id=draw.id)
    db.session.refresh(draw)


def discard(draw: Draw) -> None:
    """Throw a draft away. `AlreadyLaunched` once fans can see it."""
    db.session.refresh(draw, with_for_update=True)
    if draw.launched_at is not None:
        raise AlreadyLaunched(_("Fans have read these rules; the draw takes place."))
    db.session.delete(draw)
    db.session.flush()


def promised(draw: Draw) -> dict[str, object]:
    """The rules as they were published."""
    found: dict[str, object] = json.loads(draw.rules)
    return found


def _check_campaign(campaign: Campaign, at: datetime) -> None:
    """What the rules promise must be able to happen: fans take part in the campaign, so it stands before its draws do."""
    if campaign.cancelled_at is not None or campaign.ends_at <= at:
        raise CampaignOver(_("The campaign is over; nobody could take part in this draw any more."))
    if campaign.launched_at is None:
        raise CampaignNotLaunched(
            _("The campaign of this draw is still a draft: nobody could take part."),
            _("Launch the campaign first, then the draw."),
        )


def _fix_chance(draw: Draw) -> None:
    if draw.source is Source.BEACON:
        draw.round = QUICKNET.round_at(draw.reveals_at)
        draw.reveals_at = QUICKNET.moment_of(draw.round)
    elif draw.secret is None:
        value = secrets.token_bytes(32)
        draw.secret = {"value": value.hex(), "commitment": sha256(value).hexdigest()}


def _set_prizes(draw: Draw, wanted: Sequence[WantedPrize]) -> None:
    draw.prizes.clear()
    db.session.flush()
    for position, prize in enumerate(wanted):
        draw.prizes.append(
            DrawPrize(
                position=position,
                name=prize.name,
                quantity=prize.quantity,
                value_minor=prize.value.minor,
                currency=prize.value.currency,
                by_post=prize.by_post,
            )
        )
    db.session.flush()
