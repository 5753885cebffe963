"""Making tracked links: the brand's own, and the personal ones by which a fan shares."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import regex
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id
from commons.errors import Conflict, Invalid
from commons.web import absolute_url
from community.channels.models import ChannelPost
from community.members.models import Member

SLUG = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}_-]{1,62}[\p{L}\p{N}]")
SLUG_LENGTH = 8


class SlugTaken(Conflict):
    """Another link already has this ending."""


def make_link(
    target: str,
    *,
    by: User,
    at: datetime,
    campaign: Campaign | None = None,
    title: str = "",
    slug: str = "",
    utm_source: str = "",
    utm_medium: str = "",
    utm_campaign: str = "",
) -> Link:
    """A new link of the brand. `Invalid` for a target that is no address, `SlugTaken` for a slug in use."""
    link = Link(
        slug=_own_slug(slug) if slug else random_id(SLUG_LENGTH),
        target=checked_target(target),
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
    target = f"/circle/posts/{post.public_id}"
    found = db.session.scalars(_personal(member, target)).one_or_none()
    if found is not None:
        return found
    link = Link(
        slug=random_id(SLUG_LENGTH),
        target=target,
        utm_source="circle",
        utm_medium="share",
        campaign_id=post.campaign_id,
        member_id=member.id,
        post_id=post.id,
        created_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError:
        return db.session.scalars(_personal(member, target)).one()
    return link


def share_address(member: Member, post: ChannelPost, at: datetime) -> str:
    """Absolute address of the personal link: what the circle's share button gives."""
    return address_of(personal_link(member, post, at))


def address_of(link: Link) -> str:
    return absolute_url("links.follow", slug=link.slug)


def destination(link: Link) -> str:
    """Where a visit ends: the target with the UTM parameters that it does not set itself."""
    parts = urlsplit(link.target)
    given = parse_qsl(parts.query, keep_blank_values=True)
    names = {name for name, _value in given}
    ours = {"utm_source": link.utm_source, "utm_medium": link.utm_medium, "utm_campaign": link.utm_campaign}
    added = [(name, value) for name, value in ours.items() if value and name not in names]
    return urlunsplit(parts._replace(query=urlencode(given + added))) if added else link.target


def checked_target(target: str) -> str:
    """A path of our own or an http(s) address, cleaned of blanks at its ends; `Invalid` for anything else."""
    target = target.strip()
    parts = _split(target)
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    if not (is_path or is_web) or regex.search(r"[\s\p{Cc}]", target) or len(target) > 2000:
        raise Invalid(_("“%(target)s” is not an address.", target=target[:80]), _("Begin with https:// or with /."))
    return target


def _split(target: str) -> SplitResult:
    try:
        return urlsplit(target)
    except ValueError:
        return urlsplit("")


def _own_slug(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise Invalid(_("An ending has 3 to 64 letters, digits, hyphens or underscores."))
    return slug


def _personal(member: Member, target: str) -> Select[Link]:
    return select(Link).where(Link.member_id == member.id, Link.target == target)
