"""Writing a post: beginning, saving, its pictures, throwing it away and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import regex
from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost, PostPicture, PostVariant, sells
from campaigns.publishing.models import Delivery, DeliveryState
from commons import events
from commons.accounts.models import User
from commons.db import ALPHABET, PUBLIC_ID_LENGTH, db
from commons.errors import Conflict, Invalid
from commons.media.models import Picture
from community.channels.accounts import circle_account
from community.circle.wording import tidy

MOST_PICTURES = 9
MOST_STORED = 20_000
ALT_LENGTH = 1500
_PUBLIC_ID = regex.compile(f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")


class Stale(Conflict):
    """Somebody has saved this post since the writer last read it."""


class Fixed(Conflict):
    """The post is on its way or out: what readers see no longer changes."""


@dataclass(frozen=True)
class Draft:
    """What the writer has in front of him. `alts` are the words for each picture, by the picture's public id."""

    text: str
    campaign: Campaign | None = None
    link: Link | None = None
    ad: bool = False
    alts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ad(self) -> bool:
        """Whether readers would be told that this is an ad."""
        return self.ad or (self.link is not None and sells(self.link.target))


def begin(public_id: str, *, by: User, at: datetime) -> BrandPost:
    """The empty post of that id, made if it is not there. The page that writes it chose the id, so twice is once."""
    found = db.session.scalar(select(BrandPost).where(BrandPost.public_id == public_id))
    if found is not None:
        return found
    if not _PUBLIC_ID.fullmatch(public_id):
        raise Invalid(_("The address of this post is mistyped."), _("Begin a new post."))
    post = BrandPost(public_id=public_id, author_id=by.id, created_at=at, changed_at=at)
    post.variants.append(PostVariant(account=circle_account()))
    db.session.add(post)
    db.session.flush()
    _tell("post.begun", post, by, at)
    return post


def save(post: BrandPost, draft: Draft, *, revision: int, by: User, at: datetime) -> bool:
    """Write the draft into the post; whether anything changed. Raises `Stale` or `Fixed`, and then nothing did.

    `revision` is the one that the writer read. Saving the same again changes nothing, whatever the revision.
    """
    lock(post)
    text = tidy(draft.text[:MOST_STORED])
    if not _differs(post, draft, text):
        return False
    if post.revision != revision:
        raise Stale(_("Somebody else saved this post in the meantime."))
    post.text, post.campaign, post.link, post.ad = text, draft.campaign, draft.link, draft.ad
    for entry in post.pictures:
        entry.alt = _alt(draft, entry)
    post.revision += 1
    post.changed_at = at
    db.session.flush()
    return True


def add_picture(post: BrandPost, picture: Picture, *, at: datetime) -> None:
    """Put a picture at the end. Raises `Invalid` when there are enough already."""
    lock(post)
    if len(post.pictures) >= MOST_PICTURES:
        raise Invalid(_("A post has at most %(count)s pictures.", count=MOST_PICTURES))
    post.pictures.append(PostPicture(picture=picture, position=len(post.pictures)))
    _touch(post, at)


def move_picture(post: BrandPost, picture_id: str, by_places: int, *, at: datetime) -> None:
    """Move a picture forwards (negative) or backwards; at the ends it stays where it is."""
    lock(post)
    order = list(post.pictures)
    entry = next((entry for entry in order if entry.picture.public_id == picture_id), None)
    if entry is None:
        return
    order.remove(entry)
    order.insert(max(0, entry.position + by_places), entry)
    _number(order)
    _touch(post, at)


def remove_picture(post: BrandPost, picture_id: str, *, at: datetime) -> None:
    """Take a picture out of the post; one that is not in it is no matter."""
    lock(post)
    _number([entry for entry in post.pictures if entry.picture.public_id != picture_id])
    post.pictures = [entry for entry in post.pictures if entry.picture.public_id != picture_id]
    _touch(post, at)


def discard(post: BrandPost, *, by: User, at: datetime) -> None:
    """Throw the post away; `restore` takes it back. Refused while it is planned or out."""
    deliveries = lock(post)
    if any(delivery.state is DeliveryState.SCHEDULED for delivery in deliveries):
        raise Conflict(_("This post is scheduled."), _("Cancel it first, then discard it."))
    if post.discarded_at is None:
        post.discarded_at = at
        _tell("post.discarded", post, by, at)


def restore(post: BrandPost, *, by: User, at: datetime) -> None:
    """Take a discarded post back. Safe to call twice."""
    if post.discarded_at is not None:
        post.discarded_at = None
        _tell("post.restored", post, by, at)


def lock(post: BrandPost) -> list[Delivery]:
    """Hold the post and its deliveries until the transaction ends, and read them anew. Raises `Fixed`."""
    db.session.execute(select(BrandPost.id).where(BrandPost.id == post.id).with_for_update())
    query = select(Delivery).where(Delivery.post_id == post.id).with_for_update(of=Delivery)
    deliveries = list(db.session.scalars(query.execution_options(populate_existing=True)))
    db.session.refresh(post, ["revision", "text", "campaign_id", "link_id", "ad", "discarded_at", "pictures"])
    if any(delivery.is_fixed for delivery in deliveries):
        raise Fixed(_("This post is on its way or out. Its words no longer change."))
    return deliveries


def _differs(post: BrandPost, draft: Draft, text: str) -> bool:
    same = (post.text, post.campaign, post.link, post.ad) == (text, draft.campaign, draft.link, draft.ad)
    return not same or any(entry.alt != _alt(draft, entry) for entry in post.pictures)


def _alt(draft: Draft, entry: PostPicture) -> str:
    given = draft.alts.get(entry.picture.public_id)
    return entry.alt if given is None else tidy(given)[:ALT_LENGTH]


def _number(order: list[PostPicture]) -> None:
    for position, entry in enumerate(order):
        entry.position = position


def _touch(post: BrandPost, at: datetime) -> None:
    post.changed_at = at
    db.session.flush()
    db.session.refresh(post, ["pictures"])


def _tell(kind: str, post: BrandPost, by: User, at: datetime) -> None:
    key = f"{kind}:{post.public_id}:{at.isoformat()}"
    excerpt = {"post": post.public_id, "text": post.text[:80]}
    events.track(kind, key=key, at=at, actor_id=by.id, subject=post, campaign_id=post.campaign_id, payload=excerpt)
