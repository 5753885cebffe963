"""`flask prepare`: the schema, what a fresh database needs, and the demo brand, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.accounts.models import User
from commons.cli import prepare, readiness
from commons.config import Settings
from commons.db import db
from tests.factories import make_fan


@pytest.fixture
def settings(committed_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the application, its `var/` a folder of this test, its environment silent about the demo."""
    mine: Settings = replace(committed_app.extensions["settings"], var=tmp_path)
    monkeypatch.setitem(committed_app.extensions, "settings", mine)
    monkeypatch.delenv("QUANZI_DEMO", raising=False)
    return mine


def seed_with(app: Flask, monkeypatch: pytest.MonkeyPatch, *names: str, breaks_off: bool = False) -> None:
    """Let the demo be these fans; `breaks_off` stops it half-way, its first part committed."""

    def seed() -> None:
        for name in names:
            make_fan(name)
        db.session.commit()
        if breaks_off:
            raise click.Abort
        click.echo("Everybody can sign in.")

    monkeypatch.setitem(app.cli.commands, "demo", click.Command("demo", callback=seed))


def run_prepare(app: Flask) -> int:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["prepare"]).exit_code


def names() -> list[str]:
    return list(db.session.scalars(select(User.name).order_by(User.name)))


def test_an_empty_database_gets_the_demo_and_is_ready(
    committed_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_with(committed_app, monkeypatch, "小满")
    assert run_prepare(committed_app) == 0
    assert names() == ["小满"]
    assert (settings.var / "demo").read_text().endswith("\nEverybody can sign in.\n")
    assert readiness.is_ready(settings)


def test_preparing_again_changes_nothing(
    committed_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_with(committed_app, monkeypatch, "小满")
    run_prepare(committed_app)
    seed_with(committed_app, monkeypatch, "阿木")
    assert run_prepare(committed_app) == 0
    assert names() == ["小满"]


def test_a_seeding_that_was_interrupted_begins_anew(
    committed_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_with(committed_app, monkeypatch, "半路", breaks_off=True)
    assert run_prepare(committed_app) == 1
    assert not readiness.is_ready(settings)
    seed_with(committed_app, monkeypatch, "小满")
    assert run_prepare(committed_app) == 0
    assert names() == ["小满"]
    assert not prepare.was_interrupted(settings)


def test_accounts_of_another_database_are_left_alone(
    committed_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_fan("小满")
    db.session.commit()
    (settings.var / "demo.begun").write_text("of another database")
    seed_with(committed_app, monkeypatch, "阿木")
    assert run_prepare(committed_app) == 0
    assert names() == ["小满"]


def test_without_the_demo_a_fresh_database_has_no_accounts(
    committed_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANZI_DEMO", "0")
    seed_with(committed_app, monkeypatch, "小满")
    assert run_prepare(committed_app) == 0
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
