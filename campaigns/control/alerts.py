"""What wants a decision now, from the rooms that were there before the control room. Others bring theirs through the slot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from campaigns.control import slots
from campaigns.control.goals import Goal
from campaigns.control.slots import Alert
from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.links.models import Link
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing import holding
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.loyalty.watching.models import Outcome, SuspectMember, Suspicion

NEAR = timedelta(days=1)
UNSETTLED = (
    DeliveryState.HELD, DeliveryState.PARTIAL, DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.MISSED
)  # fmt: skip
ORDER = ("bad", "warn", "info")


def alerts(campaign: Campaign, goals: Sequence[Goal], user: User, at: datetime) -> list[Alert]:
    """All of them, the worst first; only what the person may do something about."""
    found = [*_goals(campaign, goals), *_own(campaign, user, at)]
    for bring in slots.alerts:
        found += bring(campaign, user, at)
    return sorted(found, key=lambda alert: ORDER.index(alert.tone))


def _own(campaign: Campaign, user: User, at: datetime) -> Iterator[Alert]:
    yield from _holds(campaign, at)
    if user.can(Permission.POST_READ):
        yield from _posts(campaign)
    if user.can(Permission.LINK_READ):
        yield from _links(campaign)
    yield from _group_buys(campaign, at)
    if user.can(Permission.LOYALTY_READ):
        yield from _suspicions(campaign)


def _goals(campaign: Campaign, goals: Sequence[Goal]) -> Iterator[Alert]:
    for goal in goals:
        if goal.is_far_behind:
            words = _("“%(goal)s” is far behind: %(actual)s, and %(planned)s were planned by now.",
                      goal=goal.name, actual=goal.pace.actual, planned=goal.pace.planned)  # fmt: skip
            yield Alert("warn", words, url_for("planning.show", public_id=campaign.public_id), _("To the plan"))


def _holds(campaign: Campaign, at: datetime) -> Iterator[Alert]:
    for hold in holding.on(at):
        if hold.campaign_id == campaign.id:
            words = _("Posts of this campaign are on hold: %(reason)s", reason=hold.reason)
            yield Alert("warn", words, url_for("publishing.hold", public_id=hold.public_id), _("Resume…"))


def _posts(campaign: Campaign) -> Iterator[Alert]:
    query = select(func.count()).select_from(Delivery).join(BrandPost).where(
        BrandPost.campaign_id == campaign.id, BrandPost.discarded_at.is_(None), Delivery.state.in_(UNSETTLED)
    )  # fmt: skip
    if number := db.session.scalar(query):
        words = ngettext(
            "%(num)d post has not gone out as planned.", "%(num)d posts have not gone out as planned.", number
        )
        yield Alert("bad", words, url_for("posts.index", campaign=campaign.public_id), _("See the posts"))


def _links(campaign: Campaign) -> Iterator[Alert]:
    query = select(Link).where(Link.campaign_id == campaign.id, Link.dead_since.is_not(None), Link.ended_at.is_(None))
    for link in db.session.scalars(query.limit(5)):
        words = _("The link “%(title)s” leads to a page that does not answer.", title=link.title or link.slug)
        yield Alert("bad", words, url_for("links.show", public_id=link.public_id), _("See the link"))


def _group_buys(campaign: Campaign, at: datetime) -> Iterator[Alert]:
    query = select(GroupBuy).where(
        GroupBuy.campaign_id == campaign.id,
        GroupBuy.state == GroupBuyState.OPEN,
        GroupBuy.deadline_at <= at + NEAR,
        GroupBuy.people + GroupBuy.filled < GroupBuy.needed,
    )
    for offer in db.session.scalars(query):
        words = ngettext("“%(title)s” closes within a day and %(num)d person is missing.",
                         "“%(title)s” closes within a day and %(num)d people are missing.",
                         offer.needed - offer.reached, title=offer.title)  # fmt: skip
        yield Alert("warn", words, url_for("groupbuys.show", public_id=offer.public_id), _("See the group buy"))


def _suspicions(campaign: Campaign) -> Iterator[Alert]:
    """What the watch over points holds of people who take part."""
    query = (
        select(func.count(Suspicion.id.distinct()))
        .join(SuspectMember, SuspectMember.suspicion_id == Suspicion.id)
        .join(Participant, Participant.member_id == SuspectMember.member_id)
        .where(Suspicion.outcome == Outcome.OPEN, Participant.campaign_id == campaign.id)
    )
    if number := db.session.scalar(query):
        words = ngettext("%(num)d suspicion about people who take part waits for a decision.",
                         "%(num)d suspicions about people who take part wait for a decision.", number)  # fmt: skip
        yield Alert("warn", words, url_for("suspicions.index"), _("See the suspicions"))
