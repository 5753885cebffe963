"""What differs between two contents of a post, field by field, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.differing import Piece, pieces
from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from campaigns.posts.drafts import SAID, Content
from campaigns.posts.languages import language_name
from commons.db import db
from community.channels.models import ChannelAccount


@dataclass(frozen=True)
class Change:
    """One field that differs."""

    label: str
    pieces: Sequence[Piece]


def changes(before: Content, after: Content) -> list[Change]:
    """What became of `before` in `after`, in the order of the page."""
    return [Change(label, pieces(old, new)) for label, old, new in _fields(before, after) if old != new]


def _fields(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    for name, label in _said_labels().items():
        yield label, _plain(before[name]), _plain(after[name])
    yield _("Pictures"), _pictures(before), _pictures(after)
    yield _("Video"), _video(before), _video(after)
    yield _("Language of the text"), _language(before), _language(after)
    yield _("Tracked link"), _link(before["link"]), _link(after["link"])
    yield _("Campaign"), _campaign(before["campaign"]), _campaign(after["campaign"])
    yield _("This is advertising"), _yes_no(before["ad"]), _yes_no(after["ad"])
    yield _("Labels"), " · ".join(before["labels"]), " · ".join(after["labels"])
    yield _("Notes for the team"), before["notes"], after["notes"]
    yield from _channels(before["variants"], after["variants"])


def _said_labels() -> dict[str, str]:
    return {
        "text": _("Text"),
        "more": _("Further parts"),
        "first_comment": _("First comment"),
        "content_warning": _("Content warning"),
    }


def _channels(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    query = select(ChannelAccount.public_id, ChannelAccount.name)
    rows = db.session.execute(query.where(ChannelAccount.public_id.in_({*before, *after})))
    names = {row.public_id: row.name for row in rows}
    yield _("Channels"), _listed(before, names), _listed(after, names)
    for account in sorted({*before, *after}):
        for field in SAID:
            label = _("%(field)s on %(account)s", field=_said_labels()[field], account=names.get(account, account))
            old, new = before.get(account, {}).get(field), after.get(account, {}).get(field)
            yield label, _own(old), _own(new)


def _own(value: Any) -> str:
    return str(_("(as everywhere)")) if value is None else _plain(value) or str(_("(left out)"))


def _listed(variants: Content, names: dict[str, str]) -> str:
    return " · ".join(sorted(names.get(account, account) for account in variants))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else "\n\n".join(value)


def _pictures(content: Content) -> str:
    return "\n".join(
        str(_("Picture %(number)s: %(words)s", number=number, words=alt or _("(not described yet)")))
        for number, (_picture, alt) in enumerate(content["pictures"], start=1)
    )


def _video(content: Content) -> str:
    return (content["video_alt"] or str(_("(not described yet)"))) if content["video"] else ""


def _language(content: Content) -> str:
    return language_name(content["language"]) if content["language"] else ""


def _link(public_id: str | None) -> str:
    link = db.session.scalar(select(Link).where(Link.public_id == public_id)) if public_id else None
    return (link.title or link.target) if link else ""


def _campaign(public_id: str | None) -> str:
    return db.session.scalar(select(Campaign.title).where(Campaign.public_id == public_id)) or "" if public_id else ""


def _yes_no(value: bool) -> str:
    return str(_("Yes") if value else _("No"))
