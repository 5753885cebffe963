"""What the places on which one posts ask of promotions. Their rules change: each note names them and sends people to read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from community.channels.models import ChannelAccount

NAMED = {
    "wechat": re.compile(r"微信|公众号|朋友圈|wechat|weixin", re.IGNORECASE),
    "xiaohongshu": re.compile(r"小红书|xiaohongshu|\brednote\b", re.IGNORECASE),
    "douyin": re.compile(r"抖音|douyin", re.IGNORECASE),
    "meta": re.compile(r"facebook|instagram|\bthreads\b", re.IGNORECASE),
}
"""Places that people post to by hand are known by their names only."""


@dataclass(frozen=True)
class Note:
    """`about` is what brings it up: "prizes" or "sharing"."""

    about: str
    words: Any
    reference: str


NOTES = {
    "weibo": (
        Note("prizes", _l("prizes for reposts are to be drawn with the network’s own tool there."), "微博抽奖平台规则"),
    ),
    "wechat": (
        Note("sharing", _l("links of campaigns that reward sharing are closed."), "微信外部链接内容管理规范"),
        Note("prizes", _l("prizes for following an account count as inducing."), "微信公众平台运营规范"),
    ),
    "xiaohongshu": (
        Note("prizes", _l("a draw needs the network’s own lottery tool and a professional account."), "小红书社区规范"),
        Note("sharing", _l("leading people away to other places is limited."), "小红书社区规范"),
    ),
    "douyin": (Note("prizes", _l("a draw needs the network’s own tool."), "抖音社区自律公约"),),
    "meta": (
        Note(
            "sharing",
            _l("sharing on one’s own timeline or tagging friends must not be a condition."),
            "Meta Pages, Groups and Events Policies: Promotions",
        ),
        Note(
            "prizes",
            _l("the terms must release the network and say that it does not run the promotion."),
            "Meta Pages, Groups and Events Policies: Promotions",
        ),
    ),
    "mastodon": (
        Note("prizes", _l("many servers do not want promotions: read the rules of this one first."), "/about"),
    ),
}


def kinds_of(place: ChannelAccount) -> frozenset[str]:
    """What a place is: its channel, and for one that people post to by hand what its name says."""
    if place.channel != "handoff":
        return frozenset({place.channel})
    return frozenset(kind for kind, named in NAMED.items() if named.search(f"{place.name} {place.address}"))


def notes_for(place: ChannelAccount, *, has_prizes: bool, rewards_sharing: bool) -> Iterator[Note]:
    """What to know about this place for a campaign that does these things."""
    does = {"prizes": has_prizes, "sharing": rewards_sharing}
    for kind in sorted(kinds_of(place)):
        yield from (note for note in NOTES.get(kind, ()) if does[note.about])
