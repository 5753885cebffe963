"""Fixtures only: the real servers of tests/servers/, and an application on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from commons import clock
from commons.db import db
from tests.servers.applications import close, forget_visits, make_app, rolled_back
from tests.servers.browser import Windows, launch
from tests.servers.databases import ENGINES, Databases
from tests.servers.live import Live
from tests.servers.postgres import Postgres
from tests.servers.smtp import Smtp
from tests.servers.tea_house import TeaHouse, seeded
from tests.servers.valkey import Valkey

pytest_plugins = ["tests.servers.order"]


@pytest.fixture(autouse=True)
def running_clock() -> Iterator[None]:
    """Whatever a test does to the clock ends with it."""
    yield
    clock.set_to(None)


@pytest.fixture
def at() -> datetime:
    """The usual moment; the clock stands there."""
    from tests.factories import NOON

    clock.set_to(NOON)
    return NOON


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Smtp]:
    server = Smtp().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def environ(valkey_server: Valkey, smtp_server: Smtp, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an application under test, as environment variables, less DATABASE_URL."""
    return {
        "REDIS_URL": valkey_server.url,
        "MAIL_URL": smtp_server.url,
        "SECRET_KEY": "a key that only the tests know, long enough",
        "QUANZI_VAR": str(tmp_path_factory.mktemp("var")),
        "QUANZI_TESTING": "1",
        "PAYMENT_SANDBOX": "1",
    }


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine that this test runs on: each test once on either."""
    return str(request.param)


@pytest.fixture(scope="session")
def prepared() -> dict[str, Databases]:
    """The databases of each engine that was wanted so far: tests may go from one engine to the other and back."""
    return {}


@pytest.fixture(scope="session")
def databases(
    engine: str,
    prepared: dict[str, Databases],
    environ: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Databases:
    """Freshly migrated databases of the engine, as many as a test wants."""
    if engine not in prepared:
        server = request.getfixturevalue("postgres") if engine == "postgresql" else None
        prepared[engine] = Databases(engine, tmp_path_factory.mktemp(engine), server)
        prepared[engine].prepare(lambda url: make_app(environ, url))
    return prepared[engine]


@pytest.fixture(scope="session")
def tea_houses() -> dict[str, TeaHouse]:
    """The demo brand on each engine, once it was wanted."""
    return {}


@pytest.fixture(scope="session")
def tea_house(
    engine: str,
    databases: Databases,
    environ: dict[str, str],
    tea_houses: dict[str, TeaHouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> TeaHouse:
    """The demo brand, freshly seeded; `tea_house.fresh()` is a database of it to do something in."""
    if engine not in tea_houses:
        tea_houses[engine] = seeded(databases, environ, tmp_path_factory.mktemp("tea_house"))
    return tea_houses[engine]


@pytest.fixture(scope="session")
def shared_apps() -> Iterator[dict[str, Flask]]:
    """The shared application of each engine, once it was wanted."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        close(app)


@pytest.fixture(scope="session")
def shared_app(engine: str, databases: Databases, environ: dict[str, str], shared_apps: dict[str, Flask]) -> Flask:
    """One application on each engine for all tests that roll back; take `app`."""
    if engine not in shared_apps:
        shared_apps[engine] = make_app(environ, databases.fresh())
    return shared_apps[engine]


@pytest.fixture
def app(shared_app: Flask, valkey: Valkey) -> Iterator[Flask]:
    """An application with an empty database, its context open. Nothing of the test is left afterwards."""
    forget_visits(shared_app)
    with rolled_back(shared_app) as isolated:
        yield isolated


@pytest.fixture
def committed_app(databases: Databases, environ: dict[str, str], valkey: Valkey) -> Iterator[Flask]:
    """An application on a database of its own that really commits, for threads, jobs and live servers. Its context is open."""
    app = make_app(environ, databases.fresh())
    forget_visits(app)
    with app.app_context():
        yield app
    close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in."""
    return app.test_client()


@pytest.fixture
def valkey(valkey_server: Valkey) -> Valkey:
    """The queue's server, empty."""
    valkey_server.empty()
    return valkey_server


@pytest.fixture
def smtp(smtp_server: Smtp) -> Smtp:
    """The mail server, with nothing in it yet."""
    smtp_server.messages.clear()
    return smtp_server


@pytest.fixture
def live(databases: Databases, environ: dict[str, str], tmp_path: Path) -> Iterator[Live]:
    """Quanzi as real processes on a database of its own; nothing is started yet."""
    processes = Live(environ, databases.fresh(), tmp_path)
    yield processes
    processes.stop()


@pytest.fixture
def live_app(live: Live) -> Iterator[Flask]:
    """An application in this process beside the live ones, on their database. Its context is open."""
    yield from _beside(live)


@pytest.fixture(scope="module")
def house(databases: Databases, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A web server on a database of its own, shared by the browser tests of one file and engine."""
    processes = Live(environ, databases.fresh(), tmp_path_factory.mktemp("house"))
    yield processes.start("web")
    processes.stop()


@pytest.fixture
def beside(house: Live) -> Iterator[Flask]:
    """The application beside the house, as `live_app` is beside `live`."""
    yield from _beside(house)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def windows(browser: Browser, house: Live) -> Iterator[Windows]:
    """Opens browser windows on the house: `windows.open(size=PHONE, language="en")`."""
    opened = Windows(browser, house.url)
    yield opened
    opened.close()


def _beside(processes: Live) -> Iterator[Flask]:
    """What the application made stays readable without a transaction that would hold the processes up."""
    app = make_app(processes.settings, processes.settings["DATABASE_URL"])
    with app.app_context():
        db.session().expire_on_commit = False
        yield app
    close(app)
