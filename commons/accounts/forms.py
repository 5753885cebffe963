"""The forms of an account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import EmailField, Field, PasswordField, RadioField, StringField
from wtforms.validators import Length, Optional, ValidationError

from commons import clock, i18n
from commons.accounts import addresses, names, passwords, sessions, slots
from commons.accounts.models import User
from commons.errors import DomainError
from commons.forms import Form, ZoneField, required
from commons.i18n import LANGUAGES
from commons.permissions import ROLE_WORDS

NAME, MAIL_ADDRESS, NEW_PASSWORD = _l("Your name"), _l("Email address"), _l("New password")
PASSWORD_HINT = _l("At least 10 characters. A short sentence is easy to remember and hard to guess.")


def _normal(text: str | None) -> str:
    return addresses.normal(text or "")


class NameField(StringField):
    """A person's name, cleaned as it comes in."""

    def __init__(self, label: Any = NAME, **kwargs: Any) -> None:
        kwargs["filters"] = [*kwargs.get("filters", ()), names.clean]
        super().__init__(label, validators=[required(), Length(max=names.LONGEST)], **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and not names.has_letter(self.data or ""):
            raise ValidationError(_l("A name needs at least one letter."))


class AddressField(EmailField):
    """A mail address that mail could be sent to, in its one form."""

    def __init__(self, label: Any = MAIL_ADDRESS, **kwargs: Any) -> None:
        kwargs["filters"] = [*kwargs.get("filters", ()), _normal]
        super().__init__(label, validators=[required(), _sendable], **kwargs)


class NewPasswordField(PasswordField):
    """A password that is being chosen. The form says in `personal()` what must not be in it."""

    def __init__(self, label: Any = NEW_PASSWORD, **kwargs: Any) -> None:
        super().__init__(label, validators=[required(), _good_password], description=PASSWORD_HINT, **kwargs)


class SignInForm(Form):
    email = EmailField(MAIL_ADDRESS, validators=[required(), Length(max=addresses.LONGEST)])
    password = PasswordField(_l("Password"), validators=[required(), Length(max=1000)])


class SignUpForm(Form):
    name = NameField(description=_l("As others in the circle will see it. You can change it any time."))
    email = AddressField()
    password = NewPasswordField(_l("Password"))
    code = StringField(
        _l("Invitation code"),
        description=_l("If somebody gave you one. It works without, too."),
        validators=[Optional(), Length(max=40)],
    )

    def personal(self) -> tuple[str, ...]:
        return self.name.data or "", self.email.data or ""

    def validate_code(self, field: Field) -> None:
        try:
            for check in slots.invitation_checks:
                check(field.data or "", clock.now())
        except DomainError as refusal:
            raise ValidationError(refusal.in_full) from refusal


class AddressForm(Form):
    """Just an address: for a link that is mailed to it."""

    email = AddressField()


class ConfirmForm(Form):
    """What `user` fills in who reads the mail in another browser than the sign-up was sent from."""

    password = NewPasswordField(_l("Password"))

    def __init__(self, user: User) -> None:
        super().__init__()
        self._user = user

    def personal(self) -> tuple[str, ...]:
        return self._user.name, self._user.email or ""


class ResetForm(Form):
    password = NewPasswordField()


class AcceptForm(Form):
    """What an invited colleague fills in."""

    name = NameField()
    password = NewPasswordField(_l("Password"))

    def personal(self) -> tuple[str, ...]:
        return (self.name.data or "",)


class NameForm(Form):
    name = NameField()


class ReadingForm(Form):
    """How the person reads: language and zone."""

    language = RadioField(_l("Language"), choices=LANGUAGES)
    zone = ZoneField()


class OwnPasswordForm(Form):
    """Base of what needs the current password besides a signed-in browser; who has none must have signed in just now."""

    current = PasswordField(_l("Current password"), validators=[required(), Length(max=1000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_password = bool(current_user.password_hash)
        if not self.by_password:
            del self.current

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if not self.by_password and not sessions.is_fresh(clock.now()):
            self.form_errors.append(_l("Sign out and in again first: for this you must have signed in just now."))
            return False
        return good

    def validate_current(self, field: Field) -> None:
        if not passwords.password_fits(current_user, field.data or ""):
            raise ValidationError(_l("That is not your current password."))


class PasswordForm(OwnPasswordForm):
    password = NewPasswordField()

    def personal(self) -> tuple[str, ...]:
        return current_user.name, current_user.email or ""


class NewAddressForm(OwnPasswordForm):
    email = AddressField(_l("New email address"))


class ErasingForm(OwnPasswordForm):
    """Typing the own address says: I know which account this is."""

    email = EmailField(_l("Your email address, to confirm"), validators=[required()], filters=[_normal])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not current_user.email:
            del self.email

    def validate_email(self, field: Field) -> None:
        if field.data != current_user.email:
            raise ValidationError(_l("Type the email address of this account."))


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, str(words)) for role, words in ROLE_WORDS.items() if role.is_staff]


def reading_form(user: User) -> ReadingForm:
    """The form, filled with what the person reads at the moment."""
    return ReadingForm(formdata=None, prefix="reading", data={"language": i18n.language(), "zone": user.zone})


def _sendable(_form: Any, field: Field) -> None:
    if not addresses.is_address(field.data or ""):
        raise ValidationError(_l("That is not an email address."))


def _good_password(form: Any, field: Field) -> None:
    personal = form.personal() if hasattr(form, "personal") else ()
    complaint = passwords.complaint(field.data or "", *personal)
    if complaint:
        raise ValidationError(complaint)
