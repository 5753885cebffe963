"""Draws on screen for the team: rules, who is on the list, a round by hand, prizes to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.draws import sending
from campaigns.draws.models import Draw, DrawState, Eligibility, Jurisdiction, Source
from commons import clock
from commons.db import db
from commons.money import Money
from commons.permissions import Role
from tests.campaigns.draws.factories import (
    ADDRESS,
    CLOSE,
    REVEAL,
    ROUNDS,
    a_drawn,
    accepted,
    entrants,
    entry_of,
    freeze,
    make_draw,
)
from tests.campaigns.factories import make_campaign, make_plan
from tests.factories import make_staff, sign_in

IN_ENGLISH = {"Accept-Language": "en"}


def filled(**changes: Any) -> dict[str, Any]:
    usual = {
        "title": "春茶抽奖",
        "how": "在活动里说一句话。",
        "organiser": "云脚茶社",
        "eligibility": Eligibility.TAKING_PART.value,
        "jurisdiction": Jurisdiction.CHINA.value,
        "source": Source.BEACON.value,
        "closes": "2023-08-23T15:00",
        "draws": "2023-08-23T16:00",
        "zone": "UTC",
        "claim_days": "7",
        "prizes-0-name": "冷泡壶",
        "prizes-0-quantity": "2",
        "prizes-0-value": "159",
        "prizes-0-by_post": "y",
        "prizes-1-name": "",
    }
    return {**usual, **changes}


def the_draw() -> Draw:
    return db.session.scalars(select(Draw)).one()


def test_the_lead_writes_changes_and_launches(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    assert lead.get(f"/draws/new/{campaign.public_id}").status_code == 200
    answer = lead.post(f"/draws/new/{campaign.public_id}", data=filled())
    draw = the_draw()
    assert answer.location == f"/draws/{draw.public_id}"
    assert [(prize.name, prize.quantity, prize.value) for prize in draw.prizes] == [("冷泡壶", 2, Money(15900))]
    assert lead.get(f"/draws/{draw.public_id}/edit").status_code == 200
    lead.post(f"/draws/{draw.public_id}/edit", data=filled(title="秋茶抽奖"))
    lead.post(f"/draws/{draw.public_id}/launch")
    assert (draw.title, draw.state) == ("秋茶抽奖", DrawState.OPEN)
    assert lead.get(f"/draws/{draw.public_id}/edit").location == f"/draws/{draw.public_id}"
    refused = lead.post(f"/draws/{draw.public_id}/edit", data=filled(title="冬茶抽奖"))
    assert (refused.status_code, draw.title) == (409, "秋茶抽奖")


def test_the_draw_of_a_draft_campaign_says_what_comes_first(lead: FlaskClient, at: datetime) -> None:
    campaign = make_plan()
    lead.post(f"/draws/new/{campaign.public_id}", data=filled())
    address = f"/draws/{the_draw().public_id}"

    page = lead.get(address).text
    refused = lead.get(lead.post(f"{address}/launch").location).text

    assert f"{address}/launch" not in page
    assert f"/planning/{campaign.public_id}" in page
    assert "Launch the campaign first, then the draw." in refused
    assert the_draw().state is DrawState.DRAFT


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prizes-0-value": "50000.01"}, "no prize may be worth more than"),
        ({"prizes-0-name": ""}, "A draw needs at least one prize."),
        ({"prizes-0-value": ""}, "Say what each prize is worth."),
        ({"draws": "2023-08-23T15:05"}, "ten minutes at least"),
        ({"closes": "2023-08-23T10:00"}, "The list would close in the past"),
        ({"source": "a coin"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_the_rules_is_said_in_the_form(
    lead: FlaskClient, at: datetime, changes: dict[str, str], words: str
) -> None:
    answer = lead.post(f"/draws/new/{make_campaign().public_id}", data=filled(**changes), headers=IN_ENGLISH)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(Draw)).all() == []


def test_the_lead_keeps_somebody_off_the_list_and_puts_him_back(lead: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    (fan,) = entrants(draw, 1)
    chosen = {"member": fan.public_id, "reason": "employee"}
    lead.post(f"/draws/{draw.public_id}/exclude", data=chosen)
    assert "Put back" in lead.get(f"/draws/{draw.public_id}/entrants").text
    lead.post(f"/draws/{draw.public_id}/readmit", data=chosen)
    assert "Keep off…" in lead.get(f"/draws/{draw.public_id}/entrants").text
    clock.set_to(CLOSE)
    lead.post(f"/draws/{draw.public_id}/exclude", data=chosen)
    page = lead.get(f"/draws/{draw.public_id}/entrants").text
    assert "The list has closed; exclusions no longer change." in page
    assert "Keep off…" not in page


def test_the_entrants_come_in_pages_and_as_a_table(
    lead: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaigns.draws import entrant_views

    monkeypatch.setattr(entrant_views, "PAGE", 2)
    draw = make_draw()
    fans = entrants(draw, 3)
    freeze(draw)
    page = lead.get(f"/draws/{draw.public_id}/entrants").text
    assert (fans[1].name in page, fans[2].name in page) == (True, False)
    table = lead.get(f"/draws/{draw.public_id}/entrants.csv", buffered=True).text
    assert all(entry_of(draw, fan).entry in table for fan in fans)


def test_a_round_is_brought_by_hand_and_proven(lead: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    entrants(draw, 3)
    freeze(draw)
    clock.set_to(REVEAL)
    assert "Waiting for the beacon" in lead.get(f"/draws/{draw.public_id}").text
    address = f"/draws/{draw.public_id}/signature"
    assert lead.post(address, data={"signature": "short"}).status_code == 422
    lead.post(address, data={"signature": ROUNDS[1001]})
    db.session.refresh(draw)
    assert draw.state is DrawState.FROZEN
    lead.post(address, data={"signature": f" {ROUNDS[1000].upper()} "})
    db.session.refresh(draw)
    assert draw.state is DrawState.DRAWN


def test_prizes_are_sent_with_a_number_by_those_who_may(lead: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    award = accepted(draw, REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    page = lead.get(f"/draws/{draw.public_id}/prizes")
    assert ADDRESS["place"] in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert ADDRESS["phone"] in lead.get(f"/draws/{draw.public_id}/parcels.csv", buffered=True).text
    lead.post(f"/draws/awards/{award.public_id}/send", data={"tracking": "SF1"})
    assert award.tracking == "SF1"
    assert ADDRESS["phone"] not in lead.get(f"/draws/{draw.public_id}/parcels.csv", buffered=True).text


def test_addresses_are_not_there_for_others_of_the_team(client: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))
    assert client.get(f"/draws/{draw.public_id}").status_code == 200
    assert client.get(f"/draws/{draw.public_id}/entrants").status_code == 200
    assert client.get(f"/draws/{draw.public_id}/prizes").status_code == 404
    assert client.get(f"/draws/{draw.public_id}/parcels.csv").status_code == 404
    assert client.get(f"/draws/new/{draw.campaign.public_id}").status_code == 404


def test_the_start_page_counts_prizes_to_be_sent(lead: FlaskClient, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    assert "1 winner has given an address and waits." in lead.get("/staff").text
    clock.set_to(REVEAL + timedelta(days=31))
    sign_in(lead, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    assert "1 overdue" in lead.get("/staff").text
