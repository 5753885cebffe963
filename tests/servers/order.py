"""Quick tests first; and a run that must be complete fails when a part of it did not run."""

from __future__ import annotations

import os

import pytest

TURNS = {"slow": 1, "browser": 2, "kill": 2}
ALONE = ("kill", "browser")
executed: dict[str, int] = {"postgresql": 0, "browser": 0}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Of several workers one takes everything that kills and one everything with a browser: two at once would slow each other."""
    for name in ALONE:
        if item.get_closest_marker(name):
            item.add_marker(pytest.mark.xdist_group(name))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: max((turn for name, turn in TURNS.items() if item.get_closest_marker(name)), default=0))


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
