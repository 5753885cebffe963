"""Changing a link: what it leads to and on which terms. Every change is an act of the team, with what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from campaigns.links.making import FIRST_LOOK
from campaigns.links.models import Link, Way
from campaigns.links.slots import regrouped
from campaigns.links.targets import checked_target
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.accounts.passwords import hash_password
from commons.db import changed, db, random_id
from commons.errors import Conflict, Gone, Invalid
from commons.media.models import Picture

MOST_WAYS = 20
MOST_WEIGHT = 1000
PLAIN = (
    "title",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "expires_at",
    "most_visits",
    "tells_click",
    "card_title",
    "card_text",
)


@dataclass(frozen=True)
class Terms:
    """What a link says of itself. `password`: a new one, None keeps what is there, empty takes it away; `card_picture` None
    keeps the one it has, unless `drops_picture`.
    """

    target: str
    title: str = ""
    campaign: Campaign | None = None
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    expires_at: datetime | None = None
    most_visits: int | None = None
    password: str | None = None
    tells_click: bool = False
    card_title: str = ""
    card_text: str = ""
    card_picture: Picture | None = None
    drops_picture: bool = False


@dataclass(frozen=True)
class WantedWay:
    """A rule (`weight` None), or an A/B way; see `models.Way`."""

    target: str
    name: str = ""
    device: str = ""
    language: str = ""
    region: str = ""
    weight: int | None = None


def change(link: Link, terms: Terms, *, by: User, at: datetime) -> None:
    """Let the link lead and behave as `terms` say. Saying the same again changes nothing. `Invalid` for a target that is no
    address; `Gone` for a link that has ended.
    """
    _check_in_force(link)
    before = {
        name: getattr(link, name) for name in (*PLAIN, "campaign_id", "card_picture_id", "password_hash", "target")
    }
    target = checked_target(terms.target)
    if link.member_id is not None and target != link.target:
        raise Invalid(_("A fan shares this link for one page; it cannot lead anywhere else."))
    for name in PLAIN:
        setattr(link, name, getattr(terms, name))
    link.campaign_id = terms.campaign.id if terms.campaign else None
    if terms.card_picture is not None or terms.drops_picture:
        link.card_picture = terms.card_picture
    if terms.password is not None:
        link.password_hash = hash_password(terms.password) if terms.password else None
    link.target = target
    db.session.flush()
    what = [name for name, was in before.items() if getattr(link, name) != was]
    if "target" in what:
        look_soon(link, at)
        _tell("link.redirected", link, by, at, before=before["target"], after=link.target)
    if "campaign_id" in what:
        for tell in regrouped:
            tell(link, before["campaign_id"])
    if set(what) - {"target"}:
        _tell("link.changed", link, by, at)


def add_way(link: Link, wanted: WantedWay, *, by: User, at: datetime) -> Way:
    """Give the link another target, tried after its rules so far. `Invalid` for what fits nobody in particular."""
    _check_in_force(link)
    if wanted.weight is None and not (wanted.device or wanted.language or wanted.region):
        raise Invalid(_("Say for whom this target is: a device, a language or a region."))
    if wanted.weight is not None and not 1 <= wanted.weight <= MOST_WEIGHT:
        raise Invalid(_("A weight is a whole number from 1 to %(most)s.", most=MOST_WEIGHT))
    if len(link.rules) + len(link.variants) >= MOST_WAYS:
        raise Conflict(_("A link has at most %(count)s further targets.", count=MOST_WAYS))
    values: dict[str, Any] = {**vars(wanted), "target": checked_target(wanted.target)}
    last = db.session.scalar(select(func.max(Way.position)).where(Way.link_id == link.id)) or 0
    way = Way(link_id=link.id, position=last + 1, made_at=at, **values)
    db.session.add(way)
    db.session.flush()
    db.session.refresh(link, ["ways"])
    look_soon(link, at)
    _tell("link.way_added", link, by, at, after=way.target)
    return way


def remove_way(way: Way, *, by: User, at: datetime) -> None:
    """From now on nobody is sent there; its visits stay. Twice is once."""
    _check_in_force(way.link)
    if way.removed_at is None:
        way.removed_at = at
        _tell("link.way_removed", way.link, by, at, before=way.target)


def move_way_up(way: Way, *, by: User, at: datetime) -> None:
    """Try a rule before the one that stands before it. The first stays where it is."""
    _check_in_force(way.link)
    rules = way.link.rules
    place = rules.index(way) if way in rules else 0
    if place > 0:
        above = rules[place - 1]
        above.position, way.position = way.position, above.position
        db.session.flush()
        db.session.refresh(way.link, ["ways"])
        _tell("link.changed", way.link, by, at)


def weigh_main(link: Link, weight: int, *, by: User, at: datetime) -> None:
    """How much of the A/B traffic the main target keeps; 0 is nothing."""
    _check_in_force(link)
    if not 0 <= weight <= MOST_WEIGHT:
        raise Invalid(_("A weight is a whole number from 1 to %(most)s.", most=MOST_WEIGHT))
    if weight != link.main_weight:
        link.main_weight = weight
        _tell("link.changed", link, by, at)


def take_visit(link_id: int) -> bool:
    """Count one opening against `most_visits`; False when they are used up. One conditional update, so exact under load."""
    left = update(Link).where(Link.id == link_id, Link.visits_taken < Link.most_visits)
    return changed(left.values(visits_taken=Link.visits_taken + 1)) == 1


def look_soon(link: Link, at: datetime) -> None:
    """Have the targets looked at in a while, if one of them is not a page of ours: it may be on its way up just now."""
    ways: Sequence[Way] = [*link.rules, *link.variants]
    away = any(not target.startswith("/") for target in (link.target, *(way.target for way in ways)))
    link.check_due_at, link.misses = (at + FIRST_LOOK if away else None), 0


def _check_in_force(link: Link) -> None:
    if link.ended_at is not None:
        raise Gone(_("This link has ended and can no longer be changed."), _("Make a new one."))


def _tell(kind: str, link: Link, by: User, at: datetime, **more: str) -> None:
    events.track(
        kind,
        key=f"{kind}:{link.public_id}:{random_id()}",
        at=at,
        actor_id=by.id,
        subject=link,
        campaign_id=link.campaign_id,
        payload={"slug": link.slug, **more},
    )
