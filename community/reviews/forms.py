"""The forms of fans: handing in, appealing, reporting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from commons.db import random_id
from commons.forms import Form, required
from community.reviews import appealing, submitting
from community.reviews.aspects import ASPECTS, MOST
from community.reviews.models import Clause, Kind
from community.reviews.slots import Order

STARS = {
    "5": _l("5 stars: very good"),
    "4": _l("4 stars: good"),
    "3": _l("3 stars: so so"),
    "2": _l("2 stars: poor"),
    "1": _l("1 star: bad"),
}


class SubmitForm(Form):
    """Words and pictures. `key` is new for every form handed out, so that sending one twice hands in once."""

    text = TextAreaField(_l("What you want to say"), [Length(max=20_000)])
    files = MultipleFileField(_l("Pictures"))
    key = HiddenField(default=random_id, validators=[Regexp(r"^[a-z0-9]{8,40}$")])

    @property
    def pictures(self) -> list[Any]:
        return [file for file in self.files.data or [] if getattr(file, "filename", "")]


class ReviewForm(SubmitForm):
    """What one thinks of something bought: stars for all of it, and for each aspect if one likes."""

    order = SelectField(_l("Which order it is about"), validators=[required()])
    stars = RadioField(_l("All in all"), choices=STARS.items, validators=[InputRequired(_l("Choose how many stars."))])
    quality = SelectField(ASPECTS["quality"], validators=[Optional()])
    packaging = SelectField(ASPECTS["packaging"], validators=[Optional()])
    delivery = SelectField(ASPECTS["delivery"], validators=[Optional()])
    service = SelectField(ASPECTS["service"], validators=[Optional()])
    value = SelectField(ASPECTS["value"], validators=[Optional()])

    def __init__(self, *args: Any, orders: Sequence[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {order.ref: order for order in orders}
        self.order.choices = [(order.ref, order.title) for order in orders]
        for name in ASPECTS:
            self[name].choices = [
                ("", _l("No opinion")),
                *((str(mark), STARS[str(mark)]) for mark in range(MOST, 0, -1)),
            ]

    @property
    def marks(self) -> dict[str, int]:
        return {name: int(self[name].data) for name in ASPECTS if self[name].data}


class AppealForm(Form):
    text = TextAreaField(
        _l("Why it should stand"),
        [required(), Length(max=8000)],
        render_kw={"data-counter": appealing.MOST_CHARACTERS},
    )


class ReportForm(Form):
    """Which clause it breaks, and what one wants to add."""

    clause = SelectField(_l("Which clause it breaks"), validators=[required()])
    text = StringField(_l("Anything to add"), [Optional(), Length(max=2000)])

    def __init__(self, *args: Any, clauses: Sequence[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clause.choices = [(clause.number, f"{clause.number} {clause.title}") for clause in clauses]


def form_for(kind: Kind, orders: Sequence[Order]) -> SubmitForm:
    """An empty or filled-in form for what is to be handed in."""
    return ReviewForm(orders=orders) if kind is Kind.ORDER_REVIEW else SubmitForm()


LIMIT = submitting.MOST_CHARACTERS
