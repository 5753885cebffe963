"""Which posts a picture or a video is in, and what else needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from campaigns.posts.models import BrandPost, PostPicture
from campaigns.posts.series.models import Series
from campaigns.publishing.models import PLANNED, Delivery, DeliveryState
from commons.db import db
from commons.media.models import Picture, Video
from commons.media.usage import references

GOING = PLANNED | {DeliveryState.PUBLISHING}
OUT = frozenset({DeliveryState.PUBLISHED, DeliveryState.PARTIAL, DeliveryState.UNKNOWN})
OF_POSTS = frozenset({"post_picture", "brand_post"})


@dataclass(frozen=True)
class Use:
    """A post that has it: `stage` is "planned", "published", "discarded", "draft" for all that is none of these, or
    "recurring" for the pattern of a series that goes on.
    """

    post_id: str
    text: str
    stage: str

    @property
    def needs_it(self) -> bool:
        return self.stage != "discarded"

    @property
    def url(self) -> str:
        return f"/posts/{self.post_id}"


def uses_of(whats: Iterable[Picture | Video]) -> Mapping[Picture | Video, Sequence[Use]]:
    """The posts that have each of them, the newest first."""
    uses: dict[Picture | Video, list[Use]] = defaultdict(list)
    for kind, here in _by_kind(whats):
        rows = _posts_with(kind, here)
        stages = _stages({row.post for row in rows})
        for series in _running():
            for what in _in_series(series, here, rows):
                uses[what].append(Use(series.pattern.public_id, series.name, "recurring"))
        for row in rows:
            if not row.is_pattern:
                stage = "discarded" if row.discarded_at else stages[row.post]
                uses[here[row.what]].append(Use(row.public_id, row.text, stage))
    return uses


def _in_series(series: Series, here: Mapping[int, Picture | Video], rows: Iterable[Any]) -> Iterable[Picture | Video]:
    """What the pattern has now, and what its posts are still made from."""
    in_pattern = {row.what for row in rows if row.post == series.pattern_id}
    return [what for what in here.values() if what.id in in_pattern or what.public_id in named_in(series)]


def needed_by_series() -> Collection[str]:
    """The public ids of what series name from which posts are still to be made."""
    return {public_id for series in _running() for public_id in named_in(series)}


def named_in(series: Series) -> set[str]:
    pictures = {public_id for public_id, _alt in series.content.get("pictures", ())}
    return pictures | {series.content["video"]} if series.content.get("video") else pictures


def _running() -> Sequence[Series]:
    return db.session.scalars(select(Series).where(Series.ended_at.is_(None))).all()


def others_of(whats: Iterable[Picture | Video]) -> Mapping[Picture | Video, Collection[str]]:
    """The tables beside those of posts that refer to each of them."""
    others: dict[Picture | Video, set[str]] = defaultdict(set)
    for kind, here in _by_kind(whats):
        for column in references(kind):
            if column.table.name not in OF_POSTS:
                for found in db.session.scalars(select(column).where(column.in_(here)).distinct()):
                    others[here[found]].add(column.table.name)
    return others


def _by_kind(whats: Iterable[Picture | Video]) -> list[tuple[Any, dict[int, Picture | Video]]]:
    kinds: dict[Any, dict[int, Picture | Video]] = defaultdict(dict)
    for what in whats:
        kinds[type(what)][what.id] = what
    return list(kinds.items())


def _posts_with(kind: type[Picture] | type[Video], here: Collection[int]) -> Sequence[Any]:
    """Rows of `what` (the picture's or video's id) and the `post` that has it."""
    post = (
        BrandPost.id.label("post"),
        BrandPost.public_id,
        BrandPost.text,
        BrandPost.discarded_at,
        BrandPost.is_pattern,
    )
    query: Select[*tuple[Any, ...]]
    if kind is Picture:
        query = select(PostPicture.picture_id.label("what"), *post).join(BrandPost, BrandPost.id == PostPicture.post_id)
        query = query.where(PostPicture.picture_id.in_(here))
    else:
        query = select(BrandPost.video_id.label("what"), *post).where(BrandPost.video_id.in_(here))
    return db.session.execute(query.order_by(BrandPost.id.desc())).all()


def _stages(post_ids: Collection[int]) -> Mapping[int, str]:
    """How far each post is, wherever it goes: what is still to come counts more than what is out."""
    states: dict[int, set[DeliveryState]] = defaultdict(set)
    query = select(Delivery.post_id, Delivery.state).where(Delivery.post_id.in_(post_ids))
    for post_id, state in db.session.execute(query):
        states[post_id].add(state)
    return {post_id: _stage(states[post_id]) for post_id in post_ids}


def _stage(states: Collection[DeliveryState]) -> str:
    if GOING & set(states):
        return "planned"
    return "published" if OUT & set(states) else "draft"
