"""Pictures and videos of a page: taking them in, finding them, keeping them for as long as the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.pages.blocks import Block, BlockForm, known
from campaigns.pages.models import CampaignPage, PageMedia
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from commons.media.videos import keep_video

KEEPERS: dict[str, Callable[..., Picture | Video]] = {"picture": keep, "video": keep_video}


def take_in(form: BlockForm, *, by: User, at: datetime) -> bool:
    """Keep the files that came with a valid form and name them in its fields; False, with the reason beside the field, when
    one is refused. No transaction should be open: a video is looked at for seconds.
    """
    fields: Any = form
    for name, keeper in KEEPERS.items():
        upload = fields[f"{name}_file"] if f"{name}_file" in form else None
        if upload is None or not upload.data:
            continue
        try:
            fields[name].data = keeper(upload.data.stream, upload.data.filename or "", by, at).public_id
        except DomainError as refusal:
            upload.errors = [refusal.in_full]
            return False
    return True


def pictures_of(blocks: Iterable[Block]) -> dict[str, Picture]:
    """The pictures that blocks name, by public id: one query."""
    names = named(blocks)[0]
    query = Picture.public().where(Picture.public_id.in_(names))
    return {picture.public_id: picture for picture in db.session.scalars(query)} if names else {}


def videos_of(blocks: Iterable[Block]) -> dict[str, Video]:
    """The videos that blocks name, by public id: one query."""
    names = named(blocks)[1]
    query = select(Video).where(Video.public_id.in_(names))
    return {video.public_id: video for video in db.session.scalars(query)} if names else {}


def named(blocks: Iterable[Block]) -> tuple[set[str], set[str]]:
    """The public ids of pictures and of videos that blocks name."""
    kinds = known()
    pictures: set[str] = set()
    videos: set[str] = set()
    for block in blocks:
        if block.kind in kinds:
            pictures |= _values(block, kinds[block.kind].pictures)
            videos |= _values(block, kinds[block.kind].videos)
    return pictures, videos


def hold(page: CampaignPage, blocks: Sequence[Block]) -> None:
    """Keep what the blocks name for as long as the page: an earlier version may still show it."""
    for picture in pictures_of(blocks).values():
        insert_new(PageMedia, {"page_id": page.id, "picture_id": picture.id})
    for video in videos_of(blocks).values():
        insert_new(PageMedia, {"page_id": page.id, "video_id": video.id})


def _values(block: Block, fields: Sequence[str]) -> set[str]:
    return {str(block.fields[name]) for name in fields if block.fields.get(name)}
