"""What can be answered: kept lists of codes, so that answers can be counted and compared, each with its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.members.profiles.models import Field

# The divisions of the first level as ISO 3166-2:CN names them, in the order of the national standard GB/T 2260.
REGIONS: Mapping[str, Any] = {
    "BJ": _l("Beijing"),
    "TJ": _l("Tianjin"),
    "HE": _l("Hebei"),
    "SX": _l("Shanxi"),
    "NM": _l("Inner Mongolia"),
    "LN": _l("Liaoning"),
    "JL": _l("Jilin"),
    "HL": _l("Heilongjiang"),
    "SH": _l("Shanghai"),
    "JS": _l("Jiangsu"),
    "ZJ": _l("Zhejiang"),
    "AH": _l("Anhui"),
    "FJ": _l("Fujian"),
    "JX": _l("Jiangxi"),
    "SD": _l("Shandong"),
    "HA": _l("Henan"),
    "HB": _l("Hubei"),
    "HN": _l("Hunan"),
    "GD": _l("Guangdong"),
    "GX": _l("Guangxi"),
    "HI": _l("Hainan"),
    "CQ": _l("Chongqing"),
    "SC": _l("Sichuan"),
    "GZ": _l("Guizhou"),
    "YN": _l("Yunnan"),
    "XZ": _l("Xizang"),
    "SN": _l("Shaanxi"),
    "GS": _l("Gansu"),
    "QH": _l("Qinghai"),
    "NX": _l("Ningxia"),
    "XJ": _l("Xinjiang"),
    "TW": _l("Taiwan"),
    "HK": _l("Hong Kong"),
    "MO": _l("Macao"),
    "elsewhere": _l("Elsewhere in the world"),
}

AGE_BANDS: Mapping[str, Any] = {
    "under_14": _l("Under 14"),
    "14_17": _l("14 to 17"),
    "18_24": _l("18 to 24"),
    "25_34": _l("25 to 34"),
    "35_44": _l("35 to 44"),
    "45_54": _l("45 to 54"),
    "55_64": _l("55 to 64"),
    "65_up": _l("65 and over"),
}
ENDS = {"under_14": 14, "14_17": 18}
"""The age at which somebody has grown out of a band, for those bands in which a guardian may have to agree."""

BAND_ENDS = (14, 18, 25, 35, 45, 55, 65)
OLDEST = 120

EDUCATION: Mapping[str, Any] = {
    "school": _l("Primary or middle school"),
    "high_school": _l("High school or vocational school"),
    "college": _l("Junior college"),
    "bachelor": _l("Bachelor"),
    "master": _l("Master"),
    "doctor": _l("Doctorate"),
}

INTERESTS: Mapping[str, Any] = {
    "tea": _l("Tea and coffee"),
    "food": _l("Food and cooking"),
    "travel": _l("Travel"),
    "outdoors": _l("Hiking and the outdoors"),
    "sports": _l("Sports and fitness"),
    "music": _l("Music"),
    "films": _l("Films and series"),
    "reading": _l("Reading"),
    "photography": _l("Photography"),
    "games": _l("Games"),
    "crafts": _l("Crafts"),
    "art": _l("Art and museums"),
    "fashion": _l("Fashion"),
    "beauty": _l("Skin care and make-up"),
    "home": _l("Home and interiors"),
    "plants": _l("Plants and flowers"),
    "pets": _l("Pets"),
    "family": _l("Family and children"),
    "technology": _l("Technology"),
    "cars": _l("Cars"),
}

FIELDS: Mapping[Field, Any] = {
    Field.REGION: _l("Region"),
    Field.AGE_BAND: _l("Age"),
    Field.EDUCATION: _l("Education"),
    Field.INTEREST: _l("Interests"),
}
VALUES: Mapping[Field, Mapping[str, Any]] = {
    Field.REGION: REGIONS,
    Field.AGE_BAND: AGE_BANDS,
    Field.EDUCATION: EDUCATION,
    Field.INTEREST: INTERESTS,
}


def is_known(field: Field, value: str) -> bool:
    return value in VALUES[field]


def words(field: Field, value: str) -> str:
    """A value in the reader's language; one that is on the list no more by its code."""
    return str(VALUES[field].get(value, value))


def options(field: Field) -> list[tuple[str, str]]:
    """Every value of the field with its words, in order."""
    return [(value, str(label)) for value, label in VALUES[field].items()]


def band_of(age: int) -> str:
    """The band in which somebody of this age is; empty for what is no age."""
    if not 0 <= age <= OLDEST:
        return ""
    return next((band for end, band in zip(BAND_ENDS, AGE_BANDS, strict=False) if age < end), "65_up")


def young_bands(age: int) -> set[str]:
    """The bands in which everybody is younger than `age`; none for 0, which asks for no guardian."""
    return {band for band, end in ENDS.items() if end <= age}
