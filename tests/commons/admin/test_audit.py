from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from commons import clock, events
from commons.accounts import inviting, leaving
from commons.accounts.models import User
from commons.admin import audit, staffing
from commons.permissions import Role
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def alan(app: Flask, client: FlaskClient, at: datetime) -> User:
    user = make_staff(Role.ADMINISTRATOR, "阿岚", language="en")
    sign_in(client, user)
    return user


def note(by: User, number: int, at: datetime, kind: str = "test.done") -> None:
    events.track(kind, key=f"test:{number}", at=at, actor_id=by.id, payload={"number": number})


def table(client: FlaskClient, query: str = "") -> list[list[str]]:
    answer = client.get(f"/admin/audit.csv{query}", buffered=True)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[1:]


def test_staff_acts_are_read_out_in_sentences(client: FlaskClient, alan: User, at: datetime) -> None:
    maya = make_staff(Role.APPROVER, "Maya")
    staffing.change_role(maya, Role.EXECUTIVE, alan, at)
    inviting.invite("lena@example.org", Role.SERVICE_AGENT, alan, at)

    page = client.get("/admin/audit").text

    assert "Changed the role of Maya from Approver to Executive" in page
    assert "Invited l…a@example.org as: Service agent" in page


def test_the_log_is_filtered_by_person_kind_and_day(client: FlaskClient, alan: User, at: datetime) -> None:
    maya = make_staff(Role.APPROVER, "Maya")
    note(alan, 1, at - timedelta(days=2))
    note(maya, 2, at, kind="test.other")
    note(alan, 3, at)

    assert [row[4] for row in table(client, f"?person={maya.public_id}")] == ["test.other"]
    assert len(table(client, "?kind=test.done")) == 2
    assert len(table(client, f"?first={at:%Y-%m-%d}&kind=test.done")) == 1
    assert len(table(client, f"?last={at - timedelta(days=1):%Y-%m-%d}")) == 1
    assert "Nothing matches" in client.get("/admin/audit?kind=nothing").text


def test_days_are_those_of_the_readers_zone(client: FlaskClient, alan: User, at: datetime) -> None:
    alan.zone = "Asia/Shanghai"
    note(alan, 1, at.replace(hour=17))  # already the next day in Shanghai

    assert len(table(client, "?first=2026-03-02&last=2026-03-02")) == 1
    assert table(client, "?first=2026-03-01&last=2026-03-01") == []


@pytest.mark.parametrize(
    "query",
    [
        "?before=x",
        "?before=-1",
        f"?before={'9' * 40}",
        "?first=tomorrow",
        "?last=9999-12-31",
        "?person=nobody",
    ],
)
def test_a_filter_that_makes_no_sense_breaks_nothing(client: FlaskClient, alan: User, query: str) -> None:
    assert client.get(f"/admin/audit{query}").status_code == 200


def test_the_log_is_turned_page_by_page_without_gap_or_repeat(client: FlaskClient, alan: User, at: datetime) -> None:
    for number in range(120):
        note(alan, number, at)

    seen: list[int] = []
    chosen = audit.Filter(zone="UTC")
    while page := audit.acts(chosen, 50):
        seen += [act.id for act in page]
        chosen = audit.Filter(zone="UTC", before=page[-1].id)

    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    assert "before=" in client.get("/admin/audit").text


def test_facts_of_fans_are_not_in_the_log(client: FlaskClient, alan: User, at: datetime) -> None:
    member = make_fan()
    events.track("circle.checked_in", key="c", at=at, member_id=member.id)

    assert table(client) == []


def test_no_cell_is_a_formula(client: FlaskClient, alan: User, at: datetime) -> None:
    mallory = make_staff(Role.APPROVER, "=HYPERLINK(1)")
    note(mallory, 1, at)

    assert table(client)[0][1] == "'=HYPERLINK(1)"


def test_a_sentence_without_its_facts_still_reads(app: Flask, alan: User, at: datetime) -> None:
    events.track("staff.invited", key="old", at=at, actor_id=alan.id, payload={})

    with force_locale("en"):
        assert audit.acts(audit.Filter(zone="UTC"), 1)[0].words == "Invited — as: —"


def test_a_person_who_left_is_not_named_any_more(client: FlaskClient, alan: User, at: datetime) -> None:
    maya = make_staff(Role.APPROVER, "Maya")
    staffing.change_role(maya, Role.EXECUTIVE, alan, at)
    leaving.erase(maya, clock.advance(hours=1))

    page = client.get("/admin/audit").text

    assert "Maya" not in page
    assert "Deleted account" in page


def test_every_kind_has_its_sentence_in_both_languages(app: Flask) -> None:
    for language in ("en", "zh_Hans"):
        with force_locale(language):
            assert all(str(sentence) for sentence in audit.own_words().values())
