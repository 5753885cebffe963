"""The forms for links of the brand and for their further targets."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from campaigns.links.changing import MOST_WEIGHT
from campaigns.links.domains import reading as domains
from campaigns.links.models import Link
from campaigns.planning.reading import campaign_choices
from commons import clock, i18n, zones
from commons.accounts.passwords import LONGEST
from commons.forms import CountField, Form, WallClockField, ZoneField, required

HOUSE = "house"
SHORTEST_PASSWORD = 4
DEVICE_WORDS = {
    "": _l("Every device"),
    "phone": _l("Phones"),
    "tablet": _l("Tablets"),
    "computer": _l("Computers"),
    "ios": _l("iPhone and iPad"),
    "android": _l("Android"),
}
LANGUAGES = ("zh", "en", "ja", "ko", "fr", "de", "es", "ru", "pt", "it", "th", "vi", "id", "ar")


class TargetForm(Form):
    """What every link of the brand says of itself."""

    target = StringField(_l("Leads to"), validators=[required(), Length(max=2000)])
    title = StringField(_l("Name, for the team"), validators=[Length(max=120)])
    campaign = SelectField(_l("Campaign"), default="")
    utm_source = StringField(_l("Source (utm_source)"), validators=[Length(max=64)])
    utm_medium = StringField(_l("Medium (utm_medium)"), validators=[Length(max=64)])
    utm_campaign = StringField(_l("Campaign tag (utm_campaign)"), validators=[Length(max=64)])

    def __init__(self, *args: Any, link: Link | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign.choices = campaign_choices(current_user, clock.now(), link.campaign if link else None)


class LinkForm(TargetForm):
    """A new link."""

    slug = StringField(_l("Own ending (optional)"), validators=[Length(max=64)])
    domain = SelectField(_l("Domain"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = domains.usable()
        house = {HOUSE: str(_l("The house's own, under /l/"))}
        others = {domain.public_id: domain.shown_host for domain in usable}
        first_is_usual = bool(usable) and usable[0].default_since is not None
        self.domain.choices = others | house if first_is_usual else house | others
        if not self.domain.raw_data:
            self.domain.data = next(iter(self.domain.choices))


class TermsForm(TargetForm):
    """A link that exists: all of its terms."""

    expires = WallClockField(_l("Ends at"), validators=[Optional()])
    zone = ZoneField()
    most_visits = CountField(_l("Ends after so many visits by people"), validators=[Optional(), NumberRange(1, 10**9)])
    password = PasswordField(_l("New password"), validators=[Optional(), Length(min=SHORTEST_PASSWORD, max=LONGEST)])
    drops_password = BooleanField(_l("Take the password away"))
    tells_click = BooleanField(_l("Tell the target which click it was (quanzi_click)"))
    card_title = StringField(_l("Title of the card"), validators=[Length(max=120)])
    card_text = TextAreaField(_l("Text of the card"), validators=[Length(max=300)])
    card_picture = FileField(_l("Picture of the card"))
    drops_picture = BooleanField(_l("Take the picture away"))

    @classmethod
    def of(cls, link: Link) -> TermsForm:
        """The form as it stands for a link."""
        plain = (
            "target",
            "title",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "most_visits",
            "tells_click",
            "card_title",
            "card_text",
        )
        zone = i18n.zone()
        return cls(
            link=link,
            formdata=None,
            campaign=link.campaign.public_id if link.campaign else "",
            expires=zones.to_local(link.expires_at, zone) if link.expires_at else None,
            zone=zone,
            **{name: getattr(link, name) for name in plain},
        )

    def validate_card_title(self, field: StringField) -> None:
        if not (field.data or "").strip() and ((self.card_text.data or "").strip() or self.card_picture.data):
            raise ValidationError(_l("A card needs a title."))


class RuleForm(Form):
    """A target for certain visitors."""

    target = StringField(_l("Leads to"), validators=[required(), Length(max=2000)])
    device = SelectField(_l("Device"), default="")
    language = SelectField(_l("Language of the browser"), default="")
    region = StringField(
        _l("Region (ISO code, such as CN or CN-ZJ)"),
        filters=[lambda text: (text or "").strip().upper()],
        validators=[Optional(), Regexp(r"[A-Z]{2}(-[A-Z0-9]{1,3})?$", message=_l("Write a code such as CN or CN-ZJ."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.device.choices = {code: str(words) for code, words in DEVICE_WORDS.items()}
        self.language.choices = {"": str(_l("Every language"))} | {code: language_words(code) for code in LANGUAGES}


class VariantForm(Form):
    """A target that shares the visitors with the main one."""

    target = StringField(_l("Leads to"), validators=[required(), Length(max=2000)])
    name = StringField(_l("Name, for the team"), validators=[Length(max=40)])
    weight = CountField(_l("Weight"), default=1, validators=[InputRequired(), NumberRange(1, MOST_WEIGHT)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="ab", **kwargs)  # it stands on one page with the others


class MainWeightForm(Form):
    weight = CountField(_l("Weight of the main target"), validators=[InputRequired(), NumberRange(0, MOST_WEIGHT)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="main", **kwargs)


def language_words(code: str) -> str:
    """A language by its name in the reader's own."""
    found = Locale.parse(code).get_display_name("en" if i18n.language() == "en" else "zh_Hans")
    return str(found or code)


def region_words(code: str) -> str:
    """A country by its name in the reader's language, with the part's code behind it."""
    country, _hyphen, part = code.partition("-")
    name = Locale.parse("en" if i18n.language() == "en" else "zh_Hans").territories.get(country, country)
    return f"{name} ({part})" if part else str(name)
