"""Signing in with a provider in a real browser: the way there opens by itself, under our content policy, and leads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.servers.databases import Databases
from tests.servers.live import Live
from tests.servers.openid import OpenIdServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def house(databases: Databases, environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A web server that works with a provider of its own."""
    live = Live(environ, databases.fresh(), tmp_path_factory.mktemp("house"))
    provider = OpenIdServer(live.url, "house", "guild").start()
    live.settings |= provider.environ
    yield live.start("web")
    live.stop()
    provider.stop()


def go_there(page: Page, provider: str = "House") -> None:
    """Press the button of the sign-in page and land on the provider's."""
    page.goto("/accounts/sign-in")
    page.get_by_role("button", name=f"Sign in with {provider}").click()
    expect(page.get_by_placeholder("Enter any login")).to_be_visible()


def agree(page: Page, login: str) -> None:
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("not looked at")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_a_fan_comes_in_goes_and_comes_in_again(windows: Windows) -> None:
    page = windows.open(size=PHONE, language="en-GB")
    go_there(page)
    agree(page, "xiaoman")
    expect(page.get_by_text("Welcome, 小满. You are in.")).to_be_visible()

    page.goto("/accounts")
    expect(page.locator("#identities")).to_contain_text("House")
    assert violations(page) == []
    page.context.clear_cookies(domain="127.0.0.1", name="session")

    page.goto("/accounts/sign-in")
    page.get_by_role("button", name="Sign in with House").click()
    page.wait_for_url("**/circle**")
    page.goto("/accounts")
    expect(page.locator("#identities")).to_be_visible()


def test_whoever_cancels_finds_a_way_on(windows: Windows) -> None:
    page = windows.open(size=LAPTOP, language="en-GB", color_scheme="dark")
    go_there(page)
    page.get_by_role("link", name="Cancel").click()

    expect(page.get_by_role("heading", name="House says that you did not agree.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Sign in with House")).to_be_visible()


def test_a_known_address_is_asked_for_its_password(windows: Windows) -> None:
    first = windows.open(language="en-GB")
    go_there(first, "Guild")
    agree(first, "known")
    expect(first.get_by_text("You are in.")).to_be_visible()

    second = windows.open(size=PHONE, language="en-GB")
    go_there(second, "House")
    agree(second, "known")

    expect(second.get_by_role("heading", name="You are known here")).to_be_visible()
    assert violations(second) == []
