"""How an account stands, in words that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from commons.i18n import ago, moment_words
from community.channels.models import ChannelAccount
from community.channels.slots import last_planned

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """`word` and `tone` for a pill; `title` and `text` when something is to be done; `reconnect`: by signing in again."""

    word: str
    tone: str
    icon: str
    title: str = ""
    text: str = ""
    reconnect: bool = False

    @property
    def is_well(self) -> bool:
        return not self.title


def standing_of(account: ChannelAccount, at: datetime) -> Standing:
    """The most pressing thing about an account."""
    if account.disconnected_at is not None:
        text = _("What was planned on it is kept and goes on once it is connected again.")
        return Standing(_("Disconnected"), "neutral", "plug-x", _("Disconnected"), text, reconnect=True)
    if account.trouble:
        return Standing(
            _("Sign-in refused"),
            "bad",
            "alert-circle",
            _("It must be connected again"),
            account.trouble,
            reconnect=True,
        )
    if account.expires_at is not None:
        return _by_expiry(account, account.expires_at, at)
    return _well()


def _by_expiry(account: ChannelAccount, ends: datetime, at: datetime) -> Standing:
    planned = last_planned(account)
    if ends <= at:
        return Standing(_("Sign-in over"), "bad", "clock-x", _("Its sign-in is over"), _over(ends), reconnect=True)
    if planned is not None and planned >= ends:
        words = _(
            "Posts are planned until %(planned)s, but its sign-in ends on %(ends)s. Connect it again before that.",
            planned=moment_words(planned),
            ends=moment_words(ends),
        )
        return Standing(
            _("Ends too soon"), "warn", "alert-triangle", _("Its sign-in ends before the last planned post"), words, reconnect=True
        )  # fmt: skip
    if ends - at < SOON:
        words = _("It ends %(soon)s, on %(ends)s.", soon=ago(ends), ends=moment_words(ends))
        return Standing(_("Ends soon"), "warn", "hourglass", _("Its sign-in ends soon"), words, reconnect=True)
    return _well()


def _over(ends: datetime) -> str:
    return str(_("It ended on %(ends)s. Posts cannot go out until it is connected again.", ends=moment_words(ends)))


def _well() -> Standing:
    return Standing(_("Connected"), "good", "plug-connected")
