"""A push message in the words of its reader."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import ngettext

from commons.accounts.slots import brand_name
from commons.i18n import locale_tag, speaking
from community.members.models import Member
from community.notices.models import Notice
from community.notices.push.messages import Message
from community.notices.saying import say

LONGEST = 240


def message(member: Member, told: Sequence[Notice]) -> Message:
    """One notice says itself and leads to its page; several are counted and lead to their list."""
    language = member.user.language if member.user is not None else None
    with speaking(language):
        one = told[0] if len(told) == 1 else None
        return Message(
            title=next((str(name()) for name in brand_name), "Quanzi"),
            body=_short(say(one)) if one is not None else _counted(len(told)),
            path=one.url if one is not None and one.url.startswith("/") else "/me/notices",
            language=locale_tag(),
            tag=f"notice-{told[0].public_id}",
        )


def _counted(number: int) -> str:
    return str(ngettext("%(num)s thing is new for you", "%(num)s things are new for you", number))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
