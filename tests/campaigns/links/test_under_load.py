"""Real web processes under many visitors at once: every redirect is counted, whatever becomes of Valkey meanwhile."""

from __future__ import annotations

import http.client
import threading
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.links.models import Hit
from commons import clock
from commons.db import db
from tests.campaigns.factories import PHONE, a_lead, a_link
from tests.servers.live import Live
from tests.servers.processes import await_true

pytestmark = pytest.mark.kill

VISITORS, VISITS = 8, 40


def visit(url: str, slug: str, number: int, statuses: list[int]) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    for turn in range(VISITS):
        connection.request("GET", f"/l/{slug}", headers={"User-Agent": f"{PHONE} {number} {turn}"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()


def written() -> int:
    found = db.session.scalar(select(func.count()).select_from(Hit)) or 0
    db.session.rollback()
    return found


def test_every_redirect_is_counted_though_valkey_dies_in_the_middle(live: Live, live_app: Flask) -> None:
    link = a_link("/circle", by=a_lead())
    slug = link.slug
    db.session.commit()
    live.start("web")
    statuses: list[int] = []
    visitors = [threading.Thread(target=visit, args=(live.url, slug, number, statuses)) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    await_true(lambda: len(statuses) > VISITS, "some have come", within=30)
    live.valkey.kill()
    for visitor in visitors:
        visitor.join()
    assert statuses == [302] * VISITORS * VISITS
    await_true(lambda: written() == len(statuses), "all of them are counted", within=15, every=0.2)


def test_a_link_that_ends_leads_nowhere_within_a_second_or_so(live: Live, live_app: Flask) -> None:
    lead = a_lead()
    link = a_link("/circle", by=lead)
    slug = link.slug
    db.session.commit()
    live.start("web")
    statuses: list[int] = []
    visit(live.url, slug, 0, statuses)
    assert set(statuses) == {302}
    link.end(by=lead, at=clock.now())
    db.session.commit()

    def is_over() -> bool:
        statuses.clear()
        visit(live.url, slug, 0, statuses)
        return statuses[-1] == 404

    await_true(is_over, "the end of the link", within=5, every=0.2)
