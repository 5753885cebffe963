"""Quanzi as real processes, looked at from outside."""

from __future__ import annotations

import httpx
import pytest

from tests.servers.browser import PHONE, Windows
from tests.servers.live import Live

pytestmark = pytest.mark.kill


def test_a_form_without_its_token_is_refused(live: Live) -> None:
    live.start("web")
    answer = httpx.post(f"{live.url}/accounts/sign-in", data={"email": "somebody@example.org", "password": "something"})
    assert answer.status_code == 400


def test_a_process_that_is_killed_stays_dead_until_it_is_started_again(live: Live) -> None:
    live.start("web")
    live.kill("web")
    with pytest.raises(httpx.ConnectError):
        httpx.get(live.url)
    live.start("web")
    assert httpx.get(f"{live.url}/accounts/sign-in").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_stranger_reads_the_circle_without_a_complaint_of_the_browser(windows: Windows, language: str) -> None:
    page = windows.open(size=PHONE, language=language)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") in {"zh-Hans", "en"}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
