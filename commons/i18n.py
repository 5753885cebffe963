"""Languages, zones, and how values are written out in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as day_in_words
from babel.dates import format_timedelta
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request, session
from flask_babel import (
    force_locale,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    get_timezone,
    get_translations,
)
from flask_login import current_user
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from commons import clock, zones
from commons.db import Json
from commons.extensions import babel
from commons.money import Money

LANGUAGES = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT_LANGUAGE = "zh_Hans"
DAYS = {"en": "en_GB"}
"""Whose way to write a day is followed: 3 March 2026, as beside an hour, and nobody takes the month for the day."""


@dataclass(frozen=True)
class Words:
    """A name that the brand gives in both languages. `str()` is the one for the current visitor."""

    zh: str
    en: str

    def __str__(self) -> str:
        return (self.en or self.zh) if language() == "en" else (self.zh or self.en)


class WordsColumn(TypeDecorator[Words]):
    """`Words` kept as a JSON object."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {"zh": value.zh, "en": value.en}

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> Words | None:
        return None if value is None else Words(**value)


def language() -> str:
    """`zh_Hans` or `en`: the visitor's choice, else the account's, else the browser's, else Chinese."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else DEFAULT_LANGUAGE


def locale_tag() -> str:
    """The language as HTML writes it."""
    return "en" if language() == "en" else "zh-Hans"


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Words are in this language meanwhile; in the default one where it is none of ours."""
    with force_locale(language if language in LANGUAGES else DEFAULT_LANGUAGE):
        yield


def in_both_languages(words: Callable[[], object]) -> dict[str, str]:
    """What `words` says in each language, as facts and notices keep it: the values of `Words`."""
    said = {}
    for name, spoken in (("zh", "zh_Hans"), ("en", "en")):
        with force_locale(spoken):
            said[name] = str(words())
    return said


def catalog() -> NullTranslations:
    """The translations for the current visitor. A page asks some 200 times: they are looked up once per language."""
    locale = get_locale()
    known: tuple[Locale | None, NullTranslations] | None = g.get("catalog")
    if known is None or known[0] is not locale:
        known = g.catalog = (locale, get_translations())
    return known[1]


def zone() -> str:
    """Name of the zone in which the current visitor reads times."""
    found = get_timezone()
    return str(found) if found is not None else zones.DEFAULT_ZONE


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=_choose_language, timezone_selector=_choose_zone)
    app.jinja_env.globals.update(locale_tag=locale_tag, languages=LANGUAGES, now=clock.now, zone=zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: catalog().ugettext(message),
        ngettext=lambda one, many, count: catalog().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        datetime=moment_words, date=date_words, time=time_words, as_meant=wall_clock_words, ago=ago, number=format_decimal, percent=percent,
        money=money_words,
    )  # fmt: skip


def _choose_language() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    return _browser_language()


def _browser_language() -> str:
    for tag in request.accept_languages.values():
        main = tag.replace("_", "-").split("-")[0].lower()
        if main in {"zh", "en"}:
            return "en" if main == "en" else "zh_Hans"
    return DEFAULT_LANGUAGE


def _choose_zone() -> str:
    if has_request_context() and current_user and current_user.is_authenticated and current_user.zone:
        return str(current_user.zone)
    return zones.DEFAULT_ZONE


def moment_words(moment: datetime, pattern: str = "") -> str:
    """A moment in the visitor's zone and language, seconds left out; or by a CLDR pattern."""
    return str(format_datetime(moment, pattern or _usual_pattern()))


def wall_clock_words(wall_clock: str) -> str:
    """A time as clocks showed it in the zone in which it was meant, from its ISO form; seconds left out."""
    shown = datetime.fromisoformat(wall_clock).replace(tzinfo=None)
    return str(format_datetime(shown, _usual_pattern(), rebase=False))


def date_words(day: date | datetime, pattern: str = "medium") -> str:
    """A day; a moment's day in the visitor's zone. A calendar asks for the same few dozen days on every page."""
    own = day.astimezone(local_zone()).date() if isinstance(day, datetime) else day
    return _day_words(own, pattern, DAYS.get(language(), language()))


def _usual_pattern() -> str:
    return "d MMM y, HH:mm" if language() == "en" else "y年M月d日 HH:mm"


@lru_cache(maxsize=4096)
def _day_words(day: date, pattern: str, spoken: str) -> str:
    return day_in_words(day, pattern, locale=spoken)


def time_words(moment: datetime) -> str:
    return str(format_time(moment, "HH:mm"))


def ago(moment: datetime) -> str:
    """How long ago or how soon: `3 minutes ago`, `in 2 hours`."""
    return format_timedelta(moment - clock.now(), add_direction=True, locale=str(get_locale() or "zh_Hans"))


def percent(share: float) -> str:
    return str(format_percent(share))


def money_words(amount: Money) -> str:
    return amount.in_words(str(get_locale() or "zh_Hans"))


def local_zone() -> ZoneInfo:
    return ZoneInfo(zone())
