"""A start skips the preparing of a database that is prepared, and never one that is not."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from commons.cli import readiness
from commons.config import Settings
from commons.db import db


@pytest.fixture
def settings(committed_app: Flask, tmp_path: Path) -> Settings:
    """Settings of a database with a schema version in it, not remembered yet."""
    db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) NOT NULL)"))
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.execute(text("INSERT INTO alembic_version VALUES ('2026_01_01')"))
    db.session.commit()
    mine: Settings = committed_app.extensions["settings"]
    return replace(mine, var=tmp_path)


def test_a_database_that_was_never_prepared_is_not_ready(settings: Settings) -> None:
    assert readiness.schema_version(settings.database_url) == "2026_01_01"
    assert not readiness.is_ready(settings)


def test_a_prepared_database_is_ready(settings: Settings) -> None:
    readiness.remember(settings)
    assert readiness.is_ready(settings)


def test_a_database_at_another_migration_is_not_ready(settings: Settings) -> None:
    readiness.remember(settings)
    db.session.execute(text("UPDATE alembic_version SET version_num = '2026_01_02'"))
    db.session.commit()
    assert not readiness.is_ready(settings)


def test_a_database_that_is_gone_is_not_ready(settings: Settings, tmp_path: Path) -> None:
    readiness.remember(settings)
    db.session.execute(text("DROP TABLE alembic_version"))
    db.session.commit()
    assert not readiness.is_ready(settings)
    assert not readiness.is_ready(replace(settings, database_url=f"sqlite:///{tmp_path}/nothing.sqlite3"))


def test_code_that_changed_has_to_prepare_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "ROOT", tmp_path)
    (tmp_path / "commons").mkdir()
    (tmp_path / "commons" / "models.py").write_text("one")
    readiness.remember(settings)
    assert readiness.is_ready(settings)
    (tmp_path / "commons" / "models.py").write_text("other")
    assert not readiness.is_ready(settings)


def test_another_wish_about_the_demo_has_to_prepare_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "QUANZI_DEMO", "0")
    readiness.remember(settings)
    monkeypatch.setitem(os.environ, "QUANZI_DEMO", "")
    assert not readiness.is_ready(settings)
