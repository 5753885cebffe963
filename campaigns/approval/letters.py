"""The letters of this room, each in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from campaigns.approval.models import ApprovalRequest, ReviewLink
from commons import i18n, mail, zones
from commons.accounts import slots
from commons.accounts.models import User
from commons.web import absolute_url

EXCERPT, LINE = 120, 40
MOST_LINES = 20


def asked(requests: Sequence[ApprovalRequest], user: User, at: datetime, *, again: bool = False) -> None:
    """Somebody may decide all of these, one or several; `again` when he was told before."""
    with force_locale(_language(user)):
        hello = _("Hello %(name)s,", name=user.name)
        if len(requests) == 1:
            _send(user.email, _subject(requests[0], again), [hello, *_about(requests[0], user)], at)
            return
        subject = ngettext(
            "%(num)s post waits for your approval", "%(num)s posts wait for your approval", len(requests)
        )
        lines = [f"- {_excerpt(one, LINE)} {_when(one, user)}" for one in requests[:MOST_LINES]]
        rest = len(requests) - MOST_LINES
        if rest > 0:
            lines.append(ngettext("and %(num)s more", "and %(num)s more", rest))
        _send(user.email, subject, [hello, f"{subject}:", "\n".join(lines), absolute_url("approval.index")], at)


def answered(request: ApprovalRequest, user: User, outcome: str, note: str, who: str, at: datetime) -> None:
    """What became of what somebody asked."""
    with force_locale(_language(user)):
        words = {
            "approved": _("%(who)s approved your post.", who=who),
            "rejected": _("%(who)s did not approve your post. It is a draft again.", who=who),
            "changes_asked": _("%(who)s asks for changes to your post. Then ask again.", who=who),
            "undone": _("%(who)s took the approval of your post back. It waits for approval again.", who=who),
            "voided": _("Your post was approved, and has changed since. The approval is void, and is asked for again."),
            "undecided": _("Nobody decided on your post in time. Ask again."),
            "unused": _("The approval of your post has expired before it went out. Ask for it again."),
        }[outcome]
        post = absolute_url("posts.edit", public_id=request.post.public_id)
        lines = [_("Hello %(name)s,", name=user.name), words, note, _excerpt(request, EXCERPT), post]
        _send(user.email, f"{words} {_excerpt(request, LINE)}", [line for line in lines if line], at)


def invited(link: ReviewLink, token: str, at: datetime) -> None:
    """In both languages: nobody knows which one the reader prefers."""
    written = []
    for language in i18n.LANGUAGES:
        with force_locale(language):
            ends = i18n.moment_words(link.ends_at)
            written.append(
                [
                    _("Hello %(name)s,", name=link.name),
                    _("%(who)s of %(brand)s asks you to look at a post before it goes out.", who=link.made_by.name, brand=_brand()),
                    absolute_url("review.show", token=token),
                    _("The link works until %(time)s.", time=ends),
                ]
            )  # fmt: skip
            subject = _("Please look at a post of %(brand)s", brand=_brand())
            written[-1].insert(0, subject)
    _send(link.email, " / ".join(part[0] for part in written), [line for part in written for line in part[1:]], at)


def _subject(request: ApprovalRequest, again: bool) -> str:
    text = _excerpt(request, LINE)
    if request.fast:
        return str(_("Now, please: %(text)s", text=text))
    if again:
        return str(_("Still waits for your approval: %(text)s", text=text))
    return str(_("Waits for your approval: %(text)s", text=text))


def _about(request: ApprovalRequest, user: User) -> list[str]:
    who = request.asked_by.name if request.asked_by else _brand()
    return [
        _("%(who)s asks you to look at this post:", who=who),
        _excerpt(request, EXCERPT),
        _when(request, user),
        absolute_url("approval.show", public_id=request.public_id),
    ]


def _when(request: ApprovalRequest, user: User) -> str:
    if request.at_once:
        return str(_("It goes out the moment that it is approved."))
    if request.due_at is None:
        return str(_("It has no time yet."))
    zone = user.zone or zones.DEFAULT_ZONE
    local = zones.to_local(request.due_at, zone)
    return str(_("It goes out at %(time)s, %(zone)s.", time=f"{local:%Y-%m-%d %H:%M}", zone=zone))


def _excerpt(request: ApprovalRequest, most: int) -> str:
    text = " ".join(request.post.text.split())
    return f"{text[:most]}…" if len(text) > most else text


def _language(user: User) -> str:
    return user.language if user.language in i18n.LANGUAGES else i18n.DEFAULT_LANGUAGE


def _brand() -> str:
    return next((str(name()) for name in slots.brand_name), "Quanzi")


def _send(to: str | None, subject: str, paragraphs: Sequence[str], at: datetime) -> None:
    if to:
        mail.send_later(to, subject, "\n\n".join(paragraphs) + "\n", at)
