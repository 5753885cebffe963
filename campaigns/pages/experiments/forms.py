"""The form that begins a test."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.form import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from campaigns.pages.experiments.models import Goal
from campaigns.pages.experiments.running import MOST_VARIANTS
from campaigns.pages.experiments.wording import GOAL_WORDS
from campaigns.pages.models import PageVersion
from commons.forms import CountField, Form, StorableMeta, required

MOST_SHARE = 100
TEXT = 5000


class VersionForm(PlainForm):
    """One variant of a page. A line without a version is left out."""

    Meta = StorableMeta

    version = SelectField(_l("Version"), choices=[], validate_choice=False, default="")
    share = CountField(_l("Share of people"), validators=[NumberRange(1, MOST_SHARE)], default=1)


class WordsForm(PlainForm):
    """Other words of a post. A line without words is left out."""

    Meta = StorableMeta

    text = TextAreaField(_l("Words"), validators=[Length(max=TEXT)])
    share = CountField(_l("Share of people"), validators=[Optional(), NumberRange(1, MOST_SHARE)], default=1)


class ExperimentForm(Form):
    """What every test needs. Shares are asked for in per cent."""

    name = StringField(_l("What is tested"), validators=[required(), Length(max=120)])
    goal = SelectField(_l("What people are to do"))
    base_rate = DecimalField(
        _l("How many do it now, in per cent"), validators=[InputRequired(), NumberRange(0.1, 99)], default=Decimal(10)
    )
    effect = DecimalField(
        _l("Smallest difference that matters, in percentage points"),
        validators=[InputRequired(), NumberRange(0.1, 90)],
        default=Decimal(5),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal.choices = {goal.value: str(GOAL_WORDS[goal]) for goal in Goal}


class PageTestForm(ExperimentForm):
    variants = FieldList(FormField(VersionForm), label=_l("Variants"), max_entries=MOST_VARIANTS)

    def __init__(self, *args: Any, versions: Sequence[PageVersion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        while len(self.variants) < min(3, MOST_VARIANTS):
            self.variants.append_entry()
        self.versions = {one.public_id: one for one in versions}
        for line in self.variants:
            line.form.version.choices = {"": str(_("None"))} | {one.public_id: _named(one) for one in versions}

    def validate_variants(self, field: Any) -> None:
        chosen = [line.form.version.data for line in field if line.form.version.data in self.versions]
        if len(chosen) < 2 or len(set(chosen)) < len(chosen):
            raise ValidationError(_l("Choose two different versions at least."))


class PostTestForm(ExperimentForm):
    """The post as it is against other words; `first_share` is the share of the post as it is."""

    first_share = CountField(_l("Share of the post as it is"), validators=[NumberRange(1, MOST_SHARE)], default=1)
    variants = FieldList(FormField(WordsForm), label=_l("Other words"), max_entries=MOST_VARIANTS - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        while len(self.variants) < 2:
            self.variants.append_entry()

    def validate_variants(self, field: Any) -> None:
        if not any((line.form.text.data or "").strip() for line in field):
            raise ValidationError(_l("Write other words to compare with."))


def _named(version: PageVersion) -> str:
    words = _("Version %(number)s", number=version.number)
    return f"{words} · {version.note[:40]}" if version.note else words
