"""What a writer has in front of him, and a post's content as plain values that can be compared, kept and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost, Label, PostPicture, PostVariant, sells
from community.channels.models import ChannelAccount
from community.circle.wording import tidy

MOST_STORED = 20_000
MOST_PARTS = 24
MOST_COMMENT = 5_000
MOST_NOTES = 5_000
MOST_LABELS = 10
WARNING_LENGTH = 500
ALT_LENGTH = 1500

# What may be said otherwise on an account, and how much of it is kept.
SAID = {
    "text": MOST_STORED,
    "more": MOST_STORED,
    "first_comment": MOST_COMMENT,
    "content_warning": WARNING_LENGTH,
}
# What readers never see.
TEAM_ONLY = frozenset({"notes", "labels"})

Content = dict[str, Any]


@dataclass(frozen=True)
class Edited:
    """What is said otherwise on one account. None follows the post."""

    text: str | None = None
    more: Sequence[str] | None = None
    first_comment: str | None = None
    content_warning: str | None = None

    @classmethod
    def of(cls, variant: PostVariant) -> Edited:
        return cls(variant.text, variant.more, variant.first_comment, variant.content_warning)

    @property
    def own(self) -> list[str]:
        """The names of what does not follow."""
        return [name for name in SAID if getattr(self, name) is not None]


@dataclass(frozen=True)
class Draft:
    """What the writer has in front of him. What is None stays as the post has it.

    `alts` are the words for each picture, by the picture's public id. `variants` says where the post goes, and what is said
    otherwise there, by account.
    """

    text: str
    campaign: Campaign | None = None
    link: Link | None = None
    ad: bool = False
    alts: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[str] | None = None
    first_comment: str | None = None
    content_warning: str | None = None
    language: str | None = None
    notes: str | None = None
    video_alt: str | None = None
    labels: Sequence[Label] | None = None
    variants: Mapping[ChannelAccount, Edited] | None = None

    @classmethod
    def of(cls, post: BrandPost) -> Draft:
        """The post as it stands."""
        return cls(
            post.text,
            post.campaign,
            post.link,
            post.ad,
            {entry.picture.public_id: entry.alt for entry in post.pictures},
            post.more or [],
            post.first_comment or "",
            post.content_warning or "",
            post.language or "",
            post.notes or "",
            post.video_alt or "",
            list(post.labels),
            {variant.account: Edited.of(variant) for variant in post.variants},
        )

    @property
    def is_ad(self) -> bool:
        """Whether readers would be told that this is an ad."""
        return self.ad or (self.link is not None and sells(self.link.target))

    @property
    def accounts(self) -> list[ChannelAccount]:
        return list(self.variants or {})

    def said_on(self, account: ChannelAccount, name: str) -> Any:
        """What is said there: the edited words, else the shared ones."""
        edited = getattr((self.variants or {}).get(account, Edited()), name)
        return getattr(self, name) if edited is None else edited


def content_of(post: BrandPost) -> Content:
    """All that a writer can change, as JSON: what a version keeps."""
    return {
        "text": post.text,
        "more": list(post.more or []),
        "first_comment": post.first_comment,
        "content_warning": post.content_warning,
        "language": post.language,
        "notes": post.notes,
        "ad": post.ad,
        "campaign": post.campaign.public_id if post.campaign else None,
        "link": post.link.public_id if post.link else None,
        "labels": sorted(label.name for label in post.labels),
        "pictures": [[entry.picture.public_id, entry.alt] for entry in post.pictures],
        "video": post.video.public_id if post.video else None,
        "video_alt": post.video_alt,
        "variants": {variant.account.public_id: _edited_content(Edited.of(variant)) for variant in post.variants},
    }


def content_with(post: BrandPost, draft: Draft) -> Content:
    """What the post's content becomes when the draft is saved: harmless, and no longer than is kept."""
    content = content_of(post)
    content |= {
        "text": tidy(draft.text[:MOST_STORED]),
        "ad": draft.ad,
        "campaign": draft.campaign.public_id if draft.campaign else None,
        "link": draft.link.public_id if draft.link else None,
        "pictures": [[entry.picture.public_id, _alt(draft, entry)] for entry in post.pictures],
    }
    if draft.more is not None:
        content["more"] = _parts(draft.more)
    for name, most in (
        ("first_comment", MOST_COMMENT),
        ("content_warning", WARNING_LENGTH),
        ("language", 16),
        ("notes", MOST_NOTES),
        ("video_alt", ALT_LENGTH),
    ):
        if getattr(draft, name) is not None:
            content[name] = tidy(getattr(draft, name))[:most]
    if draft.labels is not None:
        content["labels"] = sorted(label.name for label in draft.labels[:MOST_LABELS])
    if draft.variants is not None:
        content["variants"] = {account.public_id: _tidied(edited) for account, edited in draft.variants.items()}
    return content


def said_on(content: Content, account_id: str) -> list[Any]:
    """Everything that readers see of a post on the account of that public id."""
    edited = content["variants"].get(account_id, {})
    said = {**content, **edited}
    shared = [name for name in content if name not in TEAM_ONLY and name not in {"variants", "campaign"}]
    return [said[name] for name in shared]


def _edited_content(edited: Edited) -> Content:
    return {name: _plain(getattr(edited, name)) for name in edited.own}


def _tidied(edited: Edited) -> Content:
    kept: Content = {}
    for name in edited.own:
        value = getattr(edited, name)
        kept[name] = _parts(value) if name == "more" else tidy(value)[: SAID[name]]
    return kept


def _parts(texts: Sequence[str]) -> list[str]:
    """The parts of a thread; those without a word are left out."""
    return [text for text in (tidy(str(text)[:MOST_STORED]) for text in texts) if text][:MOST_PARTS]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else list(value)


def _alt(draft: Draft, entry: PostPicture) -> str:
    given = draft.alts.get(entry.picture.public_id)
    return entry.alt if given is None else tidy(given)[:ALT_LENGTH]
