"""The page that recomputes a draw, in a real browser: it says what fits and what does not, and asks nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.draws import awarding, proving, publishing, ranking
from campaigns.draws.models import Draw
from commons import clock
from commons.db import db
from tests.campaigns.draws.factories import LAUNCH, REVEAL, a_drawn, awards
from tests.servers.browser import Windows

pytestmark = pytest.mark.browser


@pytest.fixture
def draw(beside: Flask) -> Draw:
    """A draw that is over; one prize was declined."""
    clock.set_to(LAUNCH)
    made = a_drawn(9)
    awarding.decline(awards(made)[0], REVEAL)
    db.session.commit()
    return made


def check(page: Page, *files: Path) -> list[str]:
    """Let the page check the files; every address that it asks for from then on."""
    asked: list[str] = []
    page.goto("/draws/check")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#draw-files").set_input_files(list(files))
    return asked


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_it_names_the_same_winners_and_finds_ones_own_entry_and_asks_nobody(
    windows: Windows, draw: Draw, tmp_path: Path
) -> None:
    file = written(tmp_path, "draw.json", b"".join(publishing.published(draw)))
    winner = awards(draw)[-1]
    proof = written(tmp_path, "proof.json", ranking.canonical(proving.proof_of(winner.entry)))
    page = windows.open(language="en-GB")
    asked = check(page, file, proof)
    expect(page.locator("[data-verdict]")).to_have_text(
        "Everything fits: the result follows from the published list and the random value."
    )
    expect(page.locator("[data-steps] .check-good")).to_have_count(9)
    rows = page.locator("[data-winners] tbody tr")
    expect(rows).to_have_count(len(awards(draw)))
    expect(rows.last).to_contain_text(f"{winner.entry.entry} · Your entry")
    assert asked == []


@pytest.mark.parametrize("field", ["root", "seed", "awards"])
def test_it_says_which_step_does_not_fit(windows: Windows, draw: Draw, tmp_path: Path, field: str) -> None:
    found = json.loads(b"".join(publishing.published(draw)))
    if field == "root":
        found["list"]["root"] = "00" * 32
    elif field == "seed":
        found["seed"] = "00" * 32
    else:
        found["awards"][0]["entry"] = found["awards"][1]["entry"]
    page = windows.open(language="en-GB")
    check(page, written(tmp_path, "draw.json", ranking.canonical(found)))
    expect(page.locator("[data-verdict]")).to_have_text("Something does not fit. Do not trust this file.")
    expect(page.locator("[data-steps] .check-bad").first).to_be_visible()


def test_another_file_is_none(windows: Windows, draw: Draw, tmp_path: Path) -> None:
    page = windows.open(language="en-GB")
    check(page, written(tmp_path, "letter.json", b"[1, 2"))
    expect(page.locator("[data-verdict]")).to_contain_text("This is not the file of a draw or of a proof.")
