"""What the library holds, newest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, exists, func, literal, not_, or_, select, union_all

from campaigns.posts.library.usage import Use, others_of, uses_of
from campaigns.posts.models import BrandPost, PostPicture
from commons.accounts.models import User
from commons.db import db
from commons.media.models import Picture, Video
from commons.media.usage import Kind, is_used
from commons.paging import Page, page_number

PAGE = 24
LAST_PAGE = 2000

TABS: Mapping[str, tuple[Kind, ...]] = {
    "all": (Picture, Video),
    "pictures": (Picture,),
    "videos": (Video,),
    "unused": (Picture, Video),
}


@dataclass(frozen=True)
class Filter:
    """What is shown: a tab, words out of the file's name or its description, and the page, from 1."""

    tab: str = "all"
    words: str = ""
    page: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        tab = args.get("tab", "all")
        words = args.get("words", "").strip()[:100]
        return cls(tab if tab in TABS else "all", words, page_number(args.get("page"), LAST_PAGE))


@dataclass(frozen=True)
class Item:
    """One picture or video: by whom it came in, the posts it is in, and the tables of other rooms that need it."""

    what: Picture | Video
    by: str | None
    uses: Sequence[Use]
    others: Sequence[str]

    @property
    def kind(self) -> str:
        return self.what.__tablename__

    def in_stage(self, stage: str) -> list[Use]:
        return [use for use in self.uses if use.stage == stage]

    @property
    def elsewhere(self) -> list[str]:
        """What else needs it; a channel's copy of a published post of ours is not worth a word."""
        return [table for table in self.others if table != "channel_post_picture" or not self.in_stage("published")]

    @property
    def is_needed(self) -> bool:
        return bool(self.others) or any(use.needs_it for use in self.uses)


def listed(chosen: Filter) -> Page[Item]:
    """One page of the library, with where everything on it is used."""
    found = db.session.execute(_newest(chosen).limit(PAGE + 1).offset((chosen.page - 1) * PAGE)).all()
    here = {kind: _loaded(kind, [row.id for row in found[:PAGE] if row.kind == kind.__tablename__]) for kind in _KINDS}
    whats = [here[kind][row.id] for row in found[:PAGE] for kind in _KINDS if row.kind == kind.__tablename__]
    return Page(_items(whats), chosen.page, len(found) > PAGE)


def counts(chosen: Filter) -> dict[str, int]:
    """How much each tab would show."""
    totals = {}
    for tab in TABS:
        every = _newest(Filter(tab, chosen.words)).order_by(None).subquery()
        totals[tab] = db.session.scalar(select(func.count()).select_from(every)) or 0
    return totals


_KINDS: tuple[Kind, ...] = (Picture, Video)


def _newest(chosen: Filter) -> CompoundSelect[Any]:
    parts = [_part(kind, chosen) for kind in TABS[chosen.tab]]
    every = union_all(*parts)
    return every.order_by(every.selected_columns.uploaded_at.desc(), every.selected_columns.id.desc())


def _part(kind: Kind, chosen: Filter) -> Select[*tuple[Any, ...]]:
    query = select(
        literal(kind.__tablename__).label("kind"), kind.id.label("id"), kind.uploaded_at.label("uploaded_at")
    )
    if kind is Picture:
        query = query.where(Picture.is_private.is_(False), not_(exists().where(Video.poster_id == Picture.id)))
    if chosen.words:
        query = query.where(or_(kind.name.icontains(chosen.words, autoescape=True), _described(kind, chosen.words)))
    if chosen.tab == "unused":
        query = query.where(not_(is_used(kind)))
    return query


def _described(kind: Kind, words: str) -> Any:
    """Whether some post describes it with these words."""
    if kind is Picture:
        return exists().where(PostPicture.picture_id == Picture.id, PostPicture.alt.icontains(words, autoescape=True))
    return exists().where(BrandPost.video_id == Video.id, BrandPost.video_alt.icontains(words, autoescape=True))


def _loaded(kind: Kind, ids: Sequence[int]) -> dict[int, Picture | Video]:
    query: Select[Any] = select(kind).where(kind.id.in_(ids))
    return {what.id: what for what in db.session.scalars(query)}


def _items(whats: Sequence[Picture | Video]) -> list[Item]:
    uses, others = uses_of(whats), others_of(whats)
    senders = {what.uploaded_by_id for what in whats}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(senders)))
    names: dict[int, str] = {row.id: row.name for row in found}
    return [
        Item(what, names.get(what.uploaded_by_id or 0), uses.get(what, ()), sorted(others.get(what, ())))
        for what in whats
    ]
