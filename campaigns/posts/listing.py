"""The list of posts, by how far each has got as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns.planning.models import Campaign
from campaigns.posts.folding import Fold, folded, folds
from campaigns.posts.models import BrandPost, Label, PostVariant, post_labels
from campaigns.posts.series.models import Series, SeriesDay
from campaigns.posts.standing import standing, standing_of_post
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.paging import Page, page_number, page_of
from community.channels.models import ChannelAccount

Query = Select[*tuple[Any, ...]]

PAGE = 25
LAST_PAGE = 400

TABS: Mapping[str, tuple[DeliveryState, ...]] = {
    "all": tuple(DeliveryState),
    "draft": (DeliveryState.DRAFT,),
    "review": (DeliveryState.IN_REVIEW, DeliveryState.APPROVED),
    "scheduled": (DeliveryState.SCHEDULED, DeliveryState.HELD, DeliveryState.PUBLISHING),
    "published": (DeliveryState.PUBLISHED,),
    "attention": (DeliveryState.UNKNOWN, DeliveryState.PARTIAL, DeliveryState.FAILED, DeliveryState.MISSED),
    "cancelled": (DeliveryState.CANCELLED,),
}
# What was thrown away has a list of its own, whatever its state was.
DISCARDED = "discarded"
# In place of a series: its posts are not folded.
EVERY_POST = "each"


@dataclass(frozen=True)
class Filter:
    """What the list shows: a tab; a campaign, an account and a label by public id; words of the text; the page, from 1.

    `series` is empty (of a series the next post stands for all that just wait for their time), `EVERY_POST`, or the public
    id of the one series whose posts are shown.
    """

    tab: str = "all"
    campaign: str = ""
    channel: str = ""
    label: str = ""
    series: str = ""
    words: str = ""
    page: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        tab = args.get("tab", "all")
        return cls(
            tab if tab in TABS or tab == DISCARDED else "all",
            campaign=args.get("campaign", "")[:20],
            channel=args.get("channel", "")[:20],
            label=args.get("label", "")[:20],
            series=args.get("series", "")[:20],
            words=args.get("words", "").strip()[:100],
            page=page_number(args.get("page"), LAST_PAGE),
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.campaign or self.channel or self.label or self.one_series)

    @property
    def one_series(self) -> str:
        """The public id of the series that was chosen."""
        return "" if self.series == EVERY_POST else self.series

    @property
    def is_folded(self) -> bool:
        return not self.series and self.tab != DISCARDED

    def to(self, tab: str, page: int = 1) -> dict[str, Any]:
        """Another tab or page of the same, as arguments of its address."""
        return {
            "tab": None if tab == "all" else tab,
            "campaign": self.campaign or None,
            "channel": self.channel or None,
            "label": self.label or None,
            "series": self.series or None,
            "words": self.words or None,
            "page": None if page == 1 else page,
        }


@dataclass(frozen=True)
class Row:
    """A post with its deliveries, one for each account that it was planned on; `fold` when it comes from a series."""

    post: BrandPost
    deliveries: Sequence[Delivery]
    fold: Fold | None = None

    @property
    def state(self) -> str:
        return standing(delivery.state for delivery in self.deliveries).value

    @property
    def published_at(self) -> datetime | None:
        """When it first stood somewhere, once all of it is out."""
        moments = [delivery.published_at for delivery in self.deliveries if delivery.published_at]
        return min(moments, default=None) if self.state == DeliveryState.PUBLISHED.value else None

    @property
    def due_at(self) -> datetime | None:
        """The moment of the delivery that gives the post its state."""
        moments = [one.due_at for one in self.deliveries if one.state.value == self.state and one.due_at]
        return min(moments, default=None)

    @property
    def accounts(self) -> list[ChannelAccount]:
        return [variant.account for variant in self.post.variants]


def listed(chosen: Filter, user: User) -> Page[Row]:
    """One page: what is scheduled by when it goes out, everything else by when it was last touched, newest first."""
    narrowed = _narrowed(chosen, user)
    query = _of_tab(narrowed, chosen)
    if chosen.is_folded:
        query = query.where(BrandPost.id.not_in(folded(narrowed)))
    query = query.order_by(*_order(chosen)).options(joinedload(BrandPost.author), joinedload(BrandPost.campaign))
    found = page_of(query, chosen.page, PAGE)
    return Page(
        _rows(found.rows, folds(found.rows, narrowed if chosen.is_folded else None)), found.number, found.has_older
    )


def counts(chosen: Filter, user: User) -> dict[str, int]:
    """How many rows each tab would show."""
    narrowed = _narrowed(replace(chosen, tab="all"), user)
    rows = narrowed.where(BrandPost.id.not_in(folded(narrowed))) if chosen.is_folded else narrowed
    posts = rows.with_only_columns(_state().label("state")).subquery()
    query = select(posts.c.state, func.count()).group_by(posts.c.state)
    by_state = {DeliveryState(word): count for word, count in db.session.execute(query)}
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}


def ids_of(chosen: Filter, user: User) -> list[int]:
    """The posts of all pages, those that are folded too, newest first: what an export holds."""
    query = _of_tab(_narrowed(chosen, user), chosen).with_only_columns(BrandPost.id)
    return list(db.session.scalars(query.order_by(BrandPost.id.desc())))


def labels() -> Sequence[Label]:
    """The labels to choose from, by name."""
    return db.session.scalars(select(Label).order_by(Label.name)).all()


def _rows(posts: Sequence[BrandPost], found: Mapping[int, Fold]) -> list[Row]:
    query = select(Delivery).where(Delivery.post_id.in_([post.id for post in posts])).order_by(Delivery.id)
    by_post: dict[int, list[Delivery]] = {}
    for delivery in db.session.scalars(query):
        by_post.setdefault(delivery.post_id, []).append(delivery)
    return [Row(post, by_post.get(post.id, ()), found.get(post.id)) for post in posts]


def _order(chosen: Filter) -> Sequence[ColumnElement[Any]]:
    if chosen.tab == "scheduled":
        return _moment(func.min(Delivery.due_at)), BrandPost.id.asc()
    if chosen.tab == DISCARDED:
        return BrandPost.discarded_at.desc(), BrandPost.id.desc()
    touched = func.coalesce(_moment(func.max(Delivery.published_at)), BrandPost.changed_at)
    return touched.desc(), BrandPost.id.desc()


def _of_tab(query: Query, chosen: Filter) -> Query:
    return query.where(_state().in_(TABS[chosen.tab])) if chosen.tab in TABS and chosen.tab != "all" else query


def _narrowed(chosen: Filter, user: User) -> Query:
    """All posts that the filters let through, whatever their state."""
    query: Query = BrandPost.discarded_for(user) if chosen.tab == DISCARDED else BrandPost.visible_to(user)
    query = query.where(BrandPost.is_pattern.is_(False))
    if chosen.words:
        query = query.where(BrandPost.text.icontains(chosen.words, autoescape=True))
    if chosen.campaign:
        query = query.where(BrandPost.campaign_id.in_(select(Campaign.id).where(Campaign.public_id == chosen.campaign)))
    if chosen.channel:
        query = query.where(_goes_to(select(ChannelAccount.id).where(ChannelAccount.public_id == chosen.channel)))
    if chosen.label:
        labelled = select(post_labels.c.post_id).join(Label, Label.id == post_labels.c.label_id)
        query = query.where(BrandPost.id.in_(labelled.where(Label.public_id == chosen.label)))
    if chosen.one_series:
        made = select(SeriesDay.post_id).join(Series, Series.id == SeriesDay.series_id)
        query = query.where(BrandPost.id.in_(made.where(Series.public_id == chosen.one_series)))
    return query


def _goes_to(accounts: Select[int]) -> ColumnElement[bool]:
    """Meant for one of the accounts, or on its way there."""
    meant = select(PostVariant.post_id).where(PostVariant.account_id.in_(accounts))
    sent = select(Delivery.post_id).where(Delivery.account_id.in_(accounts))
    return or_(BrandPost.id.in_(meant), BrandPost.id.in_(sent))


def _state() -> ColumnElement[DeliveryState]:
    """A post without a delivery is a draft."""
    return func.coalesce(standing_of_post(), DeliveryState.DRAFT)


def _moment(what: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(what).where(Delivery.post_id == BrandPost.id).correlate(BrandPost).scalar_subquery()
