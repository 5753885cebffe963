"""Every page that a person can open, looked at by axe, in both languages, light and dark, on a phone and on a laptop.

The screenshots land in var/screenshots/, which git ignores.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.walks.conftest import come_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
LOOKS = [
    pytest.param(PHONE, "zh-CN", "light", id="phone-zh-light"),
    pytest.param(PHONE, "en-GB", "dark", id="phone-en-dark"),
    pytest.param(LAPTOP, "zh-CN", "dark", id="laptop-zh-dark"),
    pytest.param(LAPTOP, "en-GB", "light", id="laptop-en-light"),
]
EVERYBODYS = ["/circle", "/groupbuys", "/participation", "/accounts/sign-in", "/accounts/sign-up", "/accounts/forgot"]
FANS = ["/circle", "/circle/me", "/groupbuys", "/participation", "/accounts"]
STAFFS = [
    "/staff", "/posts", "/posts/new", "/posts/calendar", "/posts/calendar?view=list", "/inbox", "/inbox/threads",
    "/members", "/loyalty", "/loyalty/levels", "/planning", "/planning/new", "/groupbuys", "/groupbuys/new", "/links",
    "/links/new", "/admin/staff", "/admin/staff/invite", "/admin/audit", "/admin/brand", "/admin/jobs", "/admin/health",
    "/admin/components", "/accounts",
]  # fmt: skip
FOLLOWED = {
    "/circle": "a[href^='/circle/posts/']",
    "/groupbuys": ".offer-title a",
    "/participation": ".offer-title a",
    "/posts": "td a[href^='/posts/']",
    "/inbox/threads": "a[href^='/inbox/threads/']",
    "/members": "a[href^='/members/']:not([href$='.csv'])",
    "/loyalty": "a[href^='/loyalty/rules/']",
    "/planning": "a[href^='/participation/']",
    "/links": "td a[href^='/links/']",
    "/admin/staff": "td a[href^='/admin/staff/']",
}


@pytest.mark.parametrize(("size", "language", "scheme"), LOOKS)
@pytest.mark.parametrize(
    ("login", "pages"),
    [pytest.param("", EVERYBODYS, id="visitor"), pytest.param("xiaoman", FANS, id="fan"),
     pytest.param("zhouyan", STAFFS, id="staff")],
)  # fmt: skip
def test_every_page_is_accessible_and_fits(
    windows: Windows, login: str, pages: list[str], size: tuple[int, int], language: str, scheme: str, engine: str
) -> None:
    page = windows.open(size=size, language=language, color_scheme=scheme)
    if login:
        come_in(page, login)
    folder = SCREENSHOTS / engine / f"{size[0]}-{language}-{scheme}" / (login or "visitor")
    wrong = []
    for address in pages:
        wrong += look_at(page, address, folder)
        if address in FOLLOWED:
            inner = page.locator(FOLLOWED[address]).first.get_attribute("href")
            assert inner is not None, address
            wrong += look_at(page, inner, folder, name=f"{address} one")
    assert not wrong, "\n".join(wrong)


def look_at(page: Page, address: str, folder: Path, name: str = "") -> list[str]:
    """Open it, take its picture, and say what is wrong with it."""
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    page.wait_for_load_state("networkidle")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=folder / f"{(name or address).strip('/').replace('/', '-').replace('?', '-')}.png", full_page=True
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    too_wide = [f"{address}: {wide} pixels wider than the screen"] if wide > 0 else []
    return too_wide + violations(page)
