"""Public holidays as the calendar names them, for the country that the team looks to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.core import Locale, get_global

USUAL_COUNTRY = "CN"
_LANGUAGES = {"zh_Hans": ("zh_CN", "zh_TW", "en_US"), "en": ("en_US", "en_GB")}


@dataclass(frozen=True, slots=True)
class Special:
    """What is special about a day. `is_workday`: a weekend day on which people work to make up for a day off."""

    name: str
    is_workday: bool = False


def country_of(zone: str) -> str:
    """The two letters of the country in which a zone lies; China where there is none, as for UTC."""
    found = get_global("zone_territories").get(zone, "")
    return found if len(found) == 2 and found in countries() else USUAL_COUNTRY


def country_choices(language: str) -> list[tuple[str, str]]:
    """(two letters, name) of the countries whose holidays are known, by name."""
    names = Locale.parse(language).territories
    return sorted(((one, names.get(one, one)) for one in countries()), key=lambda choice: choice[1])


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries whose holidays are known, by their two letters."""
    import holidays

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def special_days(country: str, year: int, language: str) -> Mapping[date, Special]:
    """Holidays of a year, and working weekends, named in the language if the country's list has it, else in its own."""
    import holidays

    offered = holidays.country_holidays(country).supported_languages
    words = next((one for one in _LANGUAGES.get(language, ()) if one in offered), None)
    listed = holidays.country_holidays(country, years=[year], language=words)
    found = {day: Special(name) for day, name in listed.items() if day.year == year}
    for day in getattr(listed, "weekend_workdays", ()):
        if day.year == year:
            found[day] = Special("", is_workday=True)
    return found
