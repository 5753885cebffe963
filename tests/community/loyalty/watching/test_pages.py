"""The page with what is held: the evidence, and the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.permissions import Role
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.loyalty.watching import finding
from community.loyalty.watching.models import Suspicion
from community.members.models import Member
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_fan, make_staff, sign_in

HOUR = timedelta(hours=1)


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English, a day after noon."""
    clock.set_to(NOON + 24 * HOUR)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def ring() -> tuple[Suspicion, Member]:
    first, second = make_fan("甲子"), make_fan("<b>乙丑")
    for number, (owner, by) in enumerate([(first, second), (second, first)] * 7):
        happen("link.visited", owner, NOON + number * HOUR, by_member_id=by.id, slug="tea")
    return finding.look(clock.now()).found[0], first


def test_nothing_is_held_at_first(lead: FlaskClient) -> None:
    assert "Nothing waits for you" in lead.get("/loyalty/held").text
    assert "Nothing here yet" in lead.get("/loyalty/held?outcome=refused").text


def test_the_list_and_the_page_show_the_evidence(lead: FlaskClient) -> None:
    suspicion, _fan = ring()

    listed, page = lead.get("/loyalty/held").text, lead.get(f"/loyalty/held/{suspicion.public_id}").text

    assert "A few people feed each other" in listed
    assert "甲子" in listed
    assert "14 of the 14 times that something reached them (100%) it came from one of themselves." in page
    assert "甲子 → &lt;b&gt;乙丑: 7" in page
    assert "<b>乙丑" not in page
    assert "Letting it pass pays 0 growth points and 70 points" in page
    assert "waiting for you" in lead.get("/loyalty").text


def test_a_decision_needs_a_choice_and_a_reason(lead: FlaskClient) -> None:
    suspicion, fan = ring()
    path = f"/loyalty/held/{suspicion.public_id}"

    silent = lead.post(path, data={"decision": "passed", "reason": " "})
    undecided = lead.post(path, data={"reason": "Friends."})
    other = lead.post(path, data={"decision": "open", "reason": "Friends."})

    assert [answer.status_code for answer in (silent, undecided, other)] == [422] * 3
    assert balance(fan, Currency.POINTS) == 0
    assert suspicion.is_open


def test_a_person_lets_it_pass(lead: FlaskClient) -> None:
    suspicion, fan = ring()
    path = f"/loyalty/held/{suspicion.public_id}"

    answer = lead.post(path, data={"decision": "passed", "reason": "They run a shop together."})
    again = lead.post(path, data={"decision": "refused", "reason": "No."})

    assert (answer.status_code, again.status_code) == (303, 409)
    assert balance(fan, Currency.POINTS) == 35
    page = lead.get(path).text
    assert "They run a shop together." in page
    assert "Your decision" not in page
    assert "甲子" in lead.get("/loyalty/held?outcome=passed").text


def test_a_look_by_hand_finds_it(lead: FlaskClient) -> None:
    first, second = make_fan("甲"), make_fan("乙")
    for number, (owner, by) in enumerate([(first, second), (second, first)] * 7):
        happen("link.visited", owner, NOON + number * HOUR, by_member_id=by.id)

    assert lead.post("/loyalty/held/look").status_code == 303
    assert "Looked. New: 1." in lead.get("/loyalty/held").text


def test_who_may_only_read_decides_nothing(app: Flask, client: FlaskClient) -> None:
    clock.set_to(NOON + 24 * HOUR)
    suspicion, fan = ring()
    path = f"/loyalty/held/{suspicion.public_id}"
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))

    assert client.get(path).status_code == 200
    assert "Your decision" not in client.get(path).text
    assert client.post(path, data={"decision": "passed", "reason": "x"}).status_code == 404
    assert client.post("/loyalty/held/look").status_code == 404
    assert fan.user is not None
    sign_in(client, fan.user)
    assert client.get(path).status_code == 404
