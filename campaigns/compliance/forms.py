"""What a campaign discloses, and why a warning may stand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from campaigns.compliance.checking import Wanted
from campaigns.compliance.models import Disclosure, Preset
from campaigns.compliance.wording import PRESETS
from commons.forms import Form
from commons.i18n import Words


class DisclosureForm(Form):
    preset = RadioField(_l("The law that holds"))
    organiser = StringField(_l("Who runs it"), validators=[Length(max=120)])
    contact = StringField(_l("How to reach them"), validators=[Length(max=200)])
    terms_zh = TextAreaField(_l("Terms in Chinese"), validators=[Length(max=6000)])
    terms_en = TextAreaField(_l("Terms in English"), validators=[Length(max=6000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset.choices = {preset.value: str(words) for preset, words in PRESETS.items()}

    @classmethod
    def of(cls, disclosure: Disclosure | None, preset: Preset) -> DisclosureForm:
        if disclosure is None:
            return cls(data={"preset": preset.value})
        terms = {"terms_zh": disclosure.terms.zh, "terms_en": disclosure.terms.en}
        said = {"organiser": disclosure.organiser, "contact": disclosure.contact}
        return cls(data={"preset": preset.value, **said, **terms})

    def wanted(self) -> Wanted:
        return Wanted(
            preset=Preset(self.preset.data),
            organiser=self.organiser.data or "",
            contact=self.contact.data or "",
            terms=Words((self.terms_zh.data or "").strip(), (self.terms_en.data or "").strip()),
        )
