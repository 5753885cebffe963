"""What a delivery says: the post, with what was edited for its account, as the channel will get it."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.links.making import address_of, link_on
from campaigns.links.models import Link
from campaigns.posts.models import BrandPost, PostVariant
from campaigns.publishing.readiness import missing
from commons.media.models import Picture, Video
from community.channels.models import ChannelAccount
from community.channels.protocol import Media, Outgoing, Part, channel_named, wishes_of
from community.channels.wording import as_ad


def outgoing_of(
    post: BrandPost, account: ChannelAccount, at: datetime, *, key: str = "", sender_ip: str = ""
) -> Outgoing:
    """The post for this account. `key` names the publication; `sender_ip` is where whoever released it sat."""
    variant = variant_of(post, account)
    link = link_on(post.link, account, at) if post.link else None
    text, *more = texts_on(post, account)
    return Outgoing(
        text=labelled(text, post.is_ad, account, post.language),
        pictures=pictures_media(post),
        video=video_media(post.video, post.video_alt),
        more=tuple(Part(text) for text in more),
        first_comment=_of(post.first_comment, variant.first_comment if variant else None),
        content_warning=_of(post.content_warning, variant.content_warning if variant else None),
        language=post.language,
        link_slug=link.slug if link else None,
        link_url=address_of(link) if link else "",
        campaign_id=post.campaign_id,
        author_name=post.author.name,
        author_id=post.author_id,
        ad=post.is_ad,
        key=key,
        sender_ip=sender_ip,
    )


def texts_on(post: BrandPost, account: ChannelAccount) -> list[str]:
    """The words of every part as they were written for this account, the first part first."""
    variant = variant_of(post, account)
    more = post.more if variant is None or variant.more is None else variant.more
    return [_of(post.text, variant.text if variant else None), *(str(text) for text in more)]


def labelled(text: str, is_ad: bool, account: ChannelAccount, language: str) -> str:
    """The text as it must stand on this account: an advertisement says so wherever the channel does not."""
    return as_ad(text, language) if is_ad and not channel_named(account.channel).facts.labels_ads else text


def lacking(post: BrandPost, account: ChannelAccount, at: datetime) -> list[str]:
    """Sentences about what the post still lacks to go out on this account; empty when it is ready."""
    return wanting(outgoing_of(post, account, at), account, post.link)


def wanting(outgoing: Outgoing, account: ChannelAccount, link: Link | None) -> list[str]:
    """As `lacking`, of what would be sent with this link behind it."""
    channel = channel_named(account.channel)
    said = [*missing(outgoing, channel, channel.limits(account)), *wishes_of(account, outgoing)]
    if link is not None and link.ended_at is not None:
        said.append(_("The link has ended. Choose another."))
    if account.disconnected_at is not None:
        said.append(_("The account is not connected any more."))
    return said


def frozen(outgoing: Outgoing) -> dict[str, Any]:
    """The post as JSON, for the record. As `dataclasses.asdict` gives it, without its copying."""
    said = {name: getattr(outgoing, name) for name in _NAMES}
    return {
        **said,
        "pictures": [asdict(picture) for picture in outgoing.pictures],
        "video": asdict(outgoing.video) if outgoing.video else None,
        "more": [asdict(part) for part in outgoing.more],
    }


_NAMES = [field.name for field in fields(Outgoing)]


def variant_of(post: BrandPost, account: ChannelAccount) -> PostVariant | None:
    """What was edited for this account; None when the post does not go there."""
    return next((variant for variant in post.variants if variant.account_id == account.id), None)


def picture_media(picture: Picture, alt: str) -> Media:
    return Media(
        picture.id,
        alt,
        picture.key(),
        picture.media_type,
        picture.sha256,
        picture.size,
        picture.width,
        picture.height,
        picture.url(),
    )


def pictures_media(post: BrandPost) -> tuple[Media, ...]:
    return tuple(picture_media(entry.picture, entry.alt) for entry in post.pictures)


def video_media(video: Video | None, alt: str) -> Media | None:
    if video is None:
        return None
    return Media(
        video.id, alt, video.key, video.media_type, video.sha256, video.size, video.width, video.height, video.url
    )


def _of(text: str, edited: str | None) -> str:
    return text if edited is None else edited
