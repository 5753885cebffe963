"""The page with what is held: the evidence, and the decision."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.loyalty.accounts import balance
from community.loyalty.models import Currency, EntryKind, LedgerEntry
from community.loyalty.watching import finding
from community.loyalty.watching.models import Suspicion
from community.members.models import Member
from tests.community.circle.factories import make_comment
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_circle_post, make_fan, make_staff, sign_in

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


def test_the_words_that_were_said_over_and_over_can_be_read(lead: FlaskClient) -> None:
    fan, post, chance = make_fan("甲"), make_circle_post(), Random(4)
    for number in range(10):
        make_comment(
            post, fan, "<i>好茶</i>" + "!" * number, NOON + number * HOUR + timedelta(seconds=chance.randrange(900))
        )
    suspicion = finding.look(clock.now()).found[0]

    page = lead.get(f"/loyalty/held/{suspicion.public_id}").text

    assert "The same words over and over" in lead.get("/loyalty/held").text
    assert "The same words were said 10 times." in page
    assert page.count("&lt;i&gt;好茶&lt;/i&gt;") == 10
    assert "<i>好茶" not in page


def test_a_fan_comes_from_the_history_to_what_is_held_and_reads_what_and_why(app: Flask, client: FlaskClient) -> None:
    clock.set_to(NOON + 24 * HOUR)
    suspicion, fan = ring()
    happen("link.visited", fan, NOON + 23 * HOUR, by_member_id=fan.id, slug="tea")
    assert fan.user is not None
    fan.user.language = "en"
    sign_in(client, fan.user)

    status, listed = client.get("/circle/me").text, client.get("/me/held").text
    page = client.get(f"/me/held/{suspicion.public_id}").text

    assert 'href="/me/held"' in status
    assert f"/me/held/{suspicion.public_id}" in listed
    assert re.findall(r"<dt>(Number of facts|Points held|Growth held)</dt>\s*<dd>(\d+)</dd>", page) == [
        ("Number of facts", "8"), ("Points held", "40"), ("Growth held", "5"),
    ]  # fmt: skip


def test_an_entry_that_was_taken_back_leads_to_why_it_is_held(lead: FlaskClient) -> None:
    suspicion, _fan = ring()
    taken = select(LedgerEntry).where(LedgerEntry.kind == EntryKind.REVERSE).limit(1)
    entry = db.session.scalars(taken).one()

    page = lead.get(f"/loyalty/entries/{entry.public_id}").text

    assert f'<a href="/loyalty/held/{suspicion.public_id}">Held for a person: A few people feed each other</a>' in page


def test_everything_that_was_ever_held_goes_out_as_a_file(lead: FlaskClient) -> None:
    suspicion, _fan = ring()
    lead.post(f"/loyalty/held/{suspicion.public_id}", data={"decision": "refused", "reason": "=One person."})

    answer = lead.get("/loyalty/held/register.csv", buffered=True)

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["Those concerned"], row["Points"], row["Decision"], row["Reason"]) for row in rows] == [
        ("甲子, <b>乙丑", "70", "Refused after a look", "'=One person."),
    ]  # fmt: skip


def test_who_may_only_read_decides_nothing(app: Flask, client: FlaskClient) -> None:
    clock.set_to(NOON + 24 * HOUR)
    suspicion, fan = ring()
    path = f"/loyalty/held/{suspicion.public_id}"
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))

    assert client.get(path).status_code == 200
    assert "Your decision" not in client.get(path).text
    assert client.post(path, data={"decision": "passed", "reason": "x"}).status_code == 404
    assert client.post("/loyalty/held/look").status_code == 404
    assert client.get("/loyalty/held/register.csv", buffered=True).status_code == 200
    assert fan.user is not None
    sign_in(client, fan.user)
    assert client.get(path).status_code == 404
    assert client.get("/loyalty/held/register.csv").status_code == 404
