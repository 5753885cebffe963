"""What a fan shows of himself, and what others have against it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from commons.forms import Form, required
from community.circle.people import profiles
from community.circle.people.models import Part, PublicProfile
from community.circle.people.wording import PARTS


class ProfileForm(Form):
    """Shown or not, and what of it."""

    on = BooleanField(_l("Everybody may see my profile"))
    parts = SelectMultipleField(
        _l("What it shows besides my name"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        choices=lambda: {part.value: str(name) for part, name in PARTS.items()},
    )
    findable = BooleanField(_l("Search engines may list it"))

    @classmethod
    def of(cls, profile: PublicProfile | None) -> ProfileForm:
        """The form as the profile is; what was just sent goes before."""
        if profile is None:
            return cls(parts=[part.value for part in profiles.LITTLE])
        return cls(on=profile.shown_since is not None, parts=profile.parts, findable=profile.findable)

    @property
    def chosen(self) -> list[Part]:
        return [Part(part) for part in self.parts.data or []]


class TakeAwayForm(Form):
    """Why a profile goes."""

    reason = TextAreaField(_l("Which rule it breaks and why, as its owner will read it"), [required(), Length(max=500)])
