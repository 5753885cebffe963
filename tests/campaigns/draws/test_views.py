"""Draws on screen: for strangers, for fans with and without luck, for those who run them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.draws import awarding, excluding, sending
from campaigns.draws.models import Draw, DrawState, Eligibility, Jurisdiction, Reason, Source
from campaigns.draws.ranking import canonical
from commons import clock
from commons.db import db
from commons.money import Money
from commons.permissions import Role
from community.members.models import Member
from tests.campaigns.draws.factories import (
    ADDRESS,
    CLOSE,
    REVEAL,
    ROUNDS,
    a_drawn,
    accepted,
    awards,
    draw_it,
    entrants,
    entry_of,
    freeze,
    make_draft,
    make_draw,
    take_part,
)
from tests.campaigns.factories import a_lead, make_campaign, signed_in_fan
from tests.factories import make_staff, sign_in

IN_ENGLISH = {"Accept-Language": "en"}
HTMX = {"HX-Request": "true"}


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


def winner(client: FlaskClient, draw: Draw, rank: int = 1) -> Member:
    """Sign the winner in."""
    member = awards(draw)[rank - 1].entry.member
    assert member.user is not None
    member.user.language = "en"
    sign_in(client, member.user)
    return member


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


def test_a_draft_is_not_there_for_fans_and_can_be_discarded(client: FlaskClient, at: datetime) -> None:
    draft = make_draft()
    signed_in_fan(client)
    assert client.get(f"/draws/{draft.public_id}").status_code == 404
    assert client.get(f"/draws/{draft.public_id}/rules.json").status_code == 404
    lead = client.application.test_client()
    sign_in(lead, a_lead())
    lead.post(f"/draws/{draft.public_id}/discard")
    assert db.session.scalars(select(Draw)).all() == []


def test_a_stranger_reads_the_rules_and_takes_them_along(client: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    page = client.get(f"/draws/{draw.public_id}", headers=IN_ENGLISH).text
    assert "Sign in to take part" in page
    assert "round 1000" in page
    assert str(draw.rules_hash) in page
    file = client.get(f"/draws/{draw.public_id}/rules.json")
    assert file.data == draw.rules.encode()
    assert draw.title in client.get("/draws").text


def test_a_weaker_draw_says_so(client: FlaskClient, at: datetime) -> None:
    draw = make_draw(source=Source.COMMITTED)
    assert "Weaker: a locked number of ours" in client.get(f"/draws/{draw.public_id}", headers=IN_ENGLISH).text


def test_a_fan_sees_the_way_from_taking_part_to_the_proof(client: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    fan = signed_in_fan(client)
    address = f"/draws/{draw.public_id}"
    assert "You take part as soon as" in client.get(address).text
    assert client.get(f"{address}/proof.json").status_code == 404
    take_part(draw, fan)
    assert "You take part" in client.get(address).text
    freeze(draw)
    page = client.get(address).text
    assert "You are on the list." in page
    assert entry_of(draw, fan).entry in page
    assert str(draw.root) in page
    proof = client.get(f"{address}/proof.json")
    assert json.loads(proof.data)["root"] == draw.root
    assert proof.data == canonical(json.loads(proof.data))


def test_who_was_kept_off_reads_why(client: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    fan = signed_in_fan(client)
    take_part(draw, fan)
    excluding.exclude(draw, fan, Reason.EMPLOYEE, by=a_lead(), at=at)
    freeze(draw)
    page = client.get(f"/draws/{draw.public_id}").text
    assert "You are not on the list" in page
    assert "Works for the organiser" in page
    assert client.get(f"/draws/{draw.public_id}/proof.json").status_code == 404


def test_a_winner_accepts_gives_an_address_and_reads_the_number(client: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    winner(client, draw)
    award = awards(draw)[0]
    assert "Accept the prize" in client.get(f"/draws/{draw.public_id}").text
    region = client.post(f"/draws/awards/{award.public_id}/accept", headers=HTMX)
    assert region.text.lstrip().startswith('<section id="draw-mine"')
    assert "Where should it go?" in region.text
    missing = client.post(f"/draws/awards/{award.public_id}/address", data={"name": "小满"})
    assert (missing.status_code, "Please fill this in." in missing.text) == (422, True)
    saved = client.post(f"/draws/awards/{award.public_id}/address", data=ADDRESS)
    assert (saved.status_code, award.address) == (303, ADDRESS)
    sending.send(award, tracking="SF0000234567", by=a_lead(), at=REVEAL)
    assert "SF0000234567" in client.get(f"/draws/{draw.public_id}").text


def test_without_script_declining_leads_back_and_the_next_is_asked(client: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    winner(client, draw)
    award = awards(draw)[0]
    for _twice in range(2):
        answer = client.post(f"/draws/awards/{award.public_id}/decline")
        assert (answer.status_code, answer.location) == (303, f"/draws/{draw.public_id}")
    assert len(awards(draw)) == 4


def test_accepting_too_late_is_said_in_the_region(client: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    winner(client, draw)
    clock.set_to(REVEAL + timedelta(days=7))
    answer = client.post(f"/draws/awards/{awards(draw)[0].public_id}/accept", headers=HTMX)
    assert answer.status_code == 410
    assert "The time to accept this prize is over" in answer.text


def test_the_prize_of_another_is_not_there(client: FlaskClient, at: datetime) -> None:
    draw = a_drawn()
    signed_in_fan(client)
    for act in ("accept", "decline", "address"):
        assert client.post(f"/draws/awards/{awards(draw)[0].public_id}/{act}", data=ADDRESS).status_code == 404
    assert awards(draw)[0].claimed_at is None


def test_everybody_sees_the_result_and_takes_the_file(client: FlaskClient, at: datetime) -> None:
    still_open, draw = make_draw(), a_drawn()
    page = client.get(f"/draws/{draw.public_id}", headers=IN_ENGLISH).text
    assert awards(draw)[0].entry.entry in page
    assert ROUNDS[1000] in page
    file = json.loads(client.get(f"/draws/{draw.public_id}/draw.json", buffered=True).data)
    assert [award["entry"] for award in file["awards"]] == [award.entry.entry for award in awards(draw)]
    assert draw.title in client.get("/draws?past=1").text
    assert client.get(f"/draws/{still_open.public_id}/draw.json").status_code == 404


def test_a_missed_draw_says_that_it_did_not_take_place(client: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    clock.set_to(REVEAL)
    from campaigns.draws import jobs

    jobs.draw(draw.id)
    assert "This draw did not take place" in client.get(f"/draws/{draw.public_id}", headers=IN_ENGLISH).text


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


def test_the_campaign_shows_its_draws(client: FlaskClient, lead: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    draft = make_draft(draw.campaign, title="还没发布")
    fan = client.application.test_client()
    page = fan.get(f"/participation/{draw.campaign.public_id}").text
    assert (draw.title in page, draft.title in page) == (True, False)
    board = lead.get(f"/participation/{draw.campaign.public_id}/board").text
    assert (draw.title in board, draft.title in board) == (True, True)


def test_the_status_page_shows_what_waits_for_the_fan(client: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    fan = signed_in_fan(client)
    take_part(draw, fan)
    assert draw.title in client.get("/circle/me").text
    draw_it(draw)
    assert "冷泡壶" in client.get("/circle/me").text
    awarding.decline(awards(draw)[0], REVEAL)
    assert "冷泡壶" not in client.get("/circle/me").text


def test_the_start_page_counts_prizes_to_be_sent(lead: FlaskClient, at: datetime) -> None:
    award = accepted(a_drawn(), REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    assert "1 winner has given an address and waits." in lead.get("/staff").text
    clock.set_to(REVEAL + timedelta(days=31))
    sign_in(lead, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    assert "1 overdue" in lead.get("/staff").text


def test_the_way_to_check_is_open_to_everybody(client: FlaskClient, at: datetime) -> None:
    page = client.get("/draws/check", headers=IN_ENGLISH).text
    assert "Nothing is sent anywhere." in page
    script = client.get("/draws/check_draw.py")
    assert script.text.startswith('"""Recompute a draw')
    assert "attachment" in script.headers["Content-Disposition"]


def test_ones_data_holds_entries_and_prizes(app: Flask, at: datetime) -> None:
    from commons.accounts import leaving

    draw = a_drawn()
    award = accepted(draw, REVEAL)
    sending.give_address(award, ADDRESS, REVEAL)
    user = award.entry.member.user
    assert user is not None
    data = leaving.export(user, REVEAL)
    assert data["draws"] == [{"title": draw.title, "entry": award.entry.entry, "excluded": None}]
    assert data["prizes"][0]["address"] == ADDRESS
