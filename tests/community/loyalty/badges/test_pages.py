"""Pages of badges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.loyalty.badges import leaving
from community.loyalty.badges.declaring import MOTIFS, TONES
from community.loyalty.badges.models import Badge
from community.loyalty.badges.words import MOTIFS as MOTIF_WORDS
from community.loyalty.badges.words import TONES as TONE_WORDS
from community.members.models import Member
from tests.community.loyalty.factories import comment, happen
from tests.community.members.merging.factories import make_clerk, merge
from tests.factories import NOON, make_fan, make_staff, sign_in

FIELDS = {
    "name_zh": "三言两语", "name_en": "A few words", "words_zh": "说了三回", "words_en": "Spoke three times",
    "motif": "bubble", "tone": "plum", "kind": "interaction.comment", "times": "3", "days": "2",
    "evidence": "self_declared",
}  # fmt: skip


@pytest.fixture
def lead(client: FlaskClient) -> FlaskClient:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


@pytest.fixture
def fan(client: FlaskClient) -> Member:
    clock.set_to(NOON)
    fan = make_fan(language="en")
    assert fan.user is not None
    sign_in(client, fan.user)
    return fan


def the_badge() -> Badge:
    return db.session.scalars(select(Badge).where(Badge.code.startswith("badge-"))).one()


def test_every_picture_and_colour_has_a_name() -> None:
    assert tuple(MOTIF_WORDS) == MOTIFS
    assert tuple(TONE_WORDS) == TONES


def test_a_badge_is_made_in_a_form_and_shows_what_it_takes(lead: FlaskClient) -> None:
    assert lead.get("/loyalty/badges/new").status_code == 200
    assert lead.post("/loyalty/badges/new", data=FIELDS).status_code == 303

    page = lead.get(f"/loyalty/badges/{the_badge().public_id}").text

    assert "Comment: 3 times · on 2 different days" in page
    assert "A few words" in lead.get("/loyalty/badges").text


def test_a_badge_that_makes_no_sense_is_refused_in_place(lead: FlaskClient) -> None:
    for wrong in ({"times": "1"}, {"kind": "interaction.like"}, {"name_en": ""}, {"motif": "heart"}, {"days": "x"}):
        assert lead.post("/loyalty/badges/new", data=FIELDS | wrong).status_code == 422
    assert db.session.scalars(select(Badge).where(Badge.code.startswith("badge-"))).all() == []


def test_a_badge_asks_for_a_detail_that_its_facts_carry(lead: FlaskClient) -> None:
    happen("circle.checked_in", make_fan(), NOON, day="2026-03-01")
    happen("mission.fulfilled", make_fan("阿树"), NOON, campaign="一人茶席")
    wanted = FIELDS | {
        "kind": "mission.fulfilled",
        "only_field": "mission.fulfilled:campaign",
        "only_value": "一人茶席",
    }

    assert lead.post("/loyalty/badges/new", data=wanted | {"only_value": " "}).status_code == 422
    assert lead.post("/loyalty/badges/new", data=wanted | {"kind": "circle.checked_in"}).status_code == 422
    assert lead.post("/loyalty/badges/new", data=wanted).status_code == 303

    assert the_badge().only == {"campaign": "一人茶席"}
    assert "一人茶席" in lead.get(f"/loyalty/badges/{the_badge().public_id}").text


def test_a_badge_for_a_given_rating_is_refused_with_the_reason(lead: FlaskClient) -> None:
    happen("review.published", make_fan(), NOON, stars=5)
    wanted = FIELDS | {"kind": "review.published", "only_field": "review.published:stars", "only_value": "5"}

    answer = lead.post("/loyalty/badges/new", data=wanted)

    assert answer.status_code == 422
    assert "A rule must not pay for a given rating" in answer.text


def test_a_badge_is_retired_and_granted_again(lead: FlaskClient) -> None:
    lead.post("/loyalty/badges/new", data=FIELDS)
    address = f"/loyalty/badges/{the_badge().public_id}"

    lead.post(f"{address}/retire")
    assert "Grant it again" in lead.get(address).text
    lead.post(f"{address}/revive")

    assert the_badge().retired_at is None


def test_who_may_only_read_makes_none(client: FlaskClient) -> None:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))

    assert client.get("/loyalty/badges").status_code == 200
    assert client.get("/loyalty/badges/new").status_code == 404
    assert client.post("/loyalty/badges/new", data=FIELDS).status_code == 404


def test_a_fan_sees_every_badge_with_why_or_what_is_missing(client: FlaskClient, fan: Member) -> None:
    empty = client.get("/circle/me/badges").text
    assert "No badge yet" in empty

    for hours in (0, 1, 24):
        comment(fan, NOON + timedelta(hours=hours))
    page = client.get("/circle/me/badges").text

    assert fan.user is not None
    assert "First words" in page
    assert "Fulfilled by: Wrote a comment" in page
    assert "27 more times" in page
    assert "First words" in client.get("/circle/me").text
    assert [badge["since"][:10] for badge in leaving.export(fan.user)["badges"]] == ["2026-03-02"]


def test_staff_have_no_cabinet_and_fans_no_workshop(client: FlaskClient, fan: Member) -> None:
    assert client.get("/loyalty/badges").status_code == 404
    sign_in(client, make_staff())
    assert client.get("/circle/me/badges").status_code == 404


def test_everybody_who_has_a_badge_stands_there_page_by_page_and_in_a_table(lead: FlaskClient) -> None:
    lead.post("/loyalty/badges/new", data=FIELDS | {"times": "1", "days": "1"})
    fans = [make_fan(f"客{number}") for number in range(31)]
    for number, fan in enumerate(fans):
        comment(fan, NOON + timedelta(minutes=number))
    merge(fans[1], fans[0], make_clerk())
    address = f"/loyalty/badges/{the_badge().public_id}"

    first, rows = lead.get(address).text, lead.get(f"{address}/holders.csv", buffered=True).text.splitlines()

    assert first.index("客30") < first.index("客29")
    assert "?page=2" not in first
    assert (len(rows), rows[1].split(",")[0]) == (31, "客30")
    assert "客0" not in {row.split(",")[0] for row in rows}
