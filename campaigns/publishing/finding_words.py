"""What a finding says, and the one button that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from campaigns.publishing.findings import Finding, Word
from commons import i18n


@dataclass(frozen=True, slots=True)
class Fix:
    """The button of a finding: where it leads. `act` is posted to, `url` is opened."""

    label: str
    icon: str
    url: str = ""
    act: str = ""


def sentence(finding: Finding, moment_words: Callable[[datetime], str] = i18n.moment_words) -> str:
    """What is wrong, in the reader's language. `moment_words` writes moments out, usually in the reader's zone."""
    about = finding.about
    moment = about.get("at") or about.get("ends_at")
    if moment:
        about = {**about, "time": moment_words(datetime.fromisoformat(moment))}
    return str(_SENTENCES[finding.word](about))


def fix(finding: Finding) -> Fix:
    """What to press."""
    delivery = finding.delivery
    post, here = delivery.post.url, delivery.public_id
    channel = url_for("channels.show", public_id=delivery.account.public_id)
    if finding.word in {Word.DISCONNECTED, Word.SIGN_IN, Word.ENDS_BEFORE}:
        return Fix(_("Reconnect"), "plug-connected", url=channel)
    if finding.word is Word.NO_ANSWER:
        return Fix(_("Check again"), "refresh", act=url_for("publishing.check", public_id=here))
    if finding.word in {Word.FILE_GONE, Word.FILE_BROKEN}:
        if finding.about["number"]:
            return Fix(_("Replace the picture"), "photo-x", url=f"{post}#composer-pictures")
        return Fix(_("Replace the video"), "video", url=f"{post}#composer-video")
    if finding.word in {Word.TOO_CLOSE, Word.ALIKE}:
        return Fix(_("Move it"), "calendar-time", url=f"{post}#delivery")
    if finding.word in {Word.NOT_APPROVED, Word.RUNS_OUT}:
        return Fix(_("Ask for approval"), "eye-check", url=f"{post}#delivery")
    if finding.word in {Word.LINK, Word.OFFER_GONE, Word.OFFER_OVER, Word.SOLD_OUT}:
        return Fix(_("Change the link"), "link-off", url=f"{post}#link")
    return Fix(_("Change the post"), "pencil", url=post)


def _other(about: dict[str, Any], words: str) -> str:
    return words % {"text": about["text"], "time": about["time"]}


def _file(about: dict[str, Any], picture: str, video: str) -> str:
    return picture % {"number": about["number"]} if about["number"] else video


_SENTENCES: dict[Word, Callable[[dict[str, Any]], str]] = {
    Word.DISCONNECTED: lambda about: _("%(account)s is not connected any more.", account=about["account"]),
    Word.SIGN_IN: lambda about: _(
        "The connection to %(account)s does not hold: %(why)s", account=about["account"], why=about["why"]
    ),
    Word.ENDS_BEFORE: lambda about: _(
        "The connection to %(account)s ends on %(time)s, before this goes out.",
        account=about["account"],
        time=about["time"],
    ),
    Word.NO_ANSWER: lambda about: _("%(account)s does not answer: %(why)s", account=about["account"], why=about["why"]),
    Word.FILE_GONE: lambda about: _file(
        about, _("The file of picture %(number)s is gone."), _("The file of the video is gone.")
    ),
    Word.FILE_BROKEN: lambda about: _file(
        about,
        _("The file of picture %(number)s is damaged: it is no longer what was uploaded."),
        _("The file of the video is damaged: it is no longer what was uploaded."),
    ),
    Word.LACKING: lambda about: str(i18n.Words(**about)),
    Word.LINK: lambda about: _("The link does not lead anywhere: %(why)s", why=about["why"]),
    Word.ADDRESS: lambda about: _(
        "The address %(address)s in the text does not lead anywhere: %(why)s",
        address=about["address"],
        why=about["why"],
    ),
    Word.TOO_CLOSE: lambda about: _other(about, _("“%(text)s” goes out on the same channel at %(time)s, close to it.")),
    Word.ALIKE: lambda about: _other(
        about, _("It says nearly the same as “%(text)s” at %(time)s on the same channel.")
    ),
    Word.NOT_APPROVED: lambda about: _("Not everybody who has to has approved it."),
    Word.RUNS_OUT: lambda about: _("The approval ends before this goes out. It has to be asked for again."),
    Word.OFFER_GONE: lambda about: _("There is no group buy where the link leads."),
    Word.OFFER_OVER: lambda about: _(
        "The group buy “%(title)s” will not be open when this goes out.", title=about["title"]
    ),
    Word.SOLD_OUT: lambda about: _("The group buy “%(title)s” has no seat left.", title=about["title"]),
}
