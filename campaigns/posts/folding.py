"""In the list a series is one row for all of its posts that just wait for their time: the next one, with the others behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from campaigns.posts.models import BrandPost
from campaigns.posts.series.models import Series, SeriesDay
from campaigns.posts.standing import standing_of_post
from campaigns.publishing.models import DeliveryState
from commons.accounts.models import User
from commons.db import db

MOST_OFFERED = 50


@dataclass(frozen=True)
class Fold:
    """The series that a post comes from, and how many of its posts stand behind this one."""

    series_id: str
    name: str
    behind: int


def folded(posts: Select[Any]) -> Select[int]:
    """The ids of those among `posts` (a query on `BrandPost`) that stand behind another of their series.

    Only what is scheduled is folded: a post that needs somebody, or is over, is always a row of its own.
    """
    line = _line(posts)
    return select(line.c.id).where(line.c.place > 1)


def folds(shown: Sequence[BrandPost], posts: Select[Any] | None) -> Mapping[int, Fold]:
    """Of each post that is shown and comes from a series: its fold, by the post's id. `posts` None: nothing was folded."""
    ids = [post.id for post in shown]
    query = select(SeriesDay.post_id, Series.public_id, Series.name).join(Series, Series.id == SeriesDay.series_id)
    rows = db.session.execute(query.where(SeriesDay.post_id.in_(ids))).all()
    behind = _behind(ids, posts) if rows and posts is not None else {}
    return {row.post_id: Fold(row.public_id, row.name, behind.get(row.post_id, 0)) for row in rows}


def series_choices(chosen: str, user: User) -> Sequence[Any]:
    """(public_id, name) of the series that go on, and of the one that is chosen, by name."""
    query = Series.visible_to(user).with_only_columns(Series.public_id, Series.name)
    wanted = query.where(Series.ended_at.is_(None) | (Series.public_id == chosen))
    return db.session.execute(wanted.order_by(Series.name, Series.id).limit(MOST_OFFERED)).all()


def _behind(ids: Sequence[int], posts: Select[Any]) -> Mapping[int, int]:
    line = _line(posts)
    query = select(line.c.id, (line.c.size - 1).label("behind")).where(line.c.place == 1, line.c.id.in_(ids))
    return {row.id: row.behind for row in db.session.execute(query)}


def _line(posts: Select[Any]) -> Subquery:
    """The scheduled posts of each series among `posts`: the place of each in its line, and how long that is."""
    of_series = SeriesDay.series_id
    place = func.row_number().over(partition_by=of_series, order_by=SeriesDay.day)
    size = func.count().over(partition_by=of_series)
    query = posts.join(SeriesDay, SeriesDay.post_id == BrandPost.id)
    query = query.where(standing_of_post() == DeliveryState.SCHEDULED)
    return query.with_only_columns(BrandPost.id, place.label("place"), size.label("size")).subquery()
