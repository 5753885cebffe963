"""Chromium for the tests that walk pages: found, or installed by `python -m tests.servers.browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
LAPTOP, PHONE = (1280, 800), (360, 740)


class Windows:
    """Opens windows as different people would; at the end no page may have complained on its console."""

    def __init__(self, browser: Browser, base_url: str | None = None) -> None:
        self._browser = browser
        self._base_url = base_url
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, *, size: tuple[int, int] = LAPTOP, language: str = "zh-CN", **options: Any) -> Page:
        """A window of somebody who has never been here: no cookies, the given size and browser language.

        Without `service_workers="allow"` there is none: it would answer what a test wants to answer itself.
        """
        width, height = size
        options.setdefault("service_workers", "block")
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            timezone_id="Asia/Shanghai",
            base_url=self._base_url,
            **options,
        )
        context.set_default_timeout(10_000)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert not self.complaints, self.complaints

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep errors; a response with an error status is the test's to judge."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


def come_in(page: Page, email: str | None, password: str) -> Page:
    """Sign in on `page` by the form, as a person does."""
    page.goto("/accounts/sign-in")
    page.fill("[name=email]", email or "")
    page.fill("[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def launch(playwright: Playwright) -> Browser:
    """Start Chromium. Without one: skip, or fail where CI is true."""
    program = find()
    if program is None:
        reason = (
            "no Chromium on this machine and none could be installed; `python -m tests.servers.browser` tries again"
        )
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=[*QUIET, *as_root])


def find() -> str | None:
    """Chromium from PATH or from Playwright's cache."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    cached = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(cached[-1]) if cached else None


def install() -> str | None:
    """Find Chromium, else install it by the first way that this machine allows. None when all ways are closed."""
    ways: list[Callable[[], None]] = [by_apt, by_playwright]
    for way in ways:
        if find() is None:
            way()
    return find()


def by_apt() -> None:
    """Debian's package, with a font for Chinese; as root, or by a sudo that asks nothing."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not shutil.which("sudo")):
        return
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "fonts-noto-cjk"]
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*sudo, "apt-get", *words], env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def by_playwright() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> int:
    if find() is None:
        sys.stderr.write("  Chromium is missing; installing it …\n")
    if install() is None:
        sys.stderr.write("  no Chromium could be installed: `apt-get install chromium fonts-noto-cjk` would help\n")
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
