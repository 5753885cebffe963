"""What takes longest begins first, and what shares a server stays together; and a run that must be complete fails when a
part of it did not run."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

USUAL_SECONDS = 120
HEAVY = ("slow", "browser", "kill")
SERVERS = {"postgres", "engine", "databases", "valkey_server", "smtp_server"}
ROOT = Path(__file__).resolve().parents[2]
# The walks share one tea house on each engine, the tests of a file with one of these arguments a server or a whole run.
WALKS = "tests/walks/"
SEEDING = "tests/campaigns/demo/test_seeding.py::test_a_month_of_a_brand"
SHARING = re.compile(r"\b(house: Live|windows: Windows|beside: Flask|running: Running)\b")
executed: dict[str, int] = {"postgresql": 0, "browser": 0}


class LongestFirst(LoadScopeScheduling):
    """Hands out one test after the other in their order, or all at once those that share a server."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def together(nodeid: str) -> str:
    """The name of what a test shares with others, which one worker takes as a whole; its own name when that is nothing."""
    if nodeid.startswith((WALKS, SEEDING)):
        return f"{WALKS} on {'postgresql' if 'postgresql' in nodeid else 'sqlite'}"
    path = nodeid.partition("::")[0]
    return path if shares_a_server(path) else nodeid


@cache
def shares_a_server(path: str) -> bool:
    return SHARING.search((ROOT / path).read_text(encoding="utf-8")) is not None


@pytest.hookimpl(tryfirst=True, specname="pytest_collection_modifyitems")
def pytest_mark_units(items: list[pytest.Item]) -> None:
    """A unit test asks for no server and waits for nobody; it gets its marker by that."""
    for item in items:
        if not SERVERS & set(getattr(item, "fixturenames", ())) and not any(map(item.get_closest_marker, HEAVY)):
            item.add_marker(pytest.mark.unit)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LongestFirst:
    return LongestFirst(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (-longest(item), not any(item.get_closest_marker(name) for name in HEAVY)))


def longest(item: pytest.Item) -> float:
    """How many seconds a test may take at the most."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else USUAL_SECONDS


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped:
        executed["postgresql"] += "postgresql" in report.nodeid.partition("[")[2]
        executed["browser"] += "browser" in report.keywords


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if missing() and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for part in missing():
        terminalreporter.write_line(f"INCOMPLETE: no test of the part {part!r} has run", red=True)


def missing() -> list[str]:
    """The parts of which nothing ran though QUANZI_COMPLETE asks for all."""
    wanted = os.environ.get("QUANZI_COMPLETE") == "1"
    return [part for part, count in executed.items() if wanted and not count]
