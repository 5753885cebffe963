"""Regions out of a file on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.links.regions import Regions
from tests.campaigns.links import mmdb

pytest.importorskip("maxminddb")


@pytest.fixture
def regions(tmp_path: Path) -> Regions:
    records = {
        "203.0.113.0/24": {"country": {"iso_code": "CN"}, "subdivisions": [{"iso_code": "ZJ"}]},
        "198.51.100.0/24": {"country": {"iso_code": "DE"}},
        "192.0.2.0/24": {"country": {"iso_code": "<b>"}},
    }
    return Regions(str(mmdb.write(tmp_path / "regions.mmdb", records)))


@pytest.mark.parametrize(
    ("network", "code"),
    [("203.0.113.0/24", "CN-ZJ"), ("198.51.100.0/24", "DE"), ("192.0.2.0/24", ""), ("8.8.8.0/24", ""), ("", "")],
)
def test_the_part_of_the_country_else_the_country_else_nothing(regions: Regions, network: str, code: str) -> None:
    assert regions.region_of(network) == code


def test_without_a_file_every_region_is_unknown() -> None:
    assert Regions("").region_of("203.0.113.0/24") == ""


def test_a_file_that_is_missing_or_broken_stops_nobody(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"no database")
    assert Regions(str(broken)).region_of("203.0.113.0/24") == ""
    assert Regions(str(tmp_path / "missing.mmdb")).region_of("203.0.113.0/24") == ""
