"""Beginning a test and ending it by choosing. Nothing of a test changes while it runs, or it could not be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from campaigns.links.making import make_link
from campaigns.links.models import Link
from campaigns.pages import publishing
from campaigns.pages.experiments.models import Experiment, Goal, Variant
from campaigns.pages.experiments.sizing import needed
from campaigns.pages.models import PageVersion
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid
from community.channels.models import ChannelPost

MOST_VARIANTS = 5


class Running(Conflict):
    """The page or the post is in a test already."""


class NotDecided(Conflict):
    """The number of people that was fixed beforehand is not reached yet."""


@dataclass(frozen=True)
class WantedVariant:
    """A version of the page, or words for the post. The first variant of a post is the post as it is."""

    name: str
    share: int = 1
    version: PageVersion | None = None
    text: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is to be tested. `base_rate` and `effect` are shares, 0 to 1; `post` None: the campaign's page."""

    name: str
    goal: Goal
    base_rate: float
    effect: float
    variants: Sequence[WantedVariant]
    post: ChannelPost | None = None


def start(campaign: Campaign, wanted: Wanted, *, by: User, at: datetime) -> Experiment:
    """Begin a test, at once. Raises `Running`, and `Invalid` for what cannot be compared."""
    _check(wanted)
    experiment = Experiment(
        campaign=campaign,
        post=wanted.post,
        name=wanted.name.strip(),
        goal=wanted.goal,
        base_rate=wanted.base_rate,
        effect=wanted.effect,
        live_subject=f"post:{wanted.post.id}" if wanted.post else f"page:{campaign.id}",
        started_by=by,
        started_at=at,
    )
    sizes = needed(wanted.base_rate, wanted.effect, [one.share for one in wanted.variants])
    experiment.variants = [
        _variant(place, one, size, experiment, by, at)
        for place, (one, size) in enumerate(zip(wanted.variants, sizes, strict=True))
    ]
    try:
        with db.session.begin_nested():
            db.session.add(experiment)
    except IntegrityError as error:
        raise Running(
            _("A test of this is running already."), _("End it first: two at once would spoil each other.")
        ) from error
    _tell("experiment.started", experiment, by, at)
    return experiment


def choose(experiment: Experiment, variant: Variant, *, is_decided: bool, by: User, at: datetime) -> None:
    """End the test with a winner: its version becomes the page, its words the post's. Raises `NotDecided` before the number of
    people that was fixed is reached; choosing the same twice is once.
    """
    if not is_decided:
        raise NotDecided(
            _("Not decided yet: choosing now would mean to take chance for a result."),
            _("Wait until every variant has its people, or stop the test without a winner."),
        )
    if _end(experiment, at):
        variant.chosen_at = at
        if variant.version is not None:
            publishing.publish(variant.version, experiment.campaign.zone, by=by, at=at)
        elif experiment.post is not None and variant.position > 0:
            experiment.post.text = variant.text
            experiment.post.link_slug = variant.link.slug if variant.link else experiment.post.link_slug
        db.session.flush()
        _tell("experiment.chosen", experiment, by, at, variant=variant.name)


def stop(experiment: Experiment, *, by: User, at: datetime) -> None:
    """End the test without a winner: everybody sees again what stood before. Stopping twice is once."""
    if _end(experiment, at):
        _tell("experiment.stopped", experiment, by, at)


def _end(experiment: Experiment, at: datetime) -> bool:
    """Whether it was running until now."""
    running = (Experiment.id == experiment.id, Experiment.ended_at.is_(None))
    ended = changed(update(Experiment).where(*running).values(ended_at=at, live_subject=None)) == 1
    db.session.refresh(experiment)
    return ended


def _check(wanted: Wanted) -> None:
    if not 2 <= len(wanted.variants) <= MOST_VARIANTS:
        raise Invalid(_("Compare two variants at least and %(most)s at most.", most=MOST_VARIANTS))
    said = [(one.version.id if one.version else None, one.text) for one in wanted.variants]
    if len(set(said)) < len(said):
        raise Invalid(_("Two of the variants are the same."), _("Compare different ones."))
    if any(one.share < 1 for one in wanted.variants):
        raise Invalid(_("Every variant needs a share."))
    if not 0 < wanted.base_rate < 1 or wanted.effect <= 0:
        raise Invalid(_("The expected share lies between 0 % and 100 %, and the difference is more than nothing."))
    if wanted.base_rate + wanted.effect > 1:
        raise Invalid(_("Such a difference is not possible: more than all would have to do it."))


def _variant(place: int, wanted: WantedVariant, size: int, experiment: Experiment, by: User, at: datetime) -> Variant:
    return Variant(
        position=place,
        name=wanted.name.strip() or chr(ord("A") + place),
        share=wanted.share,
        needed=size,
        version=wanted.version,
        text=wanted.text,
        link=_link(experiment, place, by, at),
    )


def _link(experiment: Experiment, place: int, by: User, at: datetime) -> Link | None:
    """The tracked link of a post's variant: the post's own for the first, one to the same target for every other."""
    post = experiment.post
    if post is None or not post.link_slug:
        return None
    own = db.session.scalars(select(Link).where(Link.slug == post.link_slug, Link.domain_id.is_(None))).one_or_none()
    if own is None or place == 0:
        return own
    title = f"{own.title or experiment.name} · {chr(ord('A') + place)}"[:120]
    return make_link(own.target, by=by, at=at, campaign=experiment.campaign, title=title, utm_source="circle",
                     utm_medium="post")  # fmt: skip


def _tell(kind: str, experiment: Experiment, by: User, at: datetime, **more: str) -> None:
    events.track(
        kind,
        key=f"{kind}:{experiment.public_id}",
        at=at,
        actor_id=by.id,
        subject=experiment,
        campaign_id=experiment.campaign_id,
        payload={"name": experiment.name, **more},
    )
