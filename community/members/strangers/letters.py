"""The invitation to open an account, in both languages: nobody knows yet which one the reader prefers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from commons import mail
from commons.accounts.slots import brand_name
from commons.i18n import LANGUAGES
from commons.web import absolute_url
from community.members.models import Member
from community.notices.letters import stop_token


def invitation(member: Member, address: str, at: datetime) -> None:
    """How to come to what belongs to the reader, and how to hear nothing more."""
    subjects: list[str] = []
    paragraphs: list[str] = []
    for language in LANGUAGES:
        with force_locale(language):
            subjects.append(_("%(brand)s keeps a place in the circle for you", brand=_brand()))
            paragraphs += _paragraphs(member)
    mail.send_later(address, " / ".join(subjects), "\n\n".join(paragraphs) + "\n", at)


def _paragraphs(member: Member) -> Sequence[str]:
    return [
        _("Hello %(name)s,", name=member.name),
        _(
            "%(brand)s knows you already. Sign up with this very address, and what belongs to you is yours:",
            brand=_brand(),
        ),
        absolute_url("accounts.sign_up"),
        _("You agreed to mails from us. To have no more of them, open this page and press the button:"),
        absolute_url("notices.stop", token=stop_token(member)),
    ]


def _brand() -> str:
    return next((str(name()) for name in brand_name), "Quanzi")
