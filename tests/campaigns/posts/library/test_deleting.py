"""Nothing is deleted that a post needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.posts.library.deleting import Needed, delete
from campaigns.posts.series import changing
from campaigns.posts.series.models import SeriesDay
from campaigns.posts.writing import discard, remove_picture, restore
from campaigns.publishing.models import DeliveryState
from commons.accounts.models import User
from commons.admin.brand import current
from commons.db import db
from commons.events import Event
from commons.media.models import Picture, Video
from commons.media.usage import is_idle, users_of
from tests.campaigns.factories import make_offer
from tests.campaigns.posts.library.factories import a_kept_picture, a_kept_video, a_post_with, a_series_with, planned

NEEDING = [state for state in DeliveryState if state is not DeliveryState.DRAFT]


def how_many(kind: type[Picture] | type[Video]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture(params=[a_kept_picture, a_kept_video], ids=["picture", "video"])
def what(request: pytest.FixtureRequest, app: Flask, at: datetime) -> Picture | Video:
    made: Callable[[], Picture | Video] = request.param
    return made()


@pytest.mark.parametrize("state", NEEDING)
def test_what_a_post_in_any_state_needs_is_not_deleted(
    app: Flask, author: User, at: datetime, state: DeliveryState
) -> None:
    picture = a_kept_picture()
    planned(a_post_with(picture, author, "清明前的第一批龙井"), author, state)
    with pytest.raises(Needed) as refusal:
        delete(picture, by=author, at=at)
    assert "清明前的第一批龙井" in refusal.value.message
    assert how_many(Picture) == 1


def test_what_a_draft_needs_is_not_deleted_and_the_draft_is_named(
    what: Picture | Video, author: User, at: datetime
) -> None:
    a_post_with(what, author, "还没写完")
    with pytest.raises(Needed) as refusal:
        delete(what, by=author, at=at)
    assert "还没写完" in refusal.value.message


def test_of_many_posts_three_are_named(app: Flask, author: User, at: datetime) -> None:
    picture = a_kept_picture()
    for number in range(5):
        a_post_with(picture, author, f"第{number}篇")
    with pytest.raises(Needed) as refusal:
        delete(picture, by=author, at=at)
    assert [f"第{number}篇" in refusal.value.message for number in range(5)] == [False, False, True, True, True]
    assert "2" in refusal.value.message


def test_what_is_not_used_goes_with_all_that_belongs_to_it(what: Picture | Video, author: User, at: datetime) -> None:
    delete(what, by=author, at=at)
    db.session.commit()
    assert (how_many(Picture), how_many(Video)) == (0, 0)
    fact = db.session.scalars(select(Event).where(Event.kind == "media.deleted")).one()
    assert (fact.actor_id, fact.payload["name"]) == (author.id, what.name)


def test_a_post_that_was_discarded_comes_back_without_it(what: Picture | Video, author: User, at: datetime) -> None:
    post = a_post_with(what, author)
    discard(post, by=author, at=at)
    delete(what, by=author, at=at)
    restore(post, by=author, at=at)
    db.session.commit()
    assert (post.pictures, post.video, post.video_alt) == ([], None, "")


def test_the_logo_of_the_brand_is_not_deleted(app: Flask, author: User, at: datetime) -> None:
    picture = a_kept_picture()
    current().logo_id = picture.id
    db.session.flush()
    with pytest.raises(Needed):
        delete(picture, by=author, at=at)


def test_the_picture_of_a_group_buy_is_not_deleted(app: Flask, author: User, at: datetime) -> None:
    picture = a_kept_picture()
    make_offer(picture=picture, picture_alt="茶")
    with pytest.raises(Needed):
        delete(picture, by=author, at=at)


def test_what_a_series_makes_its_posts_from_stays_though_its_pattern_has_lost_it(
    app: Flask, author: User, at: datetime
) -> None:
    picture = a_kept_picture()
    series = a_series_with(picture, author)
    made = [row.post for row in db.session.scalars(select(SeriesDay)) if row.post is not None]
    for post in [series.pattern, *made]:
        remove_picture(post, picture.public_id, at=at, by=author)
    assert users_of(picture) == []
    assert db.session.scalar(select(is_idle(Picture, at + timedelta(days=99))).where(Picture.id == picture.id)) is False
    with pytest.raises(Needed) as refusal:
        delete(picture, by=author, at=at)
    assert "周一问好" in refusal.value.message
    changing.end(series, by=author, at=at)
    delete(picture, by=author, at=at)


def test_a_series_that_is_over_needs_nothing_for_itself(app: Flask, author: User, at: datetime) -> None:
    picture = a_kept_picture()
    series = a_series_with(picture, author)
    changing.end(series, by=author, at=at)
    for row in db.session.scalars(select(SeriesDay)):
        if row.post is not None:
            discard(row.post, by=author, at=at)
    delete(picture, by=author, at=at)
    assert series.pattern.pictures == []
