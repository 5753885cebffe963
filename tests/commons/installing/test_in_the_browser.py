"""The service worker in a real browser: installed, without network, and handed a push."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from commons.db import db
from community.members.models import Member
from tests.factories import PASSWORD, make_fan
from tests.servers.axe import violations
from tests.servers.browser import PHONE, Windows, come_in
from tests.servers.live import Live
from tests.servers.processes import await_true

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

CACHES = "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(one => one.keys()))))"
KEPT = f"{CACHES}.then(found => found.flat().map(request => new URL(request.url).pathname))"
SHOWN = "navigator.serviceWorker.ready.then(worker => worker.getNotifications()).then(all => all.map(one => [one.title, one.body, one.data.path]))"
CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"

LATE = "export const start = (element) => { element.dataset.late = ''; };"
WANTS_LATE = """() => {
  document.head.insertAdjacentHTML('beforeend', '<meta name="module" data-for="main" content="/static/js/late.js">');
  document.dispatchEvent(new Event('htmx:after:swap'));
}"""


@pytest.fixture
def fan(beside: Flask) -> Member:
    made = make_fan("小满")
    db.session.commit()
    return made


@pytest.fixture
def page(windows: Windows, fan: Member, house: Live) -> Page:
    """The fan's phone, signed in, with the worker in charge."""
    assert fan.user is not None
    email = fan.user.email
    db.session.commit()
    opened = windows.open(size=PHONE, service_workers="allow", permissions=["notifications"])
    come_in(opened, email, PASSWORD)
    opened.evaluate("navigator.serviceWorker.ready.then(() => true)")
    opened.goto("/circle/me")
    opened.wait_for_function(CONTROLLED)
    return opened


def test_without_network_the_shell_stands_there_and_the_page_comes_back_by_itself(page: Page) -> None:
    page.goto("/circle")
    page.context.set_offline(True)
    page.goto("/circle/me")
    expect(page.locator("h1")).to_have_text("现在没有网络")
    expect(page.locator("[lang=en] , h2").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.offline')).maxWidth") != "none", "it has its styles"

    page.context.set_offline(False)

    expect(page.locator("#standing-name")).to_be_visible(timeout=15_000)


def test_a_script_that_the_network_kept_away_is_fetched_when_it_is_back(windows: Windows, house: Live) -> None:
    page = windows.open(size=PHONE)
    answers = iter(
        [lambda route: route.abort(), lambda route: route.fulfill(content_type="text/javascript", body=LATE)]
    )
    page.route("**/late.js", lambda route: next(answers)(route))
    page.goto("/circle")
    with page.expect_event("requestfailed"):
        page.evaluate(WANTS_LATE)

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("main[data-late]")).to_be_attached()


def test_the_worker_keeps_no_page(page: Page) -> None:
    for address in ("/circle", "/circle/me", "/me/notices", "/accounts"):
        page.goto(address)

    kept = page.evaluate(KEPT)

    assert "/offline" in kept
    assert [path for path in kept if not path.startswith("/static/") and path not in {"/offline", "/theme.css"}] == []


def test_a_push_is_shown_and_garbage_too(page: Page, house: Live) -> None:
    told = {"title": "山月茶舍", "body": "你到了三级。", "path": "/circle/me", "language": "zh-Hans", "tag": "notice-a"}
    push = pusher(page, house)

    push(json.dumps(told))
    await_true(lambda: page.evaluate(SHOWN) == [["山月茶舍", "你到了三级。", "/circle/me"]], "the notification shows")
    push("no JSON at all")
    await_true(lambda: len(page.evaluate(SHOWN)) == 2, "whatever comes, something shows")


def test_whoever_signs_out_leaves_nothing_that_was_told_on_the_screen(page: Page, house: Live) -> None:
    push = pusher(page, house)
    push(json.dumps({"title": "山月茶舍", "body": "你到了三级。", "path": "/circle/me", "tag": "notice-a"}))
    await_true(lambda: len(page.evaluate(SHOWN)) == 1, "the notification shows")
    page.click(".account-menu summary")

    page.click("[data-sign-out]")

    expect(page.locator(".btn-signin")).to_be_visible()
    await_true(lambda: page.evaluate(SHOWN) == [], "the notification is gone")


def test_the_offer_to_install_shows_when_the_browser_makes_it_and_can_be_dismissed_for_good(page: Page) -> None:
    offer = "window.dispatchEvent(Object.assign(new Event('beforeinstallprompt'), {prompt() {}}))"
    hint = page.locator("[data-install]")
    expect(hint).to_be_hidden()
    page.evaluate(offer)
    expect(hint).to_be_visible()
    assert violations(page) == []
    hint.locator("[data-install-dismiss]").click()
    expect(hint).to_be_hidden()
    page.reload()
    page.wait_for_function("document.documentElement.classList.contains('has-script')")
    page.evaluate(offer)
    expect(hint).to_be_hidden()


def test_the_notices_page_offers_to_ask_and_says_when_the_service_cannot_be_reached(page: Page) -> None:
    page.goto("/me/notices/preferences")
    ask = page.locator("[data-push-ask]")
    expect(ask).to_be_visible()
    assert violations(page) == []
    page.evaluate(
        "void (PushManager.prototype.subscribe = () => Promise.reject(new DOMException('away', 'AbortError')))"
    )
    ask.click()
    expect(page.locator("[data-push-says=failed]")).to_be_visible()


def test_a_browser_that_gives_its_address_is_listed(page: Page) -> None:
    page.goto("/me/notices/preferences")
    page.evaluate(
        """void (PushManager.prototype.subscribe = () => Promise.resolve({toJSON: () => ({
            endpoint: 'https://push.example/abc', keys: {
                p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
                auth: 'BTBZMqHH6r4Tts7J_aSIgg'}})}))"""
    )
    page.locator("[data-push-ask]").click()
    expect(page.locator("#browsers .browser-line")).to_have_count(1)
    page.locator("#browsers .browser-line button").click()
    expect(page.locator("#browsers .browser-line")).to_have_count(0)


def pusher(page: Page, house: Live) -> Any:
    """Hands a push message to the worker, as the browser's push service would."""
    devtools = page.context.new_cdp_session(page)
    versions: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: versions.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    await_true(lambda: page.evaluate("1") == 1 and bool(versions), "the browser names its workers")

    def push(data: str) -> None:
        registration = versions[0]["registrationId"]
        devtools.send(
            "ServiceWorker.deliverPushMessage", {"origin": house.url, "registrationId": registration, "data": data}
        )

    return push
