"""From uploaded files, or from the library, into the library and into a post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from campaigns.posts import writing
from campaigns.posts.models import BrandPost, PostPicture
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.media.models import Picture, Video
from commons.media.videos import keep_video

VIDEO_ENDINGS = (".mp4", ".mov", ".m4v", ".qt", ".webm", ".avi", ".mkv", ".mpg", ".mpeg", ".3gp")

Refusals = list[tuple[str, DomainError]]


def take_in(files: Iterable[FileStorage], *, by: User, at: datetime) -> tuple[list[Picture | Video], Refusals]:
    """Keep each file in the library. Those that were refused come back by name, the others are in."""
    kept: list[Picture | Video] = []
    refused: Refusals = []
    for file in files:
        try:
            with db.session.begin_nested():
                kept.append(keep_file(file, by=by, at=at))
        except DomainError as refusal:
            refused.append((file.filename or "", refusal))
    for what in kept:
        payload = {"name": what.name or what.public_id}
        key = f"media.added:{what.public_id}"
        events.track("media.added", key=key, at=at, actor_id=by.id, subject=what, payload=payload)
    return kept, refused


def keep_file(file: FileStorage, *, by: User, at: datetime) -> Picture | Video:
    """Keep a picture or, if it says that it is one, a video. Raises what `keep` and `keep_video` raise."""
    name = file.filename or ""
    is_video = name.lower().endswith(VIDEO_ENDINGS) or (file.mimetype or "").startswith("video/")
    return keep_video(file.stream, name, by, at) if is_video else keep(file.stream, name, by, at)


def put_in(post: BrandPost, what: Picture | Video, *, by: User, at: datetime) -> None:
    """Put something out of the library into a post, with the words that described it last. Raises what `writing` raises."""
    if isinstance(what, Video):
        writing.set_video(post, what, by=by, at=at, alt=_last_words_of_video(what))
    else:
        writing.add_picture(post, what, by=by, at=at, alt=_last_words(what))


def _last_words(picture: Picture) -> str:
    query = select(PostPicture.alt).where(PostPicture.picture_id == picture.id, PostPicture.alt != "")
    return db.session.scalar(query.order_by(PostPicture.id.desc()).limit(1)) or ""


def _last_words_of_video(video: Video) -> str:
    query = select(BrandPost.video_alt).where(BrandPost.video_id == video.id, BrandPost.video_alt != "")
    return db.session.scalar(query.order_by(BrandPost.changed_at.desc()).limit(1)) or ""
