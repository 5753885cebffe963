"""Whether targets still answer: quiet about one bad moment, loud about two, and never into a private network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.links import changing, checking
from campaigns.links.changing import WantedWay
from campaigns.links.models import Link
from commons import events, jobs
from commons.accounts.models import User
from tests.campaigns.factories import a_link
from tests.commons.outbound.far_end import FarEnd, far_end, hangs_up, says, sends_on
from tests.factories import make_staff, sign_in
from tests.servers.smtp import Smtp

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Behave = Callable[..., None]


@contextmanager
def the_web(app: Flask, behave: Behave) -> Iterator[FarEnd]:
    """A site that may be called although it stands on this machine."""
    before = app.extensions["outbound"]
    with far_end(behave) as server:
        app.extensions["outbound"] = replace(before, allowed=frozenset({("127.0.0.1", server.port)}))
        try:
            yield server
        finally:
            app.extensions["outbound"] = before


@pytest.fixture
def owner(app: Flask, at: datetime) -> User:
    return make_staff(name="Nora", language="en")


def noted(link: Link) -> list[str]:
    return [fact.kind for fact in events.of_subject(link) if fact.kind in {"link.dead", "link.alive"}]


def test_a_target_that_answers_is_asked_once_a_day(app: Flask, owner: User, at: datetime) -> None:
    with the_web(app, says()) as server:
        link = a_link(server.url(), by=owner)
        jobs.drain(at)
        assert server.requests == []
        jobs.drain(at + HOUR)
        jobs.drain(at + 2 * HOUR)
        assert len(server.requests) == 1
        jobs.drain(at + HOUR + DAY)
        assert len(server.requests) == 2
    assert (link.misses, link.dead_since, noted(link)) == (0, None, [])
    assert link.checked_at is not None


def test_one_failure_is_quiet_and_the_second_is_told(app: Flask, owner: User, at: datetime, smtp: Smtp) -> None:
    with the_web(app, says(b"", "404 Not Found")) as server:
        link = a_link(server.url("/gone"), by=owner, title="Spring")
        jobs.drain(at + HOUR)
        assert (link.misses, noted(link), smtp.to(str(owner.email))) == (1, [], [])
        jobs.drain(at + 2 * HOUR)
        jobs.drain(at + 2 * HOUR + DAY)
    assert noted(link) == ["link.dead"]
    (letter,) = smtp.to(str(owner.email))
    assert letter["Subject"] == "A link leads nowhere: Spring"
    assert "status 404" in str(letter.get_content())
    assert f"/links/{link.public_id}" in str(letter.get_content())


def test_a_target_that_comes_back_is_alive_again(app: Flask, owner: User, at: datetime) -> None:
    with the_web(app, hangs_up) as server:
        link = a_link(server.url(), by=owner)
        jobs.drain(at + HOUR)
        jobs.drain(at + 2 * HOUR)
        assert link.dead_since is not None
        server._behave = says()
        jobs.drain(at + 2 * HOUR + DAY)
    assert (link.dead_since, link.misses, noted(link)) == (None, 0, ["link.dead", "link.alive"])


@pytest.mark.parametrize(
    "status", ["401 Unauthorized", "403 Forbidden", "429 Too Many Requests", "405 Method Not Allowed"]
)
def test_a_wall_before_machines_is_no_end(app: Flask, owner: User, at: datetime, status: str) -> None:
    with the_web(app, says(b"", status)) as server:
        assert checking.look([server.url()], "en") == ""


def test_a_private_address_is_not_called(app: Flask, at: datetime) -> None:
    with far_end(says()) as server:
        assert "not a public address" in checking.look(
            [f"http://127.0.0.1:{server.port}/"], "en"
        ) or "Port" in checking.look([server.url()], "en")
        assert server.requests == []


def test_a_target_that_leads_back_to_us_is_told(app: Flask, owner: User, at: datetime) -> None:
    with the_web(app, says()) as server:
        server._behave = sends_on(server.url("/again"))
        assert "circles" in checking.look([server.url()], "en")


def test_every_target_of_a_link_is_asked_and_pages_of_ours_are_not(app: Flask, owner: User, at: datetime) -> None:
    link = a_link("/circle", by=owner)
    assert link.check_due_at is None
    changing.add_way(link, WantedWay("https://b.example/", weight=1), by=owner, at=at)
    assert checking.targets_of(link.id) == (["https://b.example/"], "en")
    assert link.check_due_at == at + HOUR


def test_a_link_that_is_over_is_asked_no_more(app: Flask, owner: User, at: datetime) -> None:
    link = a_link(by=owner)
    link.expires_at = at
    checking.note(link.id, "", at)
    assert link.check_due_at is None


def test_a_dead_link_is_shown(app: Flask, client: FlaskClient, owner: User, at: datetime) -> None:
    link = a_link(by=owner, title="Spring")
    for hours in (1, 2):
        checking.note(link.id, "it answers with status 404", at + hours * HOUR)
    sign_in(client, owner)
    assert "Spring" in client.get("/links?owner=dead").text
    page = client.get(f"/links/{link.public_id}").text
    assert "The target does not answer" in page
    assert "it answers with status 404" in page
