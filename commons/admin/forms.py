"""The forms of administration."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileSize
from wtforms import BooleanField, ColorField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from commons.accounts import names
from commons.accounts.forms import AddressField, role_choices
from commons.admin import colours
from commons.admin.models import GUARDIAN_AGE, Brand
from commons.forms import Form, ZoneField, required
from commons.media.decoding import BYTE_CAP

ABOUT_LONGEST = 200
GUARDIAN_AGES = {14: _l("Under 14"), 18: _l("Under 18"), 0: _l("No guardian is asked")}


class BrandForm(Form):
    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=40)], filters=[names.clean])
    name_en = StringField(_l("Name in English"), validators=[Optional(), Length(max=40)], filters=[names.clean])
    about_zh = TextAreaField(_l("About, in Chinese"), validators=[Optional(), Length(max=ABOUT_LONGEST)])
    about_en = TextAreaField(_l("About, in English"), validators=[Optional(), Length(max=ABOUT_LONGEST)])
    accent = ColorField(_l("Colour"), filters=[lambda text: (text or "").strip().lower()])
    zone = ZoneField(_l("Home time zone"))
    guardian_age = SelectField(
        _l("A guardian has to agree for fans"),
        choices=lambda: list(GUARDIAN_AGES.items()),
        coerce=int,
        default=GUARDIAN_AGE,
    )
    logo = FileField(_l("Logo"), validators=[FileSize(BYTE_CAP, message=_l("This file is too large."))])
    no_logo = BooleanField(_l("Remove the logo"))

    @classmethod
    def of(cls, brand: Brand) -> BrandForm:
        """The form with the present settings, or with what was sent."""
        known = {
            "name_zh": brand.name.zh,
            "name_en": brand.name.en,
            "about_zh": brand.about.zh,
            "about_en": brand.about.en,
        }
        usual = {"accent": brand.accent, "zone": brand.zone, "guardian_age": brand.guardian_age}
        return cls(data={**known, **usual})

    def validate_accent(self, field: Field) -> None:
        if not colours.is_colour(field.data or ""):
            raise ValidationError(_l("Choose a colour such as #c5391d."))


class InviteForm(Form):
    email = AddressField()
    role = SelectField(_l("Role"), choices=role_choices)


class RoleForm(Form):
    role = SelectField(_l("Role"), choices=role_choices)
