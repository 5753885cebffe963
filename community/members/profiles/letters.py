"""The letter to a guardian, in both languages: nobody knows yet which one the reader prefers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from commons import mail
from commons.accounts.slots import brand_name
from commons.i18n import LANGUAGES
from commons.web import absolute_url
from community.members.profiles import wording
from community.members.profiles.models import Guardianship


def asked(guardianship: Guardianship, token: str, at: datetime) -> None:
    """What is asked, and the page on which to answer."""
    link = absolute_url("guardians.show", token=token)
    subjects: list[str] = []
    paragraphs: list[str] = []
    for language in LANGUAGES:
        with force_locale(language):
            subjects.append(_("Your consent is asked for at %(brand)s", brand=_brand()))
            paragraphs += _paragraphs(guardianship, link)
    mail.send_later(guardianship.email, " / ".join(subjects), "\n\n".join(paragraphs) + "\n", at)


def _paragraphs(guardianship: Guardianship, link: str) -> Sequence[str]:
    wanted = "\n".join(f"· {wording.PURPOSES[purpose]}" for purpose in guardianship.purposes)
    return [
        _(
            "%(name)s has an account with %(brand)s and named you as guardian. Because of the age, you decide on this:",
            name=guardianship.member.name,
            brand=_brand(),
        ),
        wanted,
        _("On this page you see what each of them means, and agree or refuse. No account is needed:"),
        link,
        _("Without an answer within 30 days, nothing is kept, and your address is erased."),
        _("Keep this mail: by the same link you can withdraw your consent at any time."),
    ]


def _brand() -> str:
    return next((str(name()) for name in brand_name), "Quanzi")
