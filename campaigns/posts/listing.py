"""The list of posts, by how far each has got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account

Query = Select[*tuple[Any, ...]]

PAGE = 25
LAST_PAGE = 400

TABS: Mapping[str, tuple[DeliveryState, ...]] = {
    "all": tuple(DeliveryState),
    "draft": (DeliveryState.DRAFT,),
    "scheduled": (DeliveryState.SCHEDULED, DeliveryState.PUBLISHING),
    "published": (DeliveryState.PUBLISHED,),
    "attention": (DeliveryState.FAILED, DeliveryState.MISSED),
    "cancelled": (DeliveryState.CANCELLED,),
}


@dataclass(frozen=True)
class Filter:
    """What the list shows: a tab, a campaign by public id, words that the text holds, and the page, from 1."""

    tab: str = "all"
    campaign: str = ""
    words: str = ""
    page: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        tab = args.get("tab", "all")
        number = args.get("page", "")
        page = int(number) if number.isdecimal() and len(number) < 6 else 1
        words = args.get("words", "").strip()[:100]
        chosen = args.get("campaign", "")[:20]
        return cls(tab if tab in TABS else "all", chosen, words, min(max(page, 1), LAST_PAGE))

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.campaign)


@dataclass(frozen=True)
class Row:
    post: BrandPost
    delivery: Delivery | None

    @property
    def state(self) -> str:
        return self.delivery.state.value if self.delivery else DeliveryState.DRAFT.value


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    has_older: bool


def listed(chosen: Filter, user: User) -> Page:
    """One page: what is scheduled by when it goes out, everything else by when it was last touched, newest first."""
    query = _filtered(_with_delivery(BrandPost.visible_to(user).add_columns(Delivery)), chosen)
    if chosen.tab == "scheduled":
        query = query.order_by(Delivery.due_at, BrandPost.id)
    else:
        query = query.order_by(func.coalesce(Delivery.published_at, BrandPost.changed_at).desc(), BrandPost.id.desc())
    query = query.options(joinedload(BrandPost.author), joinedload(BrandPost.campaign))
    found = db.session.execute(query.limit(PAGE + 1).offset((chosen.page - 1) * PAGE)).unique().all()
    return Page([Row(post, delivery) for post, delivery in found[:PAGE]], len(found) > PAGE)


def counts(chosen: Filter, user: User) -> dict[str, int]:
    """How many posts each tab would show."""
    state = func.coalesce(Delivery.state, DeliveryState.DRAFT)
    query = _with_delivery(
        BrandPost.visible_to(user).with_only_columns(state, func.count(), maintain_column_froms=True)
    )
    query = _narrowed(query, chosen).group_by(state)
    by_state = {DeliveryState(word): count for word, count in db.session.execute(query)}
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}


def _with_delivery(query: Query) -> Query:
    mine = and_(Delivery.post_id == BrandPost.id, Delivery.account_id == circle_account().id)
    return query.outerjoin(Delivery, mine)


def _filtered(query: Query, chosen: Filter) -> Query:
    query = _narrowed(query, chosen)
    return query if chosen.tab == "all" else query.where(_in_states(TABS[chosen.tab]))


def _narrowed(query: Query, chosen: Filter) -> Query:
    if chosen.words:
        query = query.where(BrandPost.text.icontains(chosen.words, autoescape=True))
    if chosen.campaign:
        query = query.where(BrandPost.campaign_id.in_(select(Campaign.id).where(Campaign.public_id == chosen.campaign)))
    return query


def _in_states(states: tuple[DeliveryState, ...]) -> ColumnElement[bool]:
    """A post without a delivery is a draft."""
    condition = Delivery.state.in_(states)
    return or_(condition, Delivery.id.is_(None)) if DeliveryState.DRAFT in states else condition
