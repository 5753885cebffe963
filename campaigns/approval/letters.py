"""The letters of this room, each in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from campaigns.approval.models import ApprovalRequest, ReviewLink
from commons import i18n, mail, zones
from commons.accounts import slots
from commons.accounts.models import User
from commons.web import absolute_url

EXCERPT = 120


def asked(request: ApprovalRequest, user: User, at: datetime, *, again: bool = False) -> None:
    """Somebody may decide; `again` when he was told before."""
    with force_locale(_language(user)):
        subject = _("Waits for your approval: %(text)s", text=_excerpt(request, 40))
        if request.fast:
            subject = _("Now, please: %(text)s", text=_excerpt(request, 40))
        elif again:
            subject = _("Still waits for your approval: %(text)s", text=_excerpt(request, 40))
        _send(
            user.email,
            subject,
            [
                _("Hello %(name)s,", name=user.name),
                _(
                    "%(who)s asks you to look at this post:",
                    who=request.asked_by.name if request.asked_by else _brand(),
                ),
                _excerpt(request, EXCERPT),
                _when(request, user),
                absolute_url("approval.show", public_id=request.public_id),
            ],
            at,
        )


def answered(request: ApprovalRequest, user: User, outcome: str, note: str, who: str, at: datetime) -> None:
    """What became of what somebody asked."""
    with force_locale(_language(user)):
        words = {
            "approved": _("%(who)s approved your post.", who=who),
            "rejected": _("%(who)s did not approve your post. It is a draft again.", who=who),
            "changes_asked": _("%(who)s asks for changes to your post. Then ask again.", who=who),
            "voided": _("Your post was approved, and has changed since. The approval is void, and is asked for again."),
            "expired": _("Nobody used the approval of your post in time. Ask for it again."),
        }[outcome]
        post = absolute_url("posts.edit", public_id=request.post.public_id)
        lines = [_("Hello %(name)s,", name=user.name), words, note, _excerpt(request, EXCERPT), post]
        _send(user.email, f"{words} {_excerpt(request, 40)}", [line for line in lines if line], at)


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


def _when(request: ApprovalRequest, user: User) -> str:
    if request.at_once:
        return str(_("It goes out the moment that it is approved."))
    if request.due_at is None:
        return str(_("It has no time yet."))
    local = zones.to_local(request.due_at, user.zone or zones.DEFAULT_ZONE)
    return str(_("It goes out at %(time)s, %(zone)s.", time=f"{local:%Y-%m-%d %H:%M}", zone=user.zone))


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
