"""What people fill in in the circles. What words may be is for the domain to decide; here only what no browser sends is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from commons.db import random_id
from commons.forms import Form, required
from commons.i18n import Words
from community.circle.interests.circles import SYMBOLS, Look
from community.circle.interests.measures import MOST_DAYS
from community.circle.interests.mediating import MEDIATED, OUTCOMES
from community.circle.interests.models import InterestCircle, Outcome, Reason
from community.circle.interests.reporting import REASONS

KEY = Regexp(r"^[a-z0-9]{8,40}$")
SYMBOL_WORDS = {
    "leaf": _l("Leaf"), "mug": _l("Mug"), "camera": _l("Camera"), "heart": _l("Heart"), "sun": _l("Sun"), "moon": _l("Moon"),
    "walk": _l("Walk"), "writing": _l("Pen"), "gift": _l("Gift"), "star": _l("Star"), "home": _l("House"), "world": _l("Globe"),
}  # fmt: skip


class PostForm(Form):
    """A post or an answer. `key` is new for every form handed out, so that sending one twice says it once."""

    text = TextAreaField(_l("Your words"), [Length(max=20_000)])
    key = HiddenField(default=random_id, validators=[KEY])


class CircleForm(Form):
    """What a circle is called and what holds in it."""

    name_zh = StringField(_l("Name in Chinese"), [required(), Length(max=30)])
    name_en = StringField(_l("Name in English"), [required(), Length(max=40)])
    about_zh = TextAreaField(_l("What it is about, in Chinese"), [required(), Length(max=200)])
    about_en = TextAreaField(_l("What it is about, in English"), [required(), Length(max=300)])
    rules_zh = TextAreaField(
        _l("Rules in Chinese"),
        [required(), Length(max=2000)],
        description=_l("One rule a line; the first is number 1."),
    )
    rules_en = TextAreaField(
        _l("Rules in English"), [required(), Length(max=3000)], description=_l("The same rules in the same order.")
    )
    symbol = SelectField(_l("Symbol"), choices=lambda: {name: str(SYMBOL_WORDS[name]) for name in SYMBOLS})

    def validate(self, extra_validators: Any = None) -> bool:
        """The same number of rules in both languages: a measure names one by its number."""
        if not super().validate(extra_validators):
            return False
        if len(_lines(self.rules_zh.data)) != len(_lines(self.rules_en.data)):
            self.rules_en.errors = [_l("There must be as many rules in English as in Chinese.")]
            return False
        return True

    @classmethod
    def of(cls, circle: InterestCircle) -> CircleForm:
        """The form as the circle stands; what was just sent goes before."""
        return cls(
            name_zh=circle.name.zh, name_en=circle.name.en, about_zh=circle.about.zh, about_en=circle.about.en,
            rules_zh=circle.rules.zh, rules_en=circle.rules.en, symbol=circle.symbol,
        )  # fmt: skip

    @property
    def look(self) -> Look:
        return Look(
            name=Words(str(self.name_zh.data).strip(), str(self.name_en.data).strip()),
            about=Words(str(self.about_zh.data).strip(), str(self.about_en.data).strip()),
            rules=Words("\n".join(_lines(self.rules_zh.data)), "\n".join(_lines(self.rules_en.data))),
            symbol=str(self.symbol.data),
        )


class ReportForm(Form):
    """Why a post should be looked at."""

    reason = RadioField(_l("What is wrong with it?"), choices=lambda: {one.value: str(REASONS[one]) for one in Reason})
    note = TextAreaField(_l("Anything else we should know"), [Length(max=500)], render_kw={"rows": 3})


class MeasureForm(Form):
    """The rule that was broken, and why this breaks it."""

    rule = SelectField(_l("Which rule"), coerce=int)
    reason = TextAreaField(_l("Reason, as the member will read it"), [required(), Length(max=500)])

    def __init__(self, circle: InterestCircle, **given: Any) -> None:
        super().__init__(**given)
        self.rule.choices = [(number, f"{number}. {line}") for number, line in enumerate(circle.rule_lines, 1)]


class MuteForm(MeasureForm):
    """A mute has a term."""

    days = IntegerField(
        _l("For how many days"),
        default=3,
        validators=[InputRequired(_l("Please fill this in.")), NumberRange(1, MOST_DAYS)],
    )


class AppealForm(Form):
    """Why the measure is wrong."""

    text = TextAreaField(_l("Why should this be undone?"), [required(), Length(max=500)])


class DecisionForm(Form):
    """The answer to an appeal, as the member will read it."""

    answer = TextAreaField(_l("Your answer, as the member will read it"), [required(), Length(max=500)])


class DisputeForm(Form):
    """What the dispute is about."""

    matter = TextAreaField(_l("What happened, from your side?"), [required(), Length(max=500)])
    key = HiddenField(default=random_id, validators=[KEY])


class OutcomeForm(Form):
    """How a mediation ended."""

    outcome = SelectField(
        _l("How it ended"), choices=lambda: {one.value: str(OUTCOMES[one]) for one in MEDIATED}, coerce=Outcome
    )
    words = TextAreaField(_l("What was agreed, for both to read"), [required(), Length(max=500)])


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
