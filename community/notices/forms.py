"""Where a fan wants to be told."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from commons.forms import Form
from community.notices.models import NoticeWish
from community.notices.saying import topics


class WishForm(Form):
    """Mail or not, and about what."""

    mail = BooleanField(_l("Also tell me by mail"))
    about = SelectMultipleField(
        _l("About what"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about.choices = list(topics().items())

    @classmethod
    def of(cls, wish: NoticeWish | None) -> WishForm:
        """The form as the wish has it; without a wish everything is ticked but the mail itself."""
        without = set(wish.without) if wish else set()
        return cls(
            formdata=None, mail=bool(wish and wish.mail_since), about=[one for one in topics() if one not in without]
        )

    @property
    def without(self) -> list[str]:
        """The topics that were left out."""
        return [topic for topic in topics() if topic not in (self.about.data or [])]
