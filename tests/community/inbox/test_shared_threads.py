"""The real sample of threads, where this machine has it: exact counts, twice, on both databases, and pages in time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from community.channels.models import ChannelPost
from community.inbox.models import Interaction
from tests.factories import make_staff, sign_in

SHARED = Path(os.environ.get("QUANZI_SHARED") or Path(__file__).resolve().parents[3].parent / "shared")
THREADS = SHARED / "data" / "weibo_threads_dev.jsonl.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not THREADS.exists(), reason=f"the sample of real threads is not on this machine ({THREADS})"),
]


def counts() -> tuple[int, int]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (ChannelPost, Interaction)
    )  # type: ignore[return-value]


def test_all_threads_load_once_and_the_largest_is_drawn_in_time(committed_app: Flask) -> None:
    runner = committed_app.test_cli_runner()
    first = runner.invoke(args=["import", "threads", str(THREADS)])
    assert first.exit_code == 0, first.output
    assert counts() == (300, 111_076)
    again = runner.invoke(args=["import", "threads", str(THREADS)])
    assert "0 new posts, 0 new interactions, 111,076 known already" in again.output
    assert counts() == (300, 111_076)

    client = committed_app.test_client()
    sign_in(client, make_staff())
    post = db.session.scalars(select(ChannelPost).where(ChannelPost.external_id == "dev-069")).one()
    address = f"/inbox/threads/{post.public_id}"
    client.get(address)
    began = time.perf_counter()
    page = client.get(address)
    assert time.perf_counter() - began < 2
    assert page.status_code == 200
    assert page.text.count('<circle class="dot ') == 939
    for other in ("/inbox", "/inbox/threads", "/inbox/threads?order=largest", "/inbox?q=%E8%8C%B6", f"{address}/curve"):
        began = time.perf_counter()
        assert client.get(other).status_code == 200
        assert time.perf_counter() - began < 2
