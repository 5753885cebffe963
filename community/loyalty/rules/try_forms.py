"""The period that a rule is tried out on, as a part of its form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from commons import i18n, zones
from commons.forms import Form
from community.loyalty.rules.trying import Span

USUAL_DAYS = 30
LONGEST_SPAN = 366


class TryForm(Form):
    """From one day up to and with another; the last month where nothing is said."""

    try_first = DateField(_l("Try it from"), validators=[Optional()])
    try_last = DateField(_l("up to and with"), validators=[Optional()])

    def choose_span(self, at: datetime) -> None:
        """Fill in what was left out."""
        today = zones.day_of(at, i18n.zone())
        self.try_first.data = self.try_first.data or today - timedelta(days=USUAL_DAYS - 1)
        self.try_last.data = self.try_last.data or today

    def validate_try_last(self, field: Any) -> None:
        in_order(self.try_first.data, field.data)
        if (field.data - self.try_first.data).days >= LONGEST_SPAN:
            raise ValidationError(_l("Try it on one year at most."))

    @property
    def span(self) -> Span:
        """The days to try it out on, as they are where the visitor is."""
        zone = i18n.zone()
        start, end = self.try_first.data, self.try_last.data
        assert isinstance(start, date)
        assert isinstance(end, date)
        return Span(zones.day_bounds(start, zone)[0], zones.day_bounds(end, zone)[1])


def in_order(first: date | None, last: date | None) -> None:
    """Raise `ValidationError` if the last day lies before the first."""
    if first is not None and last is not None and last < first:
        raise ValidationError(_l("The last day lies before the first."))
