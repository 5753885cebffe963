"""Putting content into a post: what was typed, or what an earlier version kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.drafts import SAID, Content
from campaigns.posts.labelling import labels_named
from campaigns.posts.models import BrandPost, PostPicture, PostVariant
from commons.db import db
from commons.media.models import Picture, Video
from commons.media.usage import let_go
from community.channels.models import ChannelAccount

PLAIN = ("text", "more", "first_comment", "content_warning", "language", "notes", "ad", "video_alt")


def apply(post: BrandPost, before: Content, wanted: Content, at: datetime) -> None:
    """Change what differs. What is named but no longer there is left out."""
    for name in PLAIN:
        if wanted[name] != before[name]:
            setattr(post, name, wanted[name])
    others: dict[str, Callable[[BrandPost, Any, datetime], None]] = {
        "campaign": _campaign,
        "link": _link,
        "labels": _labels,
        "pictures": _pictures,
        "video": _video,
        "variants": _variants,
    }
    for name, change in others.items():
        if wanted[name] != before[name]:
            change(post, wanted[name], at)
    db.session.flush()


def _campaign(post: BrandPost, public_id: str | None, at: datetime) -> None:
    post.campaign = db.session.scalar(select(Campaign).where(Campaign.public_id == public_id))


def _link(post: BrandPost, public_id: str | None, at: datetime) -> None:
    post.link = db.session.scalar(select(Link).where(Link.public_id == public_id))


def _labels(post: BrandPost, names: list[str], at: datetime) -> None:
    post.labels = labels_named(names, at)


def _video(post: BrandPost, public_id: str | None, at: datetime) -> None:
    if post.video is not None:
        let_go(post.video, at)
    post.video = db.session.scalar(select(Video).where(Video.public_id == public_id))


def _pictures(post: BrandPost, listed: list[list[str]], at: datetime) -> None:
    here = {entry.picture.public_id: entry for entry in post.pictures}
    names = [public_id for public_id, _alt in listed]
    there = {
        picture.public_id: picture
        for picture in db.session.scalars(Picture.public().where(Picture.public_id.in_(names)))
    }
    order: list[PostPicture] = []
    for public_id, alt in listed:
        entry = here.get(public_id)
        if entry is None and public_id in there:
            entry = PostPicture(picture=there[public_id])
        if entry is not None:
            entry.alt, entry.position = alt, len(order)
            order.append(entry)
    for entry in post.pictures:
        if entry not in order:
            let_go(entry.picture, at)
    post.pictures = order


def _variants(post: BrandPost, wanted: Content, at: datetime) -> None:
    here = {variant.account.public_id: variant for variant in post.variants}
    accounts = db.session.scalars(select(ChannelAccount).where(ChannelAccount.public_id.in_(wanted)))
    chosen = []
    for account in sorted(accounts, key=lambda account: account.id):
        variant = here.get(account.public_id) or PostVariant(account=account)
        for name in SAID:
            setattr(variant, name, wanted[account.public_id].get(name))
        chosen.append(variant)
    post.variants = chosen
