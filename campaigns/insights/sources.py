"""What brought a customer: the link that the first order names, else the link or the invitation by which the person joined.

The rule, in this order: somebody's personal link; the channel on which the link stood; the channel of the post; the
`utm_source` of the link; another link; an invitation; else nothing is known, and the customer came directly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CTE, ColumnElement, Select, String, and_, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from campaigns.links.models import Link, Origin
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.wording import channel_word
from community.members.models import Member
from community.seed_users.models import Acceptance

FANS, OTHER_LINK, INVITATION, DIRECT = "~fans", "~link", "~invitation", "~direct"
OWN_WORDS = {
    FANS: _l("Shared by fans"),
    OTHER_LINK: _l("Other links"),
    INVITATION: _l("Invitation"),
    DIRECT: _l("Direct, nothing known"),
}
TAG_WORDS = {
    "wechat": _l("WeChat"),
    "xiaohongshu": _l("Xiaohongshu"),
    "douyin": _l("Douyin"),
    "newsletter": _l("Newsletter"),
    "print": _l("Printed matter"),
}
"""Tags (`utm_source`) that people use for places which are no channels of this house."""
NONE = "~none"
LONGEST_POST = 40

BROUGHT = aliased(Link, name="brought_by")
ON_ACCOUNT = aliased(ChannelAccount, name="on_account")
IN_POST = aliased(ChannelPost, name="in_post")
POST_ACCOUNT = aliased(ChannelAccount, name="post_account")

Names = Callable[[Collection[str], User], Mapping[str, str]]


@dataclass(frozen=True)
class Bringer:
    """One way to group customers by what brought them: `key` in SQL, `names` of keys for a reader."""

    label: Any
    key: ColumnElement[str]
    names: Names


def with_source(orders: CTE, *columns: Any) -> Select[Any]:
    """`columns` of the orders, joined with the link, post, channel and invitation that brought the customer."""
    link_id = func.coalesce(orders.c.link_id, Origin.link_id)
    query = (
        select(*columns)
        .select_from(orders)
        .outerjoin(Member, Member.id == orders.c.member_id)
        .outerjoin(Origin, and_(Origin.user_id == Member.user_id, Origin.confirmed_at.is_not(None)))
        .outerjoin(BROUGHT, BROUGHT.id == link_id)
        .outerjoin(Acceptance, Acceptance.member_id == orders.c.member_id)
    )
    return with_channel(query)


def with_channel(query: Select[Any]) -> Select[Any]:
    """A query over `BROUGHT`, joined with the channel on which that link stood."""
    return (
        query.outerjoin(ON_ACCOUNT, ON_ACCOUNT.id == BROUGHT.account_id)
        .outerjoin(IN_POST, IN_POST.id == BROUGHT.post_id)
        .outerjoin(POST_ACCOUNT, POST_ACCOUNT.id == IN_POST.account_id)
    )


def link_source() -> ColumnElement[str]:
    """The source that a link stands for, over `with_channel`; empty where there is no link."""
    return case(
        (BROUGHT.member_id.is_not(None), literal(FANS)),
        (ON_ACCOUNT.channel.is_not(None), ON_ACCOUNT.channel),
        (POST_ACCOUNT.channel.is_not(None), POST_ACCOUNT.channel),
        (BROUGHT.utm_source != "", func.lower(BROUGHT.utm_source)),
        (BROUGHT.id.is_not(None), literal(OTHER_LINK)),
    )


def source() -> ColumnElement[str]:
    """The source of an order's customer, over `with_source`."""
    invited = case((Acceptance.id.is_not(None), literal(INVITATION)), else_=literal(DIRECT))
    return func.coalesce(link_source(), invited)


def campaign_id(orders: CTE) -> ColumnElement[int]:
    """The campaign that an order belongs to: the one that it names, else the one of the link that brought the customer."""
    return func.coalesce(orders.c.campaign_id, BROUGHT.campaign_id)


def bringers(orders: CTE) -> dict[str, Bringer]:
    """The ways to group new customers, by the word in the address."""
    return {
        "source": Bringer(_l("Source"), source(), _sources),
        "link": Bringer(_l("Link"), _text(BROUGHT.id), _links),
        "post": Bringer(_l("Post"), _text(BROUGHT.post_id), _posts),
        "campaign": Bringer(_l("Campaign"), _text(campaign_id(orders)), _campaigns),
        "person": Bringer(
            _l("Who brought them"), _text(func.coalesce(BROUGHT.member_id, Acceptance.inviter_id)), _people
        ),
    }


def word(key: str) -> str:
    """A source in the reader's words."""
    known = OWN_WORDS.get(key) or TAG_WORDS.get(key)
    return str(known) if known is not None else channel_word(key)


def _text(column: Any) -> ColumnElement[str]:
    return func.coalesce(cast(column, String(40)), literal(NONE))


def _sources(keys: Collection[str], _by: User) -> Mapping[str, str]:
    return {key: word(key) for key in keys}


def _links(keys: Collection[str], _by: User) -> Mapping[str, str]:
    query = select(Link.id, func.coalesce(func.nullif(Link.title, ""), Link.slug)).where(Link.id.in_(_ids(keys)))
    return {NONE: _("No link")} | {str(link_id): name for link_id, name in db.session.execute(query)}


def _posts(keys: Collection[str], _by: User) -> Mapping[str, str]:
    query = select(ChannelPost.id, ChannelPost.text).where(ChannelPost.id.in_(_ids(keys)))
    names = {str(post_id): short(text) for post_id, text in db.session.execute(query)}
    return {NONE: _("No post")} | names


def _campaigns(keys: Collection[str], _by: User) -> Mapping[str, str]:
    query = select(Campaign.id, Campaign.title).where(Campaign.id.in_(_ids(keys)))
    return {NONE: _("No campaign")} | {str(found): title for found, title in db.session.execute(query)}


def _people(keys: Collection[str], by: User) -> Mapping[str, str]:
    """Names only for those who may see profiles."""
    nobody = {NONE: _("Nobody known")}
    if not by.can(Permission.MEMBER_READ):
        return nobody | {key: _("A fan") for key in keys if key != NONE}
    query = select(Member.id, Member.name).where(Member.id.in_(_ids(keys)))
    return nobody | {str(member_id): name for member_id, name in db.session.execute(query)}


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:LONGEST_POST]}…" if len(line) > LONGEST_POST else line
