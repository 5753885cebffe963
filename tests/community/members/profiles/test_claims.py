"""What a provider tells of a person becomes an answer only where it fits one without a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.members.profiles import choices
from community.members.profiles.claims import understood
from community.members.profiles.models import Field

TODAY = date(2026, 3, 1)

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("told", "region"),
    [
        ({"region": "浙江省"}, "ZJ"),
        ({"region": "浙江", "country": "中国"}, "ZJ"),
        ({"region": "Zhejiang Province", "country": "China"}, "ZJ"),
        ({"region": "ZJ", "country": "CN"}, "ZJ"),
        ({"region": "CN-ZJ"}, "ZJ"),
        ({"region": "内蒙古自治区"}, "NM"),
        ({"region": "新疆维吾尔自治区"}, "XJ"),
        ({"region": "Guangxi Zhuang Autonomous Region", "country": "CHN"}, "GX"),
        ({"region": "北京市"}, "BJ"),
        ({"region": "Bayern", "country": "DE"}, "elsewhere"),
        ({"region": "", "country": "HK"}, "HK"),
        ({"country": "France"}, "elsewhere"),
        ({"province": "33"}, "ZJ"),
        ({"province": "400"}, "elsewhere"),
    ],
)
def test_where_somebody_lives(told: dict[str, str], region: str) -> None:
    assert understood(told, TODAY) == {Field.REGION: region}


@pytest.mark.parametrize(
    "told",
    [
        {}, {"region": "Atlantis"}, {"region": "Atlantis", "country": "CN"}, {"province": "99"}, {"province": "100"},
        {"birthdate": "2000"}, {"birthdate": "0000-03-01"}, {"birthdate": "2000-02-30"}, {"birthdate": "2030-01-01"},
        {"birthdate": "1500-01-01"}, {"birthdate": "１９９０-01-01"}, {"birthdate": "<b>"}, {"country": "China"},
    ],
)  # fmt: skip
def test_what_fits_nothing_is_left_out(told: dict[str, str]) -> None:
    assert understood(told, TODAY) == {}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2012-03-02", "under_14"), ("2012-03-01", "14_17"), ("2008-03-01", "18_24"), ("2001-03-02", "18_24"),
        ("2001-03-01", "25_34"), ("1961-03-02", "55_64"), ("1961-03-01", "65_up"), ("2012-02-29", "14_17"),
    ],
)  # fmt: skip
def test_how_old_somebody_is_changes_on_the_birthday(born: str, band: str) -> None:
    assert understood({"birthdate": born}, TODAY) == {Field.AGE_BAND: band}


@given(st.dictionaries(st.sampled_from(["region", "country", "province", "birthdate"]), st.text(max_size=30)))
def test_whatever_is_told_only_what_is_on_the_lists_comes_of_it(told: dict[str, str]) -> None:
    assert all(choices.is_known(field, value) for field, value in understood(told, TODAY).items())


@given(st.integers(-5, 200))
def test_every_age_has_its_band_and_nothing_else_has_one(age: int) -> None:
    band = choices.band_of(age)

    assert bool(band) == (0 <= age <= choices.OLDEST)
    assert (band in choices.young_bands(14)) == (0 <= age < 14)
