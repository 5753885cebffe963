"""Making tracked links: the brand's own, and the personal ones by which a fan shares."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import regex
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from campaigns.links.domains.models import LinkDomain
from campaigns.links.models import Link
from campaigns.links.targets import checked_target
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from commons.web import absolute_url
from community.channels.models import ChannelAccount, ChannelPost
from community.members.models import Member

SLUG = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}_-]{0,62}[\p{L}\p{N}]")
SLUG_LENGTH = 8
FIRST_LOOK = timedelta(hours=1)
# What stands, or may one day stand, at the root of a domain or means something to the people who read it there.
RESERVED = frozenset({
    "about", "account", "accounts", "admin", "api", "app", "apps", "assets", "auth", "blog", "circle", "contact", "favicon",
    "files", "groupbuys", "health", "help", "home", "imprint", "index", "legal", "link", "links", "login", "logout", "mail",
    "media", "me", "metrics", "null", "official", "posts", "privacy", "robots", "root", "search", "security", "settings",
    "sign-in", "sign-up", "sitemap", "staff", "static", "status", "support", "system", "terms", "test", "theme", "undefined",
    "webmaster", "well-known", "www", "官方", "客服", "管理员", "登录", "注册", "隐私", "帮助",
})  # fmt: skip


class SlugTaken(Conflict):
    """Another link already has this ending."""


class BadSlug(Invalid):
    """An ending that no address may have."""


def make_link(
    target: str,
    *,
    by: User,
    at: datetime,
    campaign: Campaign | None = None,
    title: str = "",
    slug: str = "",
    domain: LinkDomain | None = None,
    utm_source: str = "",
    utm_medium: str = "",
    utm_campaign: str = "",
) -> Link:
    """A new link of the brand, on `domain` or the house's own. `Invalid` for a target that is no address, `BadSlug` and `SlugTaken` for the slug."""
    target = checked_target(target)
    link = Link(
        slug=_chosen_slug(slug) if slug else _free_slug(),
        domain_id=domain.id if domain else None,
        target=target,
        check_due_at=None if target.startswith("/") else at + FIRST_LOOK,
        title=title,
        utm_source=utm_source,
        utm_medium=utm_medium,
        utm_campaign=utm_campaign,
        campaign_id=campaign.id if campaign else None,
        made_by_id=by.id,
        created_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError as error:
        raise SlugTaken(_("The ending “%(slug)s” is taken; choose another.", slug=slug)) from error
    events.track(
        "link.made",
        key=f"link.made:{link.public_id}",
        at=at,
        actor_id=by.id,
        subject=link,
        campaign_id=link.campaign_id,
        payload={"slug": link.slug},
    )
    return link


def personal_link(member: Member, post: ChannelPost, at: datetime) -> Link:
    """The link by which `member` shares `post`: the same one every time."""
    return _own_link(member, f"/circle/posts/{post.public_id}", at, campaign_id=post.campaign_id, post_id=post.id)


def campaign_link(member: Member, campaign: Campaign, at: datetime) -> Link:
    """The link by which `member` shares the page of a campaign: the same one every time."""
    return _own_link(member, f"/participation/{campaign.public_id}", at, campaign_id=campaign.id)


def link_on(link: Link, account: ChannelAccount, at: datetime) -> Link:
    """The link as posts on `account` show it, tagged with channel and campaign; in the circle, the link itself. The same each time."""
    if account.channel == "circle":
        return link
    query = select(Link).where(Link.origin_id == link.id, Link.account_id == account.id)
    found = db.session.scalars(query).one_or_none()
    if found is not None:
        return found
    tagged = Link(
        slug=_free_slug(),
        domain_id=link.domain_id,
        target=link.target,
        title=link.title,
        utm_source=account.channel,
        utm_medium=link.utm_medium or "social",
        utm_campaign=link.utm_campaign or (link.campaign.title[:64] if link.campaign else ""),
        campaign_id=link.campaign_id,
        origin_id=link.id,
        account_id=account.id,
        made_by_id=link.made_by_id,
        created_at=at,
    )
    return _kept(tagged, query)


def share_address(member: Member, post: ChannelPost, at: datetime) -> str:
    """Absolute address of the personal link: what the circle's share button gives."""
    return address_of(personal_link(member, post, at))


def address_of(link: Link) -> str:
    """The short address, absolute."""
    if link.domain is None:
        return absolute_url("links.follow", slug=link.slug)
    return f"{urlsplit(current_app.config['BASE_URL']).scheme}://{link.domain.host}/{quote(link.slug)}"


def destination(link: Link, target: str = "") -> str:
    """Where a visit ends: the target (the main one unless another is given) with the UTM parameters that it does not set itself."""
    parts = urlsplit(target or link.target)
    given = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    ours = {"utm_source": link.utm_source, "utm_medium": link.utm_medium, "utm_campaign": link.utm_campaign}
    added = urlencode({name: value for name, value in ours.items() if value and name not in given})
    # What the target says stays as it is, letter by letter: it may be signed.
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def _own_link(member: Member, target: str, at: datetime, **about: int | None) -> Link:
    query = select(Link).where(Link.member_id == member.id, Link.target == target)
    found = db.session.scalars(query).one_or_none()
    if found is not None:
        return found
    link = Link(
        slug=_free_slug(),
        target=target,
        utm_source="circle",
        utm_medium="share",
        member_id=member.id,
        created_at=at,
        **about,
    )
    return _kept(link, query)


def _kept(link: Link, query: Select[Link]) -> Link:
    """`link`, or the one that somebody else has made meanwhile, as `query` finds it."""
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError:
        return db.session.scalars(query).one()
    return link


def normal_slug(slug: str) -> str:
    """The one spelling of an ending that may be written in several ways (NFC)."""
    return unicodedata.normalize("NFC", slug)


def _chosen_slug(slug: str) -> str:
    slug = normal_slug(slug.strip())
    if regex.search(r"[/\\.?#%:]", slug):
        raise BadSlug(
            _("“%(slug)s” looks like a path.", slug=slug[:64]),
            _("An ending is one word, without slashes, dots or other signs."),
        )
    if not SLUG.fullmatch(slug):
        raise BadSlug(_("An ending has 2 to 64 letters, digits, hyphens or underscores."))
    if slug.lower() in RESERVED:
        raise BadSlug(_("“%(slug)s” is kept for pages of the house; choose another.", slug=slug))
    return slug


def _free_slug() -> str:
    slug = random_id(SLUG_LENGTH)
    taken = db.session.scalar(select(Link.id).where(Link.slug == slug).limit(1))
    return slug if taken is None else _free_slug()
