"""Carrying a row out: the words into the post, the time into its deliveries, all through the usual verbs."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from campaigns.links.making import make_link
from campaigns.links.models import Link
from campaigns.posts import writing
from campaigns.posts.drafts import Draft, Edited
from campaigns.posts.exchange.comparing import WAITING, Compared
from campaigns.posts.exchange.knowing import deliveries_of
from campaigns.posts.exchange.understanding import Meant
from campaigns.posts.labelling import labels_named
from campaigns.posts.models import BrandPost
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons.accounts.models import User
from commons.db import random_id
from commons.errors import NotAllowed
from commons.permissions import Permission
from community.channels.accounts import circle_account


def carry_out(result: Compared, by: User, at: datetime) -> BrandPost:
    """Write what the row changes, and plan it. Raises what writing and scheduling raise, and then some of it may be done."""
    if not by.can(Permission.POST_WRITE):
        raise NotAllowed(_("You may not write posts."))
    post = result.post or writing.begin(random_id(), by=by, at=at)
    if result.post is None or result.changed - {"when", "zone", "state"}:
        _leave(post, result, by, at)
        writing.save(post, _draft(post, result.meant, by, at), revision=post.revision, by=by, at=at)
    if result.post is None or result.changed & {"when", "zone", "state", "channels"}:
        _plan(post, result.meant, by, at)
    return post


def _draft(post: BrandPost, meant: Meant, by: User, at: datetime) -> Draft:
    """The post as it stands, with what the row says."""
    now, given = Draft.of(post), meant.given
    variants = now.variants or {}
    if "channels" in given:
        accounts = meant.accounts or ([] if post.revision else [circle_account()])
        variants = {account: variants.get(account, Edited()) for account in accounts}
    return Draft(
        text=meant.text if "text" in given else now.text,
        campaign=meant.campaign if "campaign" in given else now.campaign,
        link=_link(post, meant, by, at) if "link" in given else now.link,
        ad=now.ad,
        alts=now.alts,
        more=meant.parts if "parts" in given else now.more,
        first_comment=meant.first_comment if "first_comment" in given else now.first_comment,
        content_warning=meant.content_warning if "content_warning" in given else now.content_warning,
        labels=labels_named(meant.labels, at) if "labels" in given else now.labels,
        variants=variants,
    )


def _link(post: BrandPost, meant: Meant, by: User, at: datetime) -> Link | None:
    if not meant.target:
        return meant.link
    if not by.can(Permission.LINK_WRITE):
        raise NotAllowed(_("You may not make links."))
    campaign = meant.campaign if "campaign" in meant.given else post.campaign
    return make_link(meant.target, by=by, at=at, campaign=campaign, title=meant.target[:120])


def _plan(post: BrandPost, meant: Meant, by: User, at: datetime) -> None:
    """Bring the deliveries to the state and the time that the row names."""
    if meant.state in WAITING and meant.when is not None:
        scheduling.schedule_all(post, meant.when, meant.zone, by=by, at=at)
        return
    act = {DeliveryState.CANCELLED: scheduling.cancel, DeliveryState.DRAFT: scheduling.take_back}.get(
        meant.state or DeliveryState.DRAFT
    )
    for delivery in deliveries_of([post]).get(post.id, []):
        if act is not None and not delivery.is_fixed:
            act(delivery, by=by, at=at)


def _leave(post: BrandPost, result: Compared, by: User, at: datetime) -> None:
    """Cancel what is planned on accounts that the row no longer names: only then do they let go of the post."""
    if "channels" not in result.changed:
        return
    for delivery in result.deliveries:
        if delivery.account not in result.meant.accounts and delivery.state in WAITING:
            scheduling.cancel(delivery, by=by, at=at)
