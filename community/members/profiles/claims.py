"""What a provider tells of a person, as answers of the profile: only what fits one of them without a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from community.members.profiles import choices, wording
from community.members.profiles.models import Field

# How the national standard GB/T 2260, and Weibo with it, numbers the divisions of the first level.
PROVINCES = dict(
    zip(
        [
            "11",
            "12",
            "13",
            "14",
            "15",
            "21",
            "22",
            "23",
            "31",
            "32",
            "33",
            "34",
            "35",
            "36",
            "37",
            "41",
            "42",
            "43",
            "44",
            "45",
            "46",
            "50",
            "51",
            "52",
            "53",
            "54",
            "61",
            "62",
            "63",
            "64",
            "65",
            "71",
            "81",
            "82",
        ],
        choices.REGIONS,
        strict=False,
    )
) | {"400": "elsewhere"}
CHINA = frozenset({"cn", "chn", "china", "中国", "中华人民共和国"})
_ENDS = re.compile(
    r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区| province| municipality| sheng| shi| sar"
    r"|(?: zhuang| hui| uyghur)? autonomous region)$"
)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def understood(told: Mapping[str, str], today: date) -> dict[Field, str]:
    """`told` as `providers.Proven` has it: birthdate, region, country, province."""
    found = {Field.REGION: _region(told), Field.AGE_BAND: _band(told.get("birthdate", ""), today)}
    return {field: value for field, value in found.items() if value}


def _region(told: Mapping[str, str]) -> str:
    if told.get("province"):
        return PROVINCES.get(told["province"], "")
    named = _words().get(_plain(told.get("region", "")), "")
    country = _plain(told.get("country", ""))
    if not country or country in CHINA:
        return named
    return _words().get(country) or "elsewhere"


def _band(birthdate: str, today: date) -> str:
    """A year alone, or a day without its year, leaves open how old somebody is."""
    found = _DAY.fullmatch(birthdate)
    try:
        born = date(*map(int, found.groups())) if found else None
    except ValueError:
        born = None
    if born is None:
        return ""
    return choices.band_of(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


@cache
def _words() -> dict[str, str]:
    """The regions by their code, with and without the country, and by their words in both languages."""
    places = {value: label for value, label in choices.REGIONS.items() if value != "elsewhere"}
    words = {_plain(word): value for value, label in places.items() for word in wording.in_both(label).values()}
    return words | {name: value for value in places for name in (value.lower(), f"cn-{value.lower()}")}


def _plain(word: str) -> str:
    return _ENDS.sub("", " ".join(word.split()).lower())
