"""Demo mode comes with the database that was seeded, and goes with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from commons.cli import prepare, run
from commons.config import Settings

NAMES = "  linxia@example · Social manager\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a database that was seeded with the demo brand."""
    seeded = Settings.from_environ({"QUANZI_VAR": str(tmp_path)})
    run.demo_marker(seeded).write_text(f"{run.fingerprint(seeded)}\n{NAMES}", encoding="utf-8")
    return seeded


@pytest.fixture(autouse=True)
def undecided() -> Iterator[None]:
    """An environment that says nothing about the demo."""
    before = os.environ.pop("QUANZI_DEMO", None)
    yield
    os.environ.pop("QUANZI_DEMO", None)
    if before is not None:
        os.environ["QUANZI_DEMO"] = before


def test_a_seeded_database_starts_in_demo_mode_and_the_names_are_printed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run.switch_demo_on(settings)
    assert os.environ["QUANZI_DEMO"] == "1"
    assert NAMES in capsys.readouterr().out


def test_another_database_does_not(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run.switch_demo_on(replace(settings, database_url="postgresql:///another"))
    assert "QUANZI_DEMO" not in os.environ
    assert capsys.readouterr().out == ""


def test_production_does_not(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run.switch_demo_on(replace(settings, production=True))
    assert "QUANZI_DEMO" not in os.environ
    assert capsys.readouterr().out == ""


def test_the_environment_has_the_last_word(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["QUANZI_DEMO"] = "0"
    run.switch_demo_on(settings)
    assert os.environ["QUANZI_DEMO"] == "0"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("said", "production", "wanted"), [("", False, True), ("1", False, True), ("0", False, False), ("", True, False)]
)
def test_an_empty_database_is_seeded_unless_it_is_refused_or_production(
    settings: Settings, said: str, production: bool, wanted: bool
) -> None:
    os.environ["QUANZI_DEMO"] = said
    assert prepare.wants_demo(replace(settings, production=production)) is wanted
