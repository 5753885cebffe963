"""The form that declares a badge."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from commons.events import Evidence
from commons.forms import CountField, Form, required
from commons.i18n import Words
from community.loyalty.badges import words
from community.loyalty.badges.declaring import Draft, kind_choices
from community.loyalty.badges.deserving import Terms
from community.loyalty.rules.details import detail_words, names_by_kind
from community.members.facts import EVIDENCE

_FROM_ONE = NumberRange(1, 10_000, _l("From 1 to 10,000."))


class BadgeForm(Form):
    """A badge: its words and picture, and which facts bring it."""

    name_zh = StringField(_l("Name in Chinese"), validators=[required(), Length(max=12)])
    name_en = StringField(_l("Name in English"), validators=[required(), Length(max=24)])
    words_zh = StringField(_l("A word to the fan in Chinese"), validators=[required(), Length(max=60)])
    words_en = StringField(_l("A word to the fan in English"), validators=[required(), Length(max=120)])
    motif = RadioField(
        _l("Motif"), default="star", choices=lambda: [(key, str(word)) for key, word in words.MOTIFS.items()]
    )
    tone = RadioField(
        _l("Colour"), default="tea", choices=lambda: [(key, str(word)) for key, word in words.TONES.items()]
    )
    kind = SelectField(_l("For which facts"))
    times = CountField(
        _l("How many of them"), default=1, validators=[InputRequired(_l("Please fill this in.")), _FROM_ONE]
    )
    days = CountField(
        _l("On how many different days"), default=1, validators=[InputRequired(_l("Please fill this in.")), _FROM_ONE]
    )
    in_a_row = BooleanField(_l("The days must follow each other without a gap"))
    evidence = SelectField(
        _l("Evidence needed"),
        default=Evidence.SELF_DECLARED.value,
        choices=lambda: [(grade.value, str(word)) for grade, word in EVIDENCE.items()],
    )
    only_field = SelectField(
        _l("Only where this detail"), description=_l("Choose one that belongs to the kind of fact above."), default=""
    )
    only_value = StringField(_l("is exactly"), validators=[Length(max=80, message=_l("At most 80 characters."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known_kinds = kind_choices()
        self.kind.choices, names = known_kinds, dict(known_kinds)
        self.only_field.choices = {
            str(_l("Without a condition")): [("", "—")],
            **{
                names[kind]: [(f"{kind}:{detail}", detail_words(detail)) for detail in known]
                for kind, known in names_by_kind(names).items()
            },
        }

    def validate_only_field(self, field: SelectField) -> None:
        if field.data and field.data.partition(":")[0] != self.kind.data:
            raise ValidationError(_l("This detail belongs to another kind of fact."))

    def validate_only_value(self, field: StringField) -> None:
        if self.only_field.data and not _tidy(field):
            raise ValidationError(_l("Say what it must be, or leave the detail open."))

    @property
    def draft(self) -> Draft:
        """The badge as wished; only of a form that validated."""
        evidence = Evidence(self.evidence.data)
        return Draft(
            name=Words(_tidy(self.name_zh), _tidy(self.name_en)),
            words=Words(_tidy(self.words_zh), _tidy(self.words_en)),
            motif=self.motif.data,
            tone=self.tone.data,
            kind=self.kind.data,
            terms=Terms(self.times.data or 1, self.days.data or 1, self.in_a_row.data, evidence, self._only),
        )

    @property
    def _only(self) -> dict[str, str]:
        detail = self.only_field.data.partition(":")[2] if self.only_field.data else ""
        return {detail: _tidy(self.only_value)} if detail else {}


def _tidy(field: StringField) -> str:
    return (field.data or "").strip()
