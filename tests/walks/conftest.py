"""The demo brand as real processes, and windows on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Page

from campaigns.demo import story
from commons.db import db
from tests.servers import browser
from tests.servers.applications import close, make_app
from tests.servers.live import Live
from tests.servers.tea_house import TeaHouse
from tests.walks.staging import Addresses, stage


@pytest.fixture(scope="session")
def brand_url(tea_house: TeaHouse) -> str:
    """The database that all walks on one engine share."""
    return tea_house.fresh()


@pytest.fixture(scope="session")
def staged(brand_url: str, tea_house: TeaHouse, environ: Mapping[str, str]) -> Addresses:
    """What the demo brand has not lived through, and where it is to be seen."""
    app = make_app({**environ, "QUANZI_VAR": str(tea_house.var)}, brand_url)
    with app.test_request_context():
        addresses = stage()
        db.session.commit()
    close(app)
    return addresses


@pytest.fixture(scope="session")
def house(brand_url: str, staged: Addresses, tea_house: TeaHouse, environ: Mapping[str, str]) -> Iterator[Live]:
    """The tea house with all its processes, shared by all walks on one engine."""
    live = Live(environ, brand_url, tea_house.var)
    live.settings["QUANZI_DEMO"] = "1"
    live.settings |= {
        "MASTODON_SIGN_IN": "1",
        "WEIBO_APP_KEY": "1352222456",
        "WEIBO_APP_SECRET": "of no real application",
    }
    live.start(
        "web", "tick", "worker-publishing", "worker-networks", "worker-looking", "worker-proving", "worker-default"
    )
    yield live
    live.stop()


def come_in(page: Page, login: str) -> Page:
    """Sign in as somebody of the demo brand."""
    return browser.come_in(page, f"{login}@{story.DOMAIN}", story.PASSWORD)


def number(page: Page, selector: str) -> int:
    """The whole number that stands there, however it is grouped."""
    return int("".join(character for character in page.inner_text(selector) if character.isdigit()))
