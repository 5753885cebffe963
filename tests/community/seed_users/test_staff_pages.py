"""Seed users on screen for the team."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.permissions import Role
from community.seed_users import naming, retention
from community.seed_users.models import InvitationCode, SeedUser, Unit
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def lead(client: FlaskClient, at: datetime) -> FlaskClient:
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def test_a_lead_names_a_fan_from_the_profile(lead: FlaskClient) -> None:
    fan = an_old_hand("小满")
    assert f"/seed-users/name/{fan.public_id}" in lead.get(f"/members/{fan.public_id}").text

    answer = lead.post(f"/seed-users/name/{fan.public_id}", data={"fields": "茶，摄影", "note": "懂岩茶"})

    seed = naming.running(fan)
    assert seed is not None
    assert answer.location == f"/seed-users/{seed.public_id}"
    assert seed.words == ["茶", "摄影"]
    assert "懂岩茶" in lead.get(answer.location).text
    assert "Codes, and who came" in lead.get(f"/members/{fan.public_id}").text


def test_a_form_without_a_field_says_so(lead: FlaskClient) -> None:
    answer = lead.post(f"/seed-users/name/{an_old_hand().public_id}", data={"fields": " ，, ", "note": ""})

    assert answer.status_code == 422
    assert "Name at least one field" in answer.text


def test_naming_twice_is_a_clear_answer(lead: FlaskClient) -> None:
    seed = make_seed()

    answer = lead.post(f"/seed-users/name/{seed.member.public_id}", data={"fields": "茶"})

    assert answer.status_code == 409
    assert "is a seed user already" in answer.text


def test_a_lead_gives_codes_with_a_last_day_and_withdraws_one(lead: FlaskClient, at: datetime) -> None:
    seed = make_seed()
    given = {"number": "2", "most": "3", "last_day": (at + timedelta(days=10)).date().isoformat()}

    assert lead.post(f"/seed-users/{seed.public_id}/codes", data=given).location == f"/seed-users/{seed.public_id}"

    codes = db.session.scalars(select(InvitationCode)).all()
    assert [(code.most, code.used) for code in codes] == [(3, 0), (3, 0)]
    assert codes[0].expires_at is not None
    assert codes[0].shown in lead.get(f"/seed-users/{seed.public_id}").text
    lead.post(f"/seed-users/codes/{codes[0].public_id}/revoke")
    assert codes[0].revoked_at == at


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"number": "0", "most": "1"}, "From 1 to 50."),
        ({"number": "1", "most": "99999"}, "From 1 to 1,000."),
        ({"number": "1", "most": "1", "last_day": "2020-01-01"}, "The last day is over already."),
    ],
)
def test_codes_that_cannot_be_given_are_refused_at_the_form(
    lead: FlaskClient, given: dict[str, str], words: str
) -> None:
    answer = lead.post(f"/seed-users/{make_seed().public_id}/codes", data=given)

    assert answer.status_code == 422
    assert words in answer.text


def test_the_end_needs_a_reason(lead: FlaskClient) -> None:
    seed = make_seed()

    assert lead.post(f"/seed-users/{seed.public_id}/end", data={"reason": " "}).status_code == 422
    assert seed.is_running
    lead.post(f"/seed-users/{seed.public_id}/end", data={"reason": "休息一阵"})
    assert not seed.is_running
    assert seed.member.name in lead.get("/seed-users?former=1").text
    assert seed.member.name not in lead.get("/seed-users").text


def test_the_list_is_filtered_by_field_and_sorted_by_what_they_brought(lead: FlaskClient) -> None:
    tea, photo = make_seed(an_old_hand("爱茶的"), "茶"), make_seed(an_old_hand("拍照的"), "摄影")
    come(make_code(photo))

    page = lead.get("/seed-users?sort=brought").text
    assert page.index("拍照的") < page.index("爱茶的")
    filtered = lead.get("/seed-users?field=茶").text
    assert tea.member.name in filtered
    assert photo.member.name not in filtered
    assert "Nobody matches" in lead.get("/seed-users?field=跑步").text


def test_the_list_as_a_file_cannot_be_taken_for_formulas(lead: FlaskClient) -> None:
    make_seed(an_old_hand("=1+1"))

    table = lead.get("/seed-users/seed-users.csv", buffered=True)

    assert "'=1+1" in table.text
    assert table.headers["Cache-Control"] == "no-store"


def test_one_seed_user_shows_who_came_and_what_came_of_it(lead: FlaskClient) -> None:
    seed = make_seed()
    guest = come(make_code(seed), "来客").member

    page = lead.get(f"/seed-users/{seed.public_id}").text

    assert f"/members/{guest.public_id}" in page
    assert "No network has told any number." in page
    assert "<svg" in page
    assert "来客" in lead.get(f"/seed-users/{seed.public_id}/arrivals.csv", buffered=True).text


def test_the_tree_stands_as_a_picture_a_list_and_a_file(lead: FlaskClient) -> None:
    assert "No tree yet" in lead.get("/seed-users/tree").text
    seed = make_seed(an_old_hand("根"))
    come(make_code(seed), "叶")

    page = lead.get("/seed-users/tree").text

    assert 'class="spread-tree is-small"' in page
    assert page.count("叶") >= 2
    assert "叶" in lead.get("/seed-users/tree.csv", buffered=True).text


def test_who_stays_says_what_counts_and_has_every_number(lead: FlaskClient, at: datetime) -> None:
    assert "Nothing counted yet" in lead.get("/seed-users/retention").text
    for number in range(4):
        make_fan(f"新{number}", at)
    retention.count(Unit.MONTH, at, "Asia/Shanghai")
    assert "cohort-0" not in lead.get("/seed-users/retention").text
    make_fan("新", at)
    retention.count(Unit.MONTH, at, "Asia/Shanghai")

    page = lead.get("/seed-users/retention").text

    assert "Check-in" in page
    assert "cohort-0" in page
    assert "March 2026" in page
    rows = lead.get("/seed-users/retention.csv", buffered=True).text.splitlines()
    assert rows[1].startswith(f"{date(2026, 3, 1)},Everybody,5,0")
    assert lead.get("/seed-users/retention?by=week&who=invited").status_code == 200
    assert lead.get("/seed-users/retention?by=nonsense&who=nobody").status_code == 200


def test_counting_again_is_done_in_the_background(lead: FlaskClient) -> None:
    assert lead.post("/seed-users/retention").location == "/seed-users/retention"


def test_who_only_reads_sees_no_buttons_and_may_change_nothing(client: FlaskClient, at: datetime) -> None:
    seed = make_seed()
    code = make_code(seed)
    sign_in(client, make_staff(Role.EXECUTIVE, language="en"))

    page = client.get(f"/seed-users/{seed.public_id}").text

    assert "Give codes" not in page
    for address in (f"/seed-users/{seed.public_id}/codes", f"/seed-users/{seed.public_id}/end",
                    f"/seed-users/codes/{code.public_id}/revoke", "/seed-users/retention"):  # fmt: skip
        assert client.post(address, data={"reason": "x", "number": "1", "most": "1"}).status_code == 404
    assert db.session.scalars(select(SeedUser)).one().is_running


def test_fans_find_nothing_there(client: FlaskClient, at: datetime) -> None:
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)

    for address in ("/seed-users", "/seed-users/tree", "/seed-users/retention", "/seed-users/seed-users.csv"):
        assert client.get(address).status_code == 404
