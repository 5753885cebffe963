"""`/l/<slug>`: the redirect, what it leaves in the spool, and by whom a visitor came."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from campaigns.links import arriving, following
from campaigns.links.counting import write_visits
from campaigns.links.following import Recorder, recorder
from campaigns.links.models import Hit, Verdict
from campaigns.links.spool import Spool
from commons import clock
from commons.accounts import signing_up
from commons.db import db
from tests.campaigns.factories import PHONE, a_lead, a_link, visit
from tests.factories import make_fan, sign_in
from tests.servers.processes import await_true

Drain = Callable[[], int]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile, less what opens and closes a transaction."""
    seen: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")):
            seen.append(statement)

    engine = db.engine if hasattr(db.engine, "dialect") else db.engines[None]
    event.listen(engine, "before_cursor_execute", hear)
    yield seen
    event.remove(engine, "before_cursor_execute", hear)


def hits() -> list[Hit]:
    return list(db.session.scalars(select(Hit).order_by(Hit.id)))


def test_a_visit_is_redirected_and_stored_by_nobody_on_the_way(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link("https://example.org/茶", utm_source="weibo")
    answer = client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    assert answer.status_code == 302
    assert answer.location == "https://example.org/%E8%8C%B6?utm_source=weibo"
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_visit_is_recorded_with_what_it_was(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE, "Referer": "https://weibo.com/"})
    client.get(f"/l/{link.slug}", headers={"User-Agent": "curl/8"})
    client.get(f"/l/{link.slug}", headers={"User-Agent": "Twitterbot/1.0"})
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE, "X-Purpose": "preview"})
    client.head(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    assert drain() == 6
    assert sorted(hit.verdict.value for hit in hits()) == ["bot", "bot", "duplicate", "human", "preview", "preview"]
    assert {hit.referrer for hit in hits()} == {"", "https://weibo.com/"}
    assert {hit.browser for hit in hits()} == {PHONE, "curl/8", "Twitterbot/1.0"}
    assert {hit.occurred_at for hit in hits()} == {at}


def test_the_team_does_not_count_itself(app: Flask, client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    sign_in(client, a_lead())
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    drain()
    assert [hit.verdict for hit in hits()] == [Verdict.STAFF]


def test_the_visitor_waits_for_one_read_and_for_no_write(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    sign_in(client, make_fan().user)  # type: ignore[arg-type]
    slug = link.slug
    db.session.commit()
    with statements() as seen:
        assert client.get(f"/l/{slug}", headers={"User-Agent": PHONE}).status_code == 302
    mine = [one for one in seen if "FROM link_domain" not in one]  # that is read once a second at most
    assert len(mine) == 1, mine
    assert mine[0].startswith("SELECT")
    assert hits() == []
    assert drain() == 1


def test_an_address_is_kept_only_as_a_keyed_hash(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    (segment,) = recorder().spool.folder.glob("*.jsonl")
    assert "203.0.113" not in segment.read_text()
    drain()
    assert len(hits()[0].visitor) == 32


@pytest.mark.parametrize("slug", ["nothing-here", "x" * 5000, "..%2f..%2fetc", "%ff%fe", "'or'1'='1"])
def test_what_is_no_link_is_not_found(client: FlaskClient, drain: Drain, slug: str) -> None:
    assert client.get(f"/l/{slug}").status_code == 404
    assert drain() == 0


def test_no_session_is_begun_on_the_way(client: FlaskClient, at: datetime, drain: Drain) -> None:
    answer = client.get(f"/l/{a_link().slug}", headers={"User-Agent": PHONE})
    assert [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["came_by"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_device_language_and_site_are_kept(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE, "Accept-Language": "en;q=0.5, zh-CN"})
    drain()
    (hit,) = hits()
    assert (hit.device, hit.language, hit.region, hit.way_id) == ("phone", "zh", "", None)


def test_a_visit_that_an_earlier_version_spooled_is_written_too(app: Flask, at: datetime) -> None:
    assert write_visits([visit(a_link())]) == 1
    assert hits()[0].device == ""


def test_an_ended_link_leads_nowhere(client: FlaskClient, at: datetime, drain: Drain) -> None:
    lead = a_lead()
    link = a_link(by=lead)
    link.end(by=lead, at=at)
    assert client.get(f"/l/{link.slug}").status_code == 404


def test_hostile_headers_are_kept_within_bounds(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    client.get(f"/l/{link.slug}", headers={"User-Agent": "x" * 5000, "Referer": "https://e.example/" + "y" * 5000})
    assert drain() == 1
    assert (len(hits()[0].browser), len(hits()[0].referrer)) == (200, 255)


def test_a_disk_that_is_full_does_not_stop_the_visitor(
    client: FlaskClient, at: datetime, drain: Drain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link = a_link()

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(recorder().spool, "add", full)
    with caplog.at_level(logging.ERROR):
        assert client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE}).status_code == 302
    assert "could not be spooled" in caplog.text


def test_a_database_that_was_away_gets_the_visits_later(
    client: FlaskClient, at: datetime, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = a_link()
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})

    def away(_rows: object) -> int:
        raise OperationalError("insert", None, Exception("the database is away"))

    with monkeypatch.context() as outage:
        outage.setattr(following, "write_visits", away)
        with pytest.raises(OperationalError):
            drain()
    assert hits() == []
    assert drain() == 1
    assert len(hits()) == 1


def test_one_row_that_no_database_takes_costs_only_itself(app: Flask, at: datetime, drain: Drain) -> None:
    link = a_link()
    spool = recorder().spool
    for row in (visit(link), {**visit(link), "verdict": "nonsense"}, {"uid": "no link"}, visit(link)):
        spool.add(row)
    db.session.commit()
    assert drain() == 4
    assert len(hits()) == 2
    assert list(spool.folder.iterdir()) == []


def test_a_link_stays_known_as_what_brought_the_visitor(
    app: Flask, client: FlaskClient, at: datetime, drain: Drain
) -> None:
    link = a_link("/groupbuys")
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    remembered = client.get_cookie("came_by")
    assert remembered is not None
    assert (remembered.value, remembered.http_only, remembered.expires) == (link.public_id, True, None)


def test_a_machine_is_brought_by_nothing(client: FlaskClient, at: datetime, drain: Drain) -> None:
    client.get(f"/l/{a_link().slug}", headers={"User-Agent": "curl/8"})
    assert client.get_cookie("came_by") is None


@pytest.mark.parametrize("value", ["nothing", "x" * 12, "'; drop --", "%ff" * 4])
def test_a_cookie_that_somebody_made_up_brought_nobody(app: Flask, value: str) -> None:
    with app.test_request_context("/", headers={"Cookie": f"came_by={value}"}):
        assert following.came_by() is None


def test_who_came_by_a_link_and_signs_up_counts_for_it_once_confirmed(
    app: Flask, client: FlaskClient, at: datetime, drain: Drain
) -> None:
    link = a_link("/circle")
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    form = {"name": "小满", "email": "xiaoman@example.org", "password": "a good long passphrase", "language": "zh_Hans"}
    assert client.post("/accounts/sign-up", data=form).status_code == 303
    assert arriving.sign_ups(link).number == 0
    user = signing_up.account_of("xiaoman@example.org")
    assert user is not None
    user.confirmed_at = clock.now()
    signing_up.welcome(user, clock.now())
    signing_up.welcome(user, clock.now())
    assert arriving.sign_ups(link).number == 1
    assert arriving.export(user)["links"]["came_by"] == link.slug


def test_an_erased_person_is_no_longer_named_by_visits(app: Flask, at: datetime) -> None:
    fan, link = make_fan(), a_link()
    assert fan.user is not None
    write_visits([visit(link, user_id=fan.user_id)])
    assert arriving.export(fan.user)["links"]["followed"] == [{"at": at.isoformat(), "slug": link.slug}]
    arriving.erase(fan.user, at)
    assert db.session.scalars(select(Hit.user_id)).all() == [None]


def test_the_thread_writes_by_itself_what_a_request_left(committed_app: Flask, tmp_path: Path) -> None:
    link = a_link("/circle")
    slug = link.slug
    db.session.commit()
    mine = Recorder(committed_app)
    mine.spool = Spool(tmp_path)
    committed_app.extensions["visits"] = mine
    client = committed_app.test_client()
    client.get(f"/l/{slug}", headers={"User-Agent": PHONE})
    mine.begin()
    mine.begin()

    def written() -> bool:
        found = db.session.scalars(select(Hit.id)).first()
        db.session.rollback()  # or SQLite would keep the thread from writing
        return found is not None

    await_true(written, "the visit is in the database", within=10, every=0.1)
    mine.stop()
