"""What the names in a table mean: accounts, campaigns, labels, links and posts, looked up once for many rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from urllib.parse import unquote

from sqlalchemy import select

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.exchange.showing import account_word
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery
from commons.accounts.models import User
from commons.db import db
from commons.web import absolute_url
from community.channels.models import ChannelAccount
from community.channels.protocol import known

IN_ONE_QUERY = 500


class Known:
    """Everything that `user` may name at `at`. `zone` holds where a row names none."""

    def __init__(self, user: User, at: datetime, zone: str) -> None:
        self.user, self.at, self.zone = user, at, zone

    @cached_property
    def accounts(self) -> Mapping[str, list[ChannelAccount]]:
        """Accounts by what a cell may call them, in lower case: open ones by any name, disconnected ones only by their full one."""
        found: dict[str, list[ChannelAccount]] = defaultdict(list)
        query = select(ChannelAccount).where(ChannelAccount.channel.in_([channel.name for channel in known()]))
        for account in db.session.scalars(query.order_by(ChannelAccount.id)):
            names = {account_word(account), account.public_id}
            if account.disconnected_at is None:
                names |= {account.channel, account.name, account.external_id}
            for name in names:
                found[name.strip().lower()].append(account)
        return found

    @cached_property
    def campaigns(self) -> Mapping[str, list[Campaign]]:
        """Campaigns by title and by id."""
        found: dict[str, list[Campaign]] = defaultdict(list)
        for campaign in db.session.scalars(Campaign.visible_to(self.user, self.at)):
            found[campaign.title].append(campaign)
            found[campaign.public_id].append(campaign)
        return found

    @cached_property
    def titles(self) -> set[str]:
        """Titles that only one campaign has."""
        return unique_titles()

    def link(self, cell: str) -> Link | None:
        """The brand's own link that a cell names by its address or its slug; None when there is no such link."""
        slug = unquote(cell.removeprefix(self.link_prefix))
        if "/" in slug or ":" in slug:
            return None
        return db.session.scalar(
            select(Link).where(Link.slug == slug, Link.member_id.is_(None), Link.origin_id.is_(None))
        )

    @cached_property
    def link_prefix(self) -> str:
        return absolute_url("links.follow", slug="x").removesuffix("x")

    def posts(self, public_ids: Iterable[str]) -> dict[str, tuple[BrandPost, list[Delivery]]]:
        """The posts of these ids that the user may see, with their deliveries."""
        wanted = sorted(set(public_ids))
        found: dict[str, tuple[BrandPost, list[Delivery]]] = {}
        for start in range(0, len(wanted), IN_ONE_QUERY):
            query = BrandPost.visible_to(self.user).where(
                BrandPost.public_id.in_(wanted[start : start + IN_ONE_QUERY]), BrandPost.is_pattern.is_(False)
            )
            posts = db.session.scalars(query).unique().all()
            by_post = deliveries_of(posts)
            found |= {post.public_id: (post, by_post.get(post.id, [])) for post in posts}
        return found


def unique_titles() -> set[str]:
    counted = Counter(db.session.scalars(select(Campaign.title)))
    return {title for title, count in counted.items() if count == 1}


def deliveries_of(posts: Sequence[BrandPost]) -> dict[int, list[Delivery]]:
    """The deliveries of many posts, by post."""
    found: dict[int, list[Delivery]] = defaultdict(list)
    query = select(Delivery).where(Delivery.post_id.in_([post.id for post in posts])).order_by(Delivery.id)
    for delivery in db.session.scalars(query):
        found[delivery.post_id].append(delivery)
    return found
