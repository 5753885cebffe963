"""Every page that a person can open, looked at by axe, in both languages, light and dark, on a phone and on a laptop.

Which pages these are says `pages`. The screenshots land in var/screenshots/, which git ignores.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import Response, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.servers.applications import make_app
from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.walks.conftest import come_in
from tests.walks.outline import PRESS, Page, read
from tests.walks.pages import NO_PAGES, WALKS
from tests.walks.staging import Addresses

AT_REST = """async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(one => one.finished));
}"""
LOST_IMAGES = "all => all.filter(one => one.complete && !one.naturalWidth).map(one => one.currentSrc)"
LINKS = "all => all.map(one => one.getAttribute('href'))"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
# A page looks the same on either database: each look is seen once, each page on both.
LOOKS = {
    "sqlite": [(PHONE, "zh-CN", "light"), (LAPTOP, "en-GB", "dark")],
    "postgresql": [(PHONE, "en-GB", "dark"), (LAPTOP, "zh-CN", "light")],
}
ANSWERS = {200, 410, 422}
"""A page, a page about a link that is over, and a form that says what is missing."""


@pytest.fixture(scope="session")
def routes(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> MapAdapter:
    """The addresses of the whole application, on a database that is never opened."""
    app = make_app(environ, f"sqlite:///{tmp_path_factory.mktemp('routes') / 'never.sqlite3'}")
    return app.url_map.bind("quanzi.example")


def test_no_page_is_left_out(routes: MapAdapter) -> None:
    """Whoever adds a page names it in `pages`: where somebody comes to it, or why nobody can."""
    walked = [page.words for _login, text in WALKS.values() for outer in read(text) for page in outer.all()]
    opened = {rule_of(words, routes) for words in walked if not words.startswith(PRESS)}
    excused = {rule for rules in NO_PAGES.values() for rule in rules.split("\n") if rule}
    asked_for = {rule.rule for rule in routes.map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {rule for rule in asked_for if "." not in rule.rpartition("/")[2]}  # the others are files

    assert sorted(pages - opened - excused) == []
    assert sorted(excused - asked_for | opened & excused) == []


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("look", [0, 1], ids=["phone", "laptop"])
@pytest.mark.parametrize("who", WALKS)
def test_every_page_is_accessible_and_fits(
    windows: Windows, staged: Addresses, routes: MapAdapter, who: str, look: int, engine: str
) -> None:
    size, language, scheme = LOOKS[engine][look]
    login, text = WALKS[who]
    window = windows.open(size=size, language=language, color_scheme=scheme)
    if login:
        come_in(window, login)
    walk = Walk(window, staged, routes, SCREENSHOTS / f"{size[0]}-{language}-{scheme}" / who)
    walk.open(read(text))
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", [0, 1], ids=["phone", "laptop"])
def test_two_accounts_of_one_fan_stand_side_by_side(
    windows: Windows, staged: Addresses, routes: MapAdapter, look: int, engine: str
) -> None:
    size, language, scheme = LOOKS[engine][look]
    window = come_in(windows.open(size=size, language=language, color_scheme=scheme), "fan20")
    window.goto("/me/selves")
    window.click("form[action$='/begin'] button")
    window.wait_for_url("**/accounts/sign-in**")
    come_in(window, "fan21")
    walk = Walk(window, staged, routes, SCREENSHOTS / f"{size[0]}-{language}-{scheme}" / "two accounts")
    walk.open([Page("/me/selves/confirm")])

    expect(window.locator(".two-halves > *")).to_have_count(2)
    assert not walk.wrong, "\n".join(walk.wrong)


class Walk:
    """Goes from page to page in one window; `wrong` is what it has found."""

    def __init__(self, window: Window, staged: Addresses, routes: MapAdapter, folder: Path) -> None:
        self._window, self._staged, self._routes, self._folder = window, staged, routes, folder
        self._seen = 0
        self.wrong: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def open(self, pages: Sequence[Page], links: Sequence[str] = (), above: str = "") -> None:
        """Look at each of the pages and at what is opened from it; `links` are those of the page `above`."""
        for page in pages:
            if page.is_pressed:
                self._window.goto(above)
                self._window.click(page.words.removeprefix(PRESS))
                self._look(f"{above} {page.words}")
                continue
            if page.staged:
                address: str | None = self._staged[page.staged]
            else:
                leads = (link for link in links if rule_of(link, self._routes) == page.words)
                address = next(leads, None) if above else page.words
            if address is None:
                self.wrong.append(f"{above}: nothing leads to {page.words}")
                continue
            self._look(address, self._window.goto(address))
            self.open(page.inner, self._window.eval_on_selector_all("a[href]", LINKS), address)

    def _look(self, address: str, answer: Response | None = None) -> None:
        """Take a picture of what is open, and note what is wrong with it."""
        if answer is not None and answer.status not in ANSWERS:
            self.wrong.append(f"{address}: {answer.status}")
            return
        come_to_rest(self._window)
        self._seen += 1
        name = address.strip("/").replace("/", "-").replace("?", "-")[:80]
        self._window.screenshot(path=self._folder / f"{self._seen:03} {name}.png", full_page=True)
        wide = self._window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.wrong.append(f"{address}: {wide} pixels wider than the screen")
        for lost in self._window.eval_on_selector_all("img", LOST_IMAGES):
            self.wrong.append(f"{address}: the picture {lost} is not there")
        self.wrong += violations(self._window)


def rule_of(address: str, routes: MapAdapter) -> str:
    """The rule by which an address is answered; a rule is its own. Empty for what is no page of ours."""
    path = address.partition("?")[0].partition("#")[0]
    if "<" in path or not path.startswith("/"):
        return path
    try:
        return str(routes.match(path, method="GET", return_rule=True)[0].rule)
    except (RequestRedirect, HTTPException):
        return ""


def come_to_rest(window: Window) -> None:
    """What the page fetches by itself is there, and what moves into its place has arrived."""
    window.wait_for_load_state("load")
    expect(window.locator(".htmx-request:not([data-sample])")).to_have_count(0)
    window.evaluate(AT_REST)
