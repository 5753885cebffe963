"""Chains as the team sees them, and a fan's own numbers."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from campaigns.chains import following, reading
from campaigns.chains.models import CIRCLE
from commons import clock, events
from commons.accounts import leaving
from commons.permissions import Role
from community.members.models import Member
from community.seed_users.models import Unit
from tests.campaigns.chains.factories import came_by_link, visited
from tests.campaigns.factories import make_campaign
from tests.community.members.merging.factories import make_clerk, merge, split
from tests.factories import NOON, make_fan, make_staff, sign_in

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def lead(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD))
    return client


def a_line(*names: str) -> list[Member]:
    """Each brought the next."""
    people = [make_fan(name) for name in names]
    for bringer, new in pairwise(people):
        came_by_link(new, bringer)
    return people


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def test_the_page_tells_size_steps_and_distance(lead: FlaskClient) -> None:
    people = a_line("甲", "乙", "丙")
    page = lead.get("/chains", headers=ENGLISH).text

    assert "1.33" in page  # (1 + 1 + 2) / 3
    assert f"/chains/of/{people[0].public_id}" in page
    assert f"/chains/of/{people[2].public_id}" not in page  # connects nobody


def test_nobody_yet_says_what_to_do(lead: FlaskClient) -> None:
    page = lead.get("/chains", headers=ENGLISH)

    assert page.status_code == 200
    assert "Nobody has brought anybody yet" in page.text


def test_below_a_member_stand_the_steps_and_what_came_of_them(lead: FlaskClient) -> None:
    first, second, third = a_line("甲", "乙", "丙")
    events.track("group_buy.joined", key="joined", at=NOON, member_id=third.id, payload={"title": "茶饼", "link": None})

    found = reading.below(first, CIRCLE)
    page = lead.get(f"/chains/of/{first.public_id}", headers=ENGLISH).text

    assert [(level.depth, level.people, dict(level.outcomes)) for level in found.levels] == [
        (1, 1, {}),
        (2, 1, {"group_buy.joined": 1}),
    ]
    assert f"/members/{second.public_id}" in page
    assert f"/members/{third.public_id}" in page
    assert '<svg class="spread-tree is-small"' in page


def test_a_campaign_has_chains_of_its_own(lead: FlaskClient) -> None:
    campaign, first, second = make_campaign(), make_fan("甲"), make_fan("乙")
    visited(first, second, campaign)
    events.track("interaction.comment", key="said", at=clock.now(), member_id=second.id, campaign_id=campaign.id)

    page = lead.get(f"/chains?campaign={campaign.public_id}", headers=ENGLISH).text

    assert f"/chains/of/{first.public_id}?campaign={campaign.public_id}" in page
    assert lead.get("/chains?campaign=nothing").status_code == 404


def test_cohorts_count_what_was_brought_within_the_window(lead: FlaskClient, at: datetime) -> None:
    old = make_fan("甲", at=at - timedelta(days=100))
    for name, days in (("乙", 99), ("丙", 71), ("丁", 40)):
        new = make_fan(name, at=at - timedelta(days=days))
        events.track(
            "member.came_by_link", key=name, at=new.joined_at, member_id=new.id, payload={"by_member_id": old.id}
        )

    found = reading.by_cohort(None, Unit.MONTH, at, "UTC")
    mine = next(row for row in found if row.brought)

    assert (mine.brought, mine.whole) == (2, True)
    assert sum(row.brought for row in found) == 2
    table = rows(lead.get("/chains/cohorts.csv", headers=ENGLISH, buffered=True).text)
    assert sum(int(row[2]) for row in table[1:]) == 2
    assert lead.get("/chains/cohorts.xlsx").data.startswith(b"PK")
    page = lead.get(f"/chains/steps?first={mine.first.isoformat()}", headers=ENGLISH).text
    assert ("乙" in page, "丙" in page, "丁" in page) == (True, True, False)


def test_numbers_open_their_rows(lead: FlaskClient) -> None:
    people = a_line("甲", "乙", "丙")
    for address in ("/chains/steps", "/chains/steps?way=link", "/chains/steps?way=nothing&first=never"):
        page = lead.get(address, headers=ENGLISH).text
        assert page.count(f"/members/{people[1].public_id}") == 2
    assert 'href="/chains/steps?way=link"' in lead.get("/chains").text
    assert "Nobody was brought in this way" in lead.get("/chains/steps?way=invitation", headers=ENGLISH).text
    assert "Nobody was brought in this way" in lead.get("/chains/steps?first=1999-01-01", headers=ENGLISH).text
    assert lead.get("/chains/steps.xlsx").data.startswith(b"PK")


def test_rows_go_on_where_the_page_stopped(lead: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    people = a_line("甲", "乙", "丙", "丁")
    first = lead.get("/chains/steps").text
    second = lead.get("/chains/steps?after=" + first.split("after=")[1].split('"')[0]).text
    assert [f"/members/{people[3].public_id}" in page for page in (first, second)] == [False, True]


def test_the_table_names_every_step(lead: FlaskClient) -> None:
    people = a_line("甲", "=1+1", "丙")
    answer = lead.get("/chains/steps.csv", headers=ENGLISH, buffered=True)
    table = rows(answer.text)

    assert answer.headers["Cache-Control"] == "no-store"
    assert [row[1] for row in table[1:]] == [people[1].public_id, people[2].public_id]
    assert not table[1][0].startswith("=")


def test_how_far_a_reward_reaches_is_set_by_who_runs_loyalty(client: FlaskClient) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    assert following.reward_depth() == 1
    client.post("/chains/reward-depth", data={"depth": "2"})
    client.post("/chains/reward-depth", data={"depth": "9"})

    assert following.reward_depth() == 2


def test_others_may_neither_see_nor_set(client: FlaskClient) -> None:
    fan = make_fan()
    assert fan.user is not None
    sign_in(client, fan.user)

    assert client.get("/chains").status_code == 404
    assert client.get(f"/chains/of/{fan.public_id}").status_code == 404
    assert client.post("/chains/reward-depth", data={"depth": "2"}).status_code == 404


def test_a_fan_sees_numbers_and_nobodys_name(client: FlaskClient) -> None:
    first, second, third = a_line("甲", "乙乙乙", "丙丙丙")
    assert first.user is not None
    sign_in(client, first.user)
    page = client.get("/chains/mine", headers=ENGLISH).text

    assert "Brought by me" in page
    assert second.name not in page
    assert third.name not in page


def test_the_export_says_that_but_not_by_whom(client: FlaskClient) -> None:
    first, second = a_line("甲", "乙")
    assert second.user is not None
    said = leaving.export(second.user, NOON)["chains"]

    assert [row["way"] for row in said["brought"]] == ["link"]
    assert first.name not in str(said)


def test_two_selves_brought_together_what_each_brought_and_part_again(client: FlaskClient) -> None:
    clerk, kept, other = make_clerk(), make_fan("甲"), make_fan("甲在微博")
    came_by_link(make_fan("乙"), kept)
    came_by_link(make_fan("丙"), other)
    came_by_link(other, make_fan("丁"))

    merged = merge(kept, other, clerk)
    assert reading.directly(kept) == 2

    split(merged, clerk)
    assert (reading.directly(kept), reading.directly(other)) == (1, 1)


def test_one_self_that_brought_the_other_brings_nobody_to_himself(client: FlaskClient) -> None:
    clerk, kept, other = make_clerk(), make_fan("甲"), make_fan("甲在微博")
    came_by_link(other, kept)

    merge(kept, other, clerk)

    assert reading.measured(CIRCLE).brought == 1
