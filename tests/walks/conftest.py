"""The demo brand as real processes, and windows on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page

from campaigns.demo import story
from tests.servers import browser
from tests.servers.databases import Databases
from tests.servers.live import ROOT, Live


@pytest.fixture(scope="session")
def house(databases: Databases, environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The tea house with all its processes, freshly seeded, shared by all walks on one engine."""
    live = Live(environ, databases.fresh(), tmp_path_factory.mktemp("house"))
    settings = {**os.environ, **live.settings, "QUANZI_DEMO": "1"}
    live.settings["QUANZI_DEMO"] = "1"
    live.settings |= {
        "MASTODON_SIGN_IN": "1",
        "WEIBO_APP_KEY": "1352222456",
        "WEIBO_APP_SECRET": "of no real application",
    }
    flask = Path(sys.executable).with_name("flask")
    seeded = subprocess.run(
        [flask, "--app", "wsgi", "prepare"], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert seeded.returncode == 0, seeded.stderr
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
