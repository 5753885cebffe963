"""The letters of an account, each in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, format_timedelta
from flask_babel import gettext as _

from commons import mail
from commons.accounts import slots
from commons.accounts.mailed import LIFETIMES, Purpose
from commons.accounts.models import Invitation, User
from commons.i18n import LANGUAGES, speaking
from commons.web import absolute_url


def confirm_address(user: User, token: str, at: datetime) -> None:
    with speaking(user.language):
        link = absolute_url("accounts.confirm", token=token)
        _send(
            user.email,
            _("Confirm your email address for %(brand)s", brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _("one step is left before you are in: open this page and press the button on it."),
                link,
                _lasts(Purpose.CONFIRM),
                _("If you did not sign up, there is nothing to do: without the button no account is made."),
            ],
            at,
        )


def already_here(user: User, at: datetime) -> None:
    """Somebody signed up with an address that has an account: told to its owner, and to nobody else."""
    with speaking(user.language):
        _send(
            user.email,
            _("You already have an account with %(brand)s", brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _(
                    "somebody, probably you, signed up with this email address. It already has an account; sign in here:"
                ),
                absolute_url("accounts.sign_in"),
                _("If you have forgotten the password, set a new one here:"),
                absolute_url("accounts.forgot"),
                _("If it was not you, there is nothing to do."),
            ],
            at,
        )


def reset_password(user: User, token: str, at: datetime) -> None:
    with speaking(user.language):
        _send(
            user.email,
            _("Set a new password for %(brand)s", brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _("set a new password on this page:"),
                absolute_url("accounts.reset", token=token),
                _lasts(Purpose.RESET),
                _("If you did not ask for this, there is nothing to do; your password stays as it is."),
            ],
            at,
        )


def password_changed(user: User, at: datetime) -> None:
    with speaking(user.language):
        _send(
            user.email,
            _("Your password was changed"),
            [
                _("Hello %(name)s,", name=user.name),
                _(
                    "your password for %(brand)s was changed just now, and your other browsers were signed out.",
                    brand=_brand(),
                ),
                _("If it was not you, set a new one at once:"),
                absolute_url("accounts.forgot"),
            ],
            at,
        )


def confirm_new_address(user: User, email: str, token: str, at: datetime) -> None:
    with speaking(user.language):
        _send(
            email,
            _("Confirm your new email address for %(brand)s", brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _("open this page and press the button, and this becomes the address you sign in with:"),
                absolute_url("accounts.new_address", token=token),
                _lasts(Purpose.ADDRESS),
                _("If you did not ask for this, there is nothing to do."),
            ],
            at,
        )


def address_changed(user: User, former: str, at: datetime) -> None:
    """Told to the former address: the last that its owner hears if somebody else did it."""
    with speaking(user.language):
        _send(
            former,
            _("Your email address was changed"),
            [
                _("Hello %(name)s,", name=user.name),
                _("your account with %(brand)s now has another email address.", brand=_brand()),
                _("If it was not you, reply to this email or write to the brand at once."),
            ],
            at,
        )


def identity_linked(user: User, provider: str, at: datetime) -> None:
    """Told to the address: the first that its owner hears if somebody else did it."""
    with speaking(user.language):
        _send(
            user.email,
            _("%(provider)s now opens your account with %(brand)s", provider=provider, brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _("from now on you can sign in with %(provider)s too.", provider=provider),
                _("If it was not you, unlink it on this page and change your password at once:"),
                absolute_url("accounts.account"),
            ],
            at,
        )


def identity_unlinked(user: User, provider: str, at: datetime) -> None:
    with speaking(user.language):
        _send(
            user.email,
            _("%(provider)s no longer opens your account with %(brand)s", provider=provider, brand=_brand()),
            [
                _("Hello %(name)s,", name=user.name),
                _("signing in with %(provider)s was unlinked from your account just now.", provider=provider),
                _("If it was not you, change your password at once:"),
                absolute_url("accounts.account"),
            ],
            at,
        )


def invitation(invited: Invitation, token: str, at: datetime) -> None:
    """In both languages: nobody knows yet which one the reader prefers."""
    link = absolute_url("accounts.invitation", token=token)
    written = []
    for language in LANGUAGES:
        with force_locale(language):
            written.append(_invitation_words(invited, link))
    _send(
        invited.email,
        " / ".join(subject for subject, _paragraphs in written),
        [paragraph for _subject, paragraphs in written for paragraph in paragraphs],
        at,
    )


def _invitation_words(invited: Invitation, link: str) -> tuple[str, list[str]]:
    who = invited.invited_by.name if invited.invited_by is not None else _brand()
    lasts = format_timedelta(invited.expires_at - invited.invited_at, threshold=2)
    return _("Join the team of %(brand)s", brand=_brand()), [
        _("%(who)s invites you to %(brand)s as: %(role)s.", who=who, brand=_brand(), role=invited.role.label),
        _("Choose your name and password here:"),
        link,
        _("The link works once, for %(time)s.", time=lasts),
    ]


def _lasts(purpose: Purpose) -> str:
    return str(_("The link works once, for %(time)s.", time=format_timedelta(LIFETIMES[purpose], threshold=2)))


def _brand() -> str:
    return next((str(name()) for name in slots.brand_name), "Quanzi")


def _send(to: str | None, subject: str, paragraphs: Sequence[str], at: datetime) -> None:
    if to:
        mail.send_later(to, subject, "\n\n".join(paragraphs) + "\n", at)
