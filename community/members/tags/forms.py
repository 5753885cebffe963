"""The forms of tags."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from commons.errors import Invalid
from commons.forms import Form, required
from community.members.tags import naming
from community.members.tags.models import Tag


class TagForm(Form):
    """What a tag is called."""

    word = StringField(_l("Tag"), validators=[required()])

    def validate_word(self, field: Any) -> None:
        try:
            naming.checked(field.data)
        except Invalid as refusal:
            raise ValidationError(refusal.in_full) from refusal


class MergeForm(Form):
    """Into which other tag."""

    into = SelectField(_l("Into this tag"))

    @classmethod
    def beside(cls, tag: Tag) -> MergeForm:
        """The form with all tags but this one."""
        form = cls()
        form.into.choices = [(other.public_id, other.name) for other in naming.offered() if other.id != tag.id]
        return form
