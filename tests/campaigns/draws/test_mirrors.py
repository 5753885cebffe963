"""Which mirrors of the beacon are asked, as the environment says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commons.config import DRAND_MIRRORS, Settings
from commons.setting_error import SettingError


def mirrors(tmp_path: Path, words: str) -> tuple[str, ...]:
    return Settings.from_environ({"QUANZI_VAR": str(tmp_path), "DRAND_MIRRORS": words}).drand_mirrors


def test_the_usual_ones_unless_others_are_named(tmp_path: Path) -> None:
    assert mirrors(tmp_path, "") == DRAND_MIRRORS
    assert len(DRAND_MIRRORS) > 1


def test_those_that_are_named_in_their_order(tmp_path: Path) -> None:
    named = mirrors(tmp_path, "https://one.example/, http://two.example:8080")
    assert named == ("https://one.example", "http://two.example:8080")


@pytest.mark.parametrize("words", ["one.example", "ftp://one.example", "https://"])
def test_what_is_no_address_is_refused_by_name(tmp_path: Path, words: str) -> None:
    with pytest.raises(SettingError, match="DRAND_MIRRORS"):
        mirrors(tmp_path, words)
