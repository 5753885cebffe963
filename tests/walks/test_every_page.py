"""Every page that a person can open, looked at by axe, in both languages, light and dark, on a phone and on a laptop.

The screenshots land in var/screenshots/, which git ignores.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from campaigns.demo.tags import NEW
from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.walks.conftest import come_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AT_REST = """async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(one => one.finished));
}"""
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
# A page looks the same on either database: each look is seen once, each page on both.
LOOKS = {
    "sqlite": [(PHONE, "zh-CN", "light"), (LAPTOP, "en-GB", "dark")],
    "postgresql": [(PHONE, "en-GB", "dark"), (LAPTOP, "zh-CN", "light")],
}
EVERYBODYS = [
    "/circle",
    "/circle/interests",
    "/circle/shares",
    "/circle/standard",
    "/groupbuys",
    "/offline",
    "/participation",
    "/accounts/sign-in",
    "/accounts/sign-up",
    "/accounts/forgot",
    "/accounts/with/mastodon",
    "/accounts/with/weibo",
    "/l/内测",
]
DRAWS = ["/draws", "/draws?past=1", "/draws/check"]
FANS = ["/circle", "/circle/me/profile", "/circle/submit", "/me/submissions", "/circle/me", "/circle/me/levels", "/circle/me/badges", "/circle/board", "/me/notices", "/me/notices/preferences", "/me/selves", "/groupbuys", "/participation", "/accounts",
        "/circle/interests", "/me/shop", "/me/shop/mine", "/me/penalties", "/me/held", "/me/profile", "/me/handles", "/me/invitations", "/me/points", "/circle/board?period=week&back=1", "/circle/board?among=company"]  # fmt: skip
STAFFS = [
    "/staff", "/posts", "/posts/new", "/posts/calendar", "/posts/calendar?view=week", "/posts/calendar?view=day",
    "/posts/calendar?view=list", "/posts/slots", "/posts/series", "/posts/series/new", "/posts/import", "/posts/export",
    "/posts/feeds", "/posts/library", "/posts/templates", "/approval", "/approval/routes", "/approval/routes/new", "/lane",
    "/publishing/holds", "/inbox", "/inbox/threads", "/members", f"/members?name={NEW}", "/members/numbers", "/members/tags", "/members/import", "/members/segments", "/members/segments/new", "/channels", "/channels/new", "/channels/new/bluesky",
    "/channels/handoffs", "/loyalty", "/loyalty/levels", "/loyalty/levels/in-danger", "/loyalty/levels/in-danger?part=by_hand", "/loyalty/badges", "/loyalty/badges/new", "/loyalty/rules/new", "/loyalty/rules/new/interaction.comment", "/loyalty/held", "/loyalty/reconciliation", "/loyalty/liability", "/reviews", "/reviews/decided", "/reviews/thresholds", "/reviews/featured", "/reviews/standard",
    "/planning", "/planning/new", "/groupbuys", "/groupbuys/new", "/links",
    "/links/new", "/admin/staff", "/admin/staff/invite", "/admin/audit", "/admin/brand", "/admin/jobs", "/admin/health",
    "/admin/components", "/accounts", "/interests", "/interests/new", "/people", "/rewards", "/rewards/new", "/rewards/redemptions", "/penalties", "/penalties?part=running",
    "/links?owner=dead", "/links/domains", "/links/keys", "/links/orders", "/links/orders/import",
    "/seed-users", "/seed-users/tree", "/seed-users/retention", "/seed-users/retention?by=week&who=invited",
]  # fmt: skip
FOLLOWED = {
    "/circle/interests": ".interest-name a",
    "/interests": "td a[href^='/interests/']",
    "/circle": "a[href^='/circle/posts/']",
    "/draws": "td a[href^='/draws/']",
    "/draws?past=1": "td a[href^='/draws/']",
    "/groupbuys": ".offer-title a",
    "/participation": ".offer-title a",
    "/posts": "td a[href^='/posts/']",
    "/approval": ".ask-link",
    "/lane": ".ask-link",
    "/posts/series": "a[href^='/posts/series/']:not([href$='/new'])",
    "/inbox/threads": "a[href^='/inbox/threads/']",
    "/members": "tbody a[href^='/members/']",
    f"/members?name={NEW}": "tbody a[href^='/members/'] then a[href$='/erase']",
    "/members/tags": "td a[href^='/members/tags/']",
    "/members/import": "td a[href^='/members/import/']",
    "/members/segments": "td a[href^='/members/segments/']",
    "/loyalty": "td a[href^='/loyalty/rules/']",
    "/loyalty/held": "td a[href^='/loyalty/held/']",
    "/loyalty/reconciliation": ".fact-words a[href^='/loyalty/entries/']",
    "/circle/shares": "a[href^='/circle/shares/']",
    "/reviews": "td a[href^='/reviews/']",
    "/circle/me/profile": "a[href^='/circle/people/']",
    "/people": "a[href^='/people/']",
    "/planning": "a[href^='/participation/']",
    "/channels": "td a[href^='/channels/']",
    "/links": "td a[href^='/links/'] then a[href$='/edit'] then a[href$='/targets']",
    "/me/shop": ".offer-title a",
    "/loyalty/badges": ".badge-name a",
    "/rewards": "td a[href^='/rewards/']",
    "/rewards/redemptions": "td a[href^='/rewards/redemptions/']",
    "/penalties": "td a[href^='/penalties/']",
    "/seed-users": "td a[href^='/seed-users/']",
    "/admin/staff": "td a[href^='/admin/staff/']",
}


@pytest.mark.parametrize("look", [0, 1], ids=["phone", "laptop"])
@pytest.mark.parametrize(
    ("login", "pages"),
    [pytest.param("", EVERYBODYS + DRAWS, id="visitor"), pytest.param("xiaoman", FANS + DRAWS, id="fan"),
     pytest.param("zhouyan", STAFFS + DRAWS, id="staff")],
)  # fmt: skip
def test_every_page_is_accessible_and_fits(
    windows: Windows, login: str, pages: list[str], look: int, engine: str
) -> None:
    size, language, scheme = LOOKS[engine][look]
    page = windows.open(size=size, language=language, color_scheme=scheme)
    if login:
        come_in(page, login)
    folder = SCREENSHOTS / f"{size[0]}-{language}-{scheme}" / (login or "visitor")
    wrong = []
    for address in pages:
        wrong += look_at(page, address, folder)
        for depth, selector in enumerate(FOLLOWED[address].split(" then ") if address in FOLLOWED else ()):
            inner = page.locator(selector).first.get_attribute("href")
            assert inner is not None, address
            wrong += look_at(page, inner, folder, name=f"{address}{' one' * (depth + 1)}")
    assert not wrong, "\n".join(wrong)


def come_to_rest(page: Page) -> None:
    """What the page fetches by itself is there, and what moves into its place has arrived."""
    page.wait_for_load_state("load")
    expect(page.locator(".htmx-request:not([data-sample])")).to_have_count(0)
    page.evaluate(AT_REST)


def look_at(page: Page, address: str, folder: Path, name: str = "") -> list[str]:
    """Open it, take its picture, and say what is wrong with it."""
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    come_to_rest(page)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=folder / f"{(name or address).strip('/').replace('/', '-').replace('?', '-')}.png", full_page=True
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    too_wide = [f"{address}: {wide} pixels wider than the screen"] if wide > 0 else []
    return too_wide + violations(page)
