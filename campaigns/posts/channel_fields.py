"""The fields of the composer that come once for each part or channel: `more`, `channel`, `own-<id>`, `text-<id>` …"""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from campaigns.posts.drafts import MOST_PARTS, SAID, Edited
from campaigns.posts.models import BrandPost
from commons.forms import storable
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount
from community.channels.protocol import known

Sent = MultiDict[str, str]


def offered(post: BrandPost) -> list[ChannelAccount]:
    """The accounts that a post may be sent to, and those that it goes to already."""
    accounts = open_accounts()
    names = {channel.name for channel in known()}
    rest = [v.account for v in post.variants if v.account not in accounts and v.account.channel in names]
    return [*accounts, *rest]


def parts(sent: Sent, name: str) -> list[str]:
    return [storable(text) for text in sent.getlist(name)]


def chosen(sent: Sent, post: BrandPost) -> dict[ChannelAccount, Edited]:
    """Where the post goes as the form says, and what is said otherwise there."""
    ticked = set(sent.getlist("channel"))
    return {account: edited(sent, account) for account in offered(post) if account.public_id in ticked}


def as_saved(post: BrandPost) -> dict[ChannelAccount, Edited]:
    return {variant.account: Edited.of(variant) for variant in post.variants}


def edited(sent: Sent, account: ChannelAccount) -> Edited:
    """What stands in the fields of an account and is marked as its own."""
    key = account.public_id
    own: dict[str, Any] = {}
    for name in set(sent.getlist(f"own-{key}")) & set(SAID):
        field = f"{name}-{key}"
        own[name] = parts(sent, field) if name == "more" else storable(sent.get(field, ""))
    return Edited(**own)


def problems(sent: Sent) -> list[str]:
    """What is more than can be kept, as sentences."""
    said = []
    for name in sent:
        kind = name.partition("-")[0]
        if kind not in SAID or (name == kind and kind != "more"):
            continue
        values = sent.getlist(name)
        if any(len(value) > SAID[kind] for value in values):
            said.append(
                _("What is said on one channel is longer than %(count)s characters.", count=_number(SAID[kind]))
            )
        if len(values) > MOST_PARTS + 1:
            said.append(_("A thread has at most %(count)s further parts.", count=_number(MOST_PARTS)))
    return list(dict.fromkeys(said))


def _number(value: int) -> str:
    return str(format_decimal(value))
