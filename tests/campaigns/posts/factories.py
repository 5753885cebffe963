"""Posts and pictures for tests, made through the real verbs."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from campaigns.posts.models import BrandPost
from campaigns.posts.writing import Draft, add_picture, begin, save
from commons import clock
from commons.accounts.models import User
from commons.db import random_id
from commons.media.keeping import keep
from commons.media.models import Picture
from tests.commons.media.pictures import a_picture


def make_post(
    by: User, text: str = "明天上午十点，第一批龙井开团。", at: datetime | None = None, **more: object
) -> BrandPost:
    at = at or clock.now()
    post = begin(random_id(), by=by, at=at)
    save(post, Draft(text=text, **more), revision=0, by=by, at=at)  # type: ignore[arg-type]
    return post


def make_picture(name: str = "tea.jpg") -> Picture:
    return keep(BytesIO(a_picture(size=(400, 300))), name, by=None, at=clock.now())


def with_pictures(post: BrandPost, *alts: str) -> BrandPost:
    """Put a picture into the post for each of `alts`, described by it."""
    for alt in alts:
        add_picture(post, make_picture(), at=clock.now())
        post.pictures[-1].alt = alt
    return post
