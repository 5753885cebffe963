"""The published file and the script: nothing but the file names the same winners, and no byte of it can be touched."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.draws import awarding, excluding, proving, publishing, ranking
from campaigns.draws.models import Draw, Reason, Source
from campaigns.draws.views import SCRIPT
from tests.campaigns.draws.factories import REVEAL, awards, draw_it, entrants, entry_of, make_draw
from tests.campaigns.factories import a_lead

File = dict[str, Any]


def drawn(**changes: Any) -> Draw:
    """Nine fans, one kept off, one prize declined."""
    draw = make_draw(**changes)
    fans = entrants(draw, 9)
    excluding.exclude(draw, fans[0], Reason.EMPLOYEE, by=a_lead(), at=draw.closes_at.replace(hour=13))
    draw_it(draw)
    awarding.decline(awards(draw)[1], REVEAL)
    return draw


def bytes_of(draw: Draw) -> bytes:
    return b"".join(publishing.published(draw))


def run(tmp_path: Path, *files: bytes) -> tuple[int, str]:
    """The script alone in an empty folder: its status and what it said."""
    names = []
    for number, content in enumerate(files):
        path = tmp_path / f"file{number}.json"
        path.write_bytes(content)
        names.append(str(path))
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), *names], capture_output=True, text=True, cwd=tmp_path)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("source", Source)
def test_the_script_names_the_same_winners(app: Flask, at: datetime, tmp_path: Path, source: Source) -> None:
    draw = drawn(source=source)
    status, said = run(tmp_path, bytes_of(draw))
    assert status == 0, said
    lines = [line.split() for line in said.splitlines()[:-1]]
    assert [(int(rank), entry, prize) for rank, entry, prize, *_rest in lines] == [
        (award.rank, award.entry.entry, award.prize.name) for award in awards(draw)
    ]
    assert said.splitlines()[-1].startswith("OK: 8 entries")


def test_the_script_is_short_and_needs_nothing() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) < 100
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)


def test_a_proof_is_checked_with_it(app: Flask, at: datetime, tmp_path: Path) -> None:
    draw = drawn()
    proof = proving.proof_of(awards(draw)[0].entry)
    assert run(tmp_path, bytes_of(draw), ranking.canonical(proof))[0] == 0
    foreign = proof | {"entry": "00" * 16}
    status, said = run(tmp_path, bytes_of(draw), ranking.canonical(foreign))
    assert (status, "your proof leads to another root" in said) == (1, True)


def test_the_file_is_canonical_and_names_nobody(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "CHUNK", 3)
    draw = drawn()
    content = bytes_of(draw)
    assert content == ranking.canonical(json.loads(content))
    assert "粉丝".encode() not in content


def swapped(file: File) -> None:
    file["awards"][0]["entry"], file["awards"][2]["entry"] = file["awards"][2]["entry"], file["awards"][0]["entry"]


def skipped(file: File) -> None:
    file["awards"] = file["awards"][1:]


def given_twice(file: File) -> None:
    file["awards"][2] |= {"prize": 0, "unit": 1}


def one_more(file: File) -> None:
    entries = sorted([*file["list"]["entries"], "00" * 16])
    file["list"] |= {"entries": entries, "count": len(entries)}


def one_less(file: File) -> None:
    file["list"] |= {"entries": file["list"]["entries"][1:], "count": file["list"]["count"] - 1}


def another_reason(file: File) -> None:
    file["list"]["exclusions"][0]["reason"] = "under_age"


def another_prize(file: File) -> None:
    file["rules"]["prizes"][0]["name"] = "半只冷泡壶"


def another_value(file: File) -> None:
    file["randomness"]["value"] = "00" * 32


def frozen_after(file: File) -> None:
    file["list"]["frozen_at"] = "2023-08-23T15:59:30Z"


@pytest.mark.parametrize(
    "change",
    [swapped, skipped, given_twice, one_more, one_less, another_reason, another_prize, another_value, frozen_after],
)
def test_what_an_organiser_might_change_is_found(
    app: Flask, at: datetime, tmp_path: Path, change: Callable[[File], None]
) -> None:
    file = json.loads(bytes_of(drawn()))
    change(file)
    status, said = run(tmp_path, ranking.canonical(file))
    assert status == 1
    assert said.splitlines()[-1].startswith("NOT OK: ")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_digit_of_a_hash_or_an_entry_that_is_touched_is_found(
    app: Flask, at: datetime, tmp_path: Path, data: st.DataObject
) -> None:
    content = kept_file()
    places = [
        place
        for place in range(len(content))
        if content[place : place + 1] in b"0123456789abcdef" and is_hash(content, place)
    ]
    place = data.draw(st.sampled_from(places))
    digit = b"0" if content[place : place + 1] != b"0" else b"1"
    assert run(tmp_path, content[:place] + digit + content[place + 1 :])[0] == 1


_kept: list[bytes] = []


def kept_file() -> bytes:
    """The same file for every example."""
    if not _kept:
        _kept.append(bytes_of(drawn()))
    return _kept[0]


def is_hash(content: bytes, place: int) -> bool:
    """Whether the byte stands in a text of at least 32 hexadecimal digits that the draw depends on."""
    start, end = content.rfind(b'"', 0, place), content.find(b'"', place)
    text = content[start + 1 : end]
    return len(text) >= 32 and all(one in b"0123456789abcdef" for one in text)


def test_who_is_not_on_the_list_stands_among_the_exclusions(app: Flask, at: datetime) -> None:
    draw = make_draw()
    fan, _other = entrants(draw, 2)
    excluding.exclude(draw, fan, Reason.RULES_BROKEN, by=a_lead(), at=at)
    draw_it(draw)
    file = json.loads(bytes_of(draw))
    assert file["list"]["exclusions"] == [{"entry": entry_of(draw, fan).entry, "reason": "rules_broken"}]
    assert entry_of(draw, fan).entry not in file["list"]["entries"]


def test_before_the_draw_there_is_no_file(app: Flask, at: datetime) -> None:
    with pytest.raises(publishing.NotDrawn):
        publishing.published(make_draw())
