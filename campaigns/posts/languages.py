"""The languages in which posts are written, as networks want to be told them."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

OFFERED = ("zh", "en", "ja", "ko", "de", "fr", "es", "pt", "it", "ru", "ar", "hi", "id", "th", "vi")


def language_choices(chosen: str) -> list[tuple[str, str]]:
    """(code, name in the visitor's language), and whatever is chosen already."""
    codes = [*OFFERED, *([chosen] if chosen and chosen not in OFFERED else [])]
    return [("", _("Not said")), *((code, language_name(code)) for code in codes)]


def language_name(code: str) -> str:
    try:
        name = Locale.parse(code, sep="-").get_display_name(get_locale() or "en")
    except (UnknownLocaleError, ValueError):
        return code
    return name or code
