"""What a post will be on each channel, while it is still being written: as sent, how long, and what is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from campaigns.links.making import SLUG_LENGTH, address_of
from campaigns.links.models import Link
from campaigns.posts import channel_fields
from campaigns.posts.counting import Length, shown
from campaigns.posts.drafts import Draft, Edited
from campaigns.posts.models import BrandPost
from campaigns.publishing.content import labelled, picture_media, video_media, wanting
from campaigns.publishing.models import FIXED, PLANNED, Delivery, DeliveryState
from campaigns.publishing.readiness import shown_link, sizes
from commons.db import db
from commons.web import absolute_url
from community.channels.models import ChannelAccount
from community.channels.protocol import Facts, Limits, Outgoing, Part, channel_named
from community.channels.wording import ad_label, text_sent


@dataclass(frozen=True)
class Panel:
    """A post on one account: chosen or not, what is said otherwise there, as it is sent, and how far it has got."""

    account: ChannelAccount
    facts: Facts
    limits: Limits
    chosen: bool
    edited: Edited
    outgoing: Outgoing
    delivery: Delivery | None
    lacking: Sequence[str]

    @property
    def state(self) -> str:
        return self.delivery.state.value if self.delivery else DeliveryState.DRAFT.value

    @property
    def is_out(self) -> bool:
        """What stands there no longer changes."""
        return self.delivery is not None and self.delivery.state in FIXED

    @property
    def is_bound(self) -> bool:
        """It cannot be left out now: it is planned there, or out."""
        return self.delivery is not None and self.delivery.state in PLANNED | FIXED

    @property
    def texts(self) -> list[str]:
        """Each part as it is sent and shown."""
        return [self._shown(part.text, number == 0) for number, part in enumerate(self.outgoing.parts)]

    @property
    def first_comment(self) -> str:
        return self._shown(self.outgoing.first_comment, False) if self.facts.first_comment else ""

    def _shown(self, text: str, is_first: bool) -> str:
        sent = text_sent(text, shown_link(self.outgoing, self.facts), is_first)
        return shown(sent, self.facts.counting)

    @property
    def lengths(self) -> list[Length]:
        return sizes(self.outgoing, self.facts, self.limits)

    @property
    def rules(self) -> dict[str, Any]:
        """What the browser needs to count alike."""
        counting = self.facts.counting
        return {
            "unit": counting.unit,
            "url": counting.url,
            "shortMentions": counting.short_mentions,
            "shortAddresses": counting.short_addresses,
            "characters": self.limits.characters,
            "bytes": self.limits.bytes,
            "link": shown_link(self.outgoing, self.facts),
            "linkForm": "" if self.facts.transactional else _address_form(),
            "warning": self.facts.content_warning,
            "adLabel": "" if self.facts.labels_ads else ad_label(self.outgoing.language),
            "threads": self.facts.threads,
        }


def panels(post: BrandPost, draft: Draft, deliveries: Sequence[Delivery]) -> list[Panel]:
    """One for each account that the post may go to, the circle first."""
    known = {delivery.account_id: delivery for delivery in deliveries}
    return [_panel(post, draft, account, known.get(account.id)) for account in channel_fields.offered(post)]


def is_over(shown: Sequence[Panel]) -> bool:
    """Whether the post is on its way or out wherever it goes, so that nothing is left to write."""
    chosen = [panel for panel in shown if panel.chosen]
    return bool(chosen) and all(panel.is_out for panel in chosen)


def deliveries_of(post: BrandPost) -> Sequence[Delivery]:
    if not post.id:
        return []
    query = select(Delivery).where(Delivery.post_id == post.id).order_by(Delivery.account_id)
    return db.session.scalars(query).all()


def as_sent(post: BrandPost, draft: Draft, account: ChannelAccount) -> Outgoing:
    """What `campaigns.publishing.content.outgoing_of` would give if the draft were saved; makes no link."""
    alts = draft.alts
    pictures = [
        picture_media(entry.picture, alts.get(entry.picture.public_id, entry.alt) or "") for entry in post.pictures
    ]
    return Outgoing(
        text=labelled(draft.said_on(account, "text") or "", draft.is_ad, account, draft.language or ""),
        pictures=tuple(pictures),
        video=video_media(post.video, draft.video_alt or ""),
        more=tuple(Part(str(text)) for text in draft.said_on(account, "more") or () if str(text).strip()),
        first_comment=draft.said_on(account, "first_comment") or "",
        content_warning=draft.said_on(account, "content_warning") or "",
        language=draft.language or "",
        link_slug=draft.link.slug if draft.link else None,
        link_url=_address(draft.link, account) if draft.link else "",
        campaign_id=draft.campaign.id if draft.campaign else None,
        author_name="",
        ad=draft.is_ad,
    )


def _panel(post: BrandPost, draft: Draft, account: ChannelAccount, delivery: Delivery | None) -> Panel:
    channel = channel_named(account.channel)
    outgoing = as_sent(post, draft, account)
    variants = draft.variants or {}
    is_bound = delivery is not None and delivery.state in PLANNED | FIXED
    return Panel(
        account=account,
        facts=channel.facts,
        limits=channel.limits(account),
        chosen=account in variants or is_bound,
        edited=variants.get(account, Edited()),
        outgoing=outgoing,
        delivery=delivery,
        lacking=wanting(outgoing, account, draft.link),
    )


def _address(link: Link, account: ChannelAccount) -> str:
    """The link's address there. The channel's own tagged link is made when the post is planned: until then, its form."""
    if account.channel == "circle":
        return address_of(link)
    tagged = db.session.scalar(select(Link).where(Link.origin_id == link.id, Link.account_id == account.id))
    return address_of(tagged) if tagged else _address_form()


def _address_form() -> str:
    return absolute_url("links.follow", slug="x" * SLUG_LENGTH)
