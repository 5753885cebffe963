"""The forms of staff: deciding, the standard, the thresholds, featured slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from commons import i18n, zones
from commons.forms import CountField, Form, WallClockField, ZoneField, required
from commons.i18n import Words
from community.reviews import deciding
from community.reviews.checks import Terms
from community.reviews.featuring import NOTE, PLACES
from community.reviews.models import Clause
from community.reviews.standard import Wording
from community.reviews.thresholds import LISTS, NUMBERS

NUMBER_WORDS = {
    "most_links": (_l("Links without being pointed at"), None),
    "same_by_author": (_l("The same words of one author, from so many times on"), None),
    "same_by_many": (_l("The same words of different people, from so many people on"), None),
    "same_within_hours": (_l("Within how many hours words count as the same"), None),
    "most_an_hour": (_l("Handed in by one author in an hour without being pointed at"), None),
    "most_repeats": (_l("Repetitions of the same characters without being pointed at"), None),
    "least_characters": (_l("Letters that words without pictures have at least"), None),
    "trusted_after": (
        _l("Trusted after so many publications"),
        _l("What a trusted author writes is published at once."),
    ),
    "trusted_days": (_l("And nothing refused or removed for so many days"), None),
    "spot_check_share": (_l("Spot checks of trusted authors, in a hundred"), None),
    "critical_stars": (
        _l("Critical up to so many stars"),
        _l("What is critical cannot be refused by one person alone."),
    ),
}


class DecisionForm(Form):
    """The clause and the words that go with a decision."""

    clause = RadioField(_l("Clause"), validate_choice=False)
    reason = TextAreaField(
        _l("Words to the author"), [Optional(), Length(max=deciding.REASON, message=_l("At most 500 characters."))]
    )
    alike = BooleanField(_l("Everything else with the same words too"))

    def __init__(self, *args: Any, clauses: Sequence[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clause.choices = [(clause.number, f"{clause.number} {clause.title}") for clause in clauses]


class ClauseForm(Form):
    number = StringField(
        _l("Number"), [required(), Length(max=12)], description=_l("Such as 2.1; it says where the clause stands.")
    )
    title_zh = StringField(_l("Title in Chinese"), [required(), Length(max=40)])
    title_en = StringField(_l("Title in English"), [required(), Length(max=80)])
    text_zh = TextAreaField(_l("Text in Chinese"), [required(), Length(max=1000)])
    text_en = TextAreaField(_l("Text in English"), [required(), Length(max=1000)])
    grounds = BooleanField(
        _l("May be cited against somebody's words"), description=_l("Without it the clause is a promise of ours.")
    )

    @classmethod
    def of(cls, clause: Clause) -> ClauseForm:
        return cls(
            formdata=None, number=clause.number, title_zh=clause.title.zh, title_en=clause.title.en,
            text_zh=clause.text.zh, text_en=clause.text.en, grounds=clause.grounds,
        )  # fmt: skip

    @property
    def wording(self) -> Wording:
        def said(field: Any) -> str:
            return (field.data or "").strip()

        return Wording(
            said(self.number),
            Words(said(self.title_zh), said(self.title_en)),
            Words(said(self.text_zh), said(self.text_en)),
            bool(self.grounds.data),
        )


class PublishForm(Form):
    note_zh = StringField(_l("What changes, in Chinese"), [required(), Length(max=200)])
    note_en = StringField(_l("What changes, in English"), [required(), Length(max=300)])

    @property
    def note(self) -> Words:
        return Words((self.note_zh.data or "").strip(), (self.note_en.data or "").strip())


class TermsForm(Form):
    """Every threshold and word list. `since` is the number of the terms that the form was made of."""

    since = HiddenField()
    insults = TextAreaField(
        _l("Insults"), description=_l("One word in a line. Latin words are found where a word begins.")
    )
    contacts = TextAreaField(_l("Words that lead elsewhere"), description=_l("One in a line."))
    critical_words = TextAreaField(
        _l("Words of criticism"),
        description=_l("One in a line. They protect: two people must agree to refuse what holds one."),
    )

    @classmethod
    def of(cls, terms: Terms, since: int) -> TermsForm:
        numbers = {name: getattr(terms, name) for name in NUMBERS}
        lists = {name: "\n".join(getattr(terms, name)) for name in LISTS}
        return cls(formdata=None, data={**numbers, **lists, "since": str(since)})

    def terms(self, before: Terms) -> Terms:
        """The terms as entered; the form must be valid. Which clause a sight is about stays as it was."""
        entered: dict[str, Any] = {name: self[name].data for name in NUMBERS}
        entered |= {name: tuple(_lines(self[name].data or "")) for name in LISTS}
        return replace(before, **entered)


for _name, (_least, _most) in NUMBERS.items():
    _label, _description = NUMBER_WORDS[_name]
    _range = NumberRange(_least, _most, _l("Enter a number from %(least)s to %(most)s.", least=_least, most=_most))
    setattr(
        TermsForm,
        _name,
        CountField(_label, [InputRequired(_l("Please fill this in.")), _range], description=_description or ""),
    )


class FeatureForm(Form):
    """Where and from when to when, by the clock on the wall."""

    place = SelectField(_l("Where it stands"), choices=lambda: [(code, place.name) for code, place in PLACES.items()])
    starts = WallClockField(_l("Starts at"), validators=[required()])
    ends = WallClockField(_l("Ends at"), validators=[required()])
    zone = ZoneField()
    note = StringField(
        _l("Why it is featured"), [Length(max=NOTE)], description=_l("Fans read it beside what is featured.")
    )

    @classmethod
    def usual(cls, at: datetime) -> FeatureForm:
        """From the next full hour on, for a week."""
        here = zones.to_local(at, i18n.zone()).replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(
            hours=1
        )
        return cls(formdata=None, starts=here, ends=here + timedelta(days=7), zone=i18n.zone())


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(word.strip()[:40] for word in text.splitlines() if word.strip()))[:500]
