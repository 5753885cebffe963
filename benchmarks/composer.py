"""From a keystroke in the composer to its counters, in Chromium: four channels, each counting in its own way.

Real keys are pressed in the real page: the time runs from the browser's stamp on the key to the moment at which the counters of
all channels say the new length. Beside it, in the same run, a bare text field with nothing on it: what the browser needs by
itself to bring a key to a listener.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from campaigns.posts.drafts import Edited
from commons import clock
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import accept, circle_account
from community.channels.protocol import Connection

KEYS = 100
TARGET = 0.05
NETWORKS = ("mastodon", "bluesky", "weibo")
HARD = "今天的茶 👨‍👩‍👧‍👦 https://example.org/a/long/path @tea@m.social #春茶 "
TEXTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "a short post": ("三泡之后才开口。" * 10, ()),
    "2,000 characters": (HARD * 35, ()),
    "a thread of 9 parts": (HARD * 6, (HARD * 6,) * 8),
}
WATCHED = """([field, counters]) => {
    const area = document.querySelector(field);
    let began = 0;
    window.spent = [];
    const note = () => window.spent.push(performance.now() - began);
    area.addEventListener("keydown", (event) => { began = event.timeStamp; }, true);
    if (counters) new MutationObserver(note).observe(document.querySelector(counters), { subtree: true, childList: true, characterData: true });
    else area.addEventListener("input", note);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
}"""


@dataclass(frozen=True)
class Result:
    """Milliseconds: the middle one and the slowest of nineteen in twenty."""

    text: str
    middle: float
    slow: float


def run() -> None:
    """Print, for each text, the time from key to counters, beside a bare field."""
    from tests.servers.browser import find

    if find() is None:
        print("no Chromium on this machine; `python -m tests.servers.browser` installs one")
        return
    with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
        _print(_measure(Path(folder)))


def _print(results: Sequence[Result]) -> None:
    print(f"{KEYS} keys each, four channels; from the key to the counters of all of them")
    print(f"  {'':<24} {'median':>10} {'p95':>10}")
    for one in results:
        kept = "" if one.slow < TARGET * 1e3 else f"   over {TARGET * 1e3:.0f} ms"
        print(f"  {one.text:<24} {one.middle:>7.1f} ms {one.slow:>7.1f} ms{kept}")


def _measure(folder: Path) -> list[Result]:
    from tests.servers.applications import make_app
    from tests.servers.browser import Windows, come_in, launch
    from tests.servers.databases import Databases
    from tests.servers.live import Live

    environ = {"SECRET_KEY": "only for measuring, never for use", "QUANZI_VAR": str(folder)}
    databases = Databases("sqlite", folder, None)
    databases.prepare(lambda url: make_app(environ, url))
    house = Live(environ, databases.fresh(), folder)
    try:
        email, password, addresses = _seed(house.start("web").settings)
        with sync_playwright() as playwright:
            page = come_in(Windows(launch(playwright), house.url).open(), email, password)
            ours = [_ours(page, text, address) for text, address in addresses.items()]
            return [*ours, _bare(page)]
    finally:
        house.stop()


def _seed(settings: Mapping[str, str]) -> tuple[str, str, Mapping[str, str]]:
    """Who signs in, and the address of a post for each text, with every channel chosen."""
    from tests.campaigns.posts.factories import make_post
    from tests.factories import PASSWORD, make_staff
    from tests.servers.applications import close, make_app

    app = make_app(settings, settings["DATABASE_URL"])
    with app.app_context():
        staff = make_staff(Role.SOCIAL_MANAGER)
        accounts = [circle_account(), *(accept(Connection(name, name, {}), name, clock.now()) for name in NETWORKS)]
        variants = {account: Edited() for account in accounts}
        posts = {name: make_post(staff, text, more=more, variants=variants).url for name, (text, more) in TEXTS.items()}
        email = staff.email or ""
        db.session.commit()
    close(app)
    return email, PASSWORD, posts


def _ours(page: Page, text: str, address: str) -> Result:
    page.goto(address)
    page.wait_for_selector("#composer[data-ready]")
    return _timed(page, text, ["#text", "#meters"])


def _bare(page: Page) -> Result:
    page.goto("about:blank")
    page.set_content("<textarea></textarea>")
    return _timed(page, "a bare field", ["textarea", None])


def _timed(page: Page, text: str, watched: list[Any]) -> Result:
    page.evaluate(WATCHED, watched)
    for _key in range(KEYS):
        page.keyboard.press("a", delay=5)
    spent = sorted(page.evaluate("window.spent"))
    assert len(spent) >= KEYS, "a key did not reach the counters"
    return Result(text, spent[len(spent) // 2], spent[len(spent) * 19 // 20])
