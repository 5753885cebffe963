"""A run that must be complete says which part is missing and fails; any other run does not care."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.order import together

ROOT = Path(__file__).resolve().parents[2]
ONE_TEST = "tests/tools/test_vendor.py::test_an_icon_becomes_a_symbol_of_its_name"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
@pytest.mark.parametrize(("complete", "status"), [("1", 1), ("", 0)])
def test_a_missing_part_fails_only_a_run_that_must_be_complete(complete: str, status: int, workers: list[str]) -> None:
    environ = {**os.environ, "QUANZI_COMPLETE": complete}
    command = [sys.executable, "-m", "pytest", "-q", *workers, ONE_TEST]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == status
    assert ("INCOMPLETE: no test of the part 'browser' has run" in done.stdout) == bool(complete)
    assert done.stdout.splitlines()[-1].startswith("1 passed")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/walks/test_every_page.py::test_a[sqlite-fan]", "tests/walks/test_the_loop.py::test_b[sqlite]"),
        ("tests/walks/test_every_page.py::test_a[postgresql-fan]", "tests/walks/test_the_loop.py::test_b[postgresql]"),
        ("tests/walks/test_every_page.py::test_a[sqlite-fan]", "tests/campaigns/demo/test_seeding.py::test_a_month_of_a_brand_comes_about[sqlite]"),
        ("tests/campaigns/groupbuys/test_in_the_browser.py::test_a[sqlite]", "tests/campaigns/groupbuys/test_in_the_browser.py::test_b[sqlite]"),
        ("tests/commons/cli/test_make_run.py::test_a[2]", "tests/commons/cli/test_make_run.py::test_b"),
    ],
)  # fmt: skip
def test_what_shares_a_server_stays_together(one: str, other: str) -> None:
    assert together(one) == together(other) != one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/walks/test_every_page.py::test_a[sqlite-fan]", "tests/walks/test_every_page.py::test_a[postgresql-fan]"),
        ("tests/commons/test_mail.py::test_a[sqlite]", "tests/commons/test_mail.py::test_b[sqlite]"),
    ],
)  # fmt: skip
def test_what_shares_none_goes_to_whoever_is_free(one: str, other: str) -> None:
    assert together(one) != together(other)
