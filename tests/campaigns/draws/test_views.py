"""Draws on screen: for strangers, for fans with and without luck, for those who run them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.draws import awarding, excluding, sending
from campaigns.draws.models import Draw, Reason, Source
from campaigns.draws.ranking import canonical
from commons import clock
from commons.db import db
from community.members.models import Member
from tests.campaigns.draws.factories import (
    ADDRESS,
    REVEAL,
    ROUNDS,
    a_drawn,
    accepted,
    awards,
    draw_it,
    entry_of,
    freeze,
    make_draft,
    make_draw,
    take_part,
)
from tests.campaigns.factories import a_lead, signed_in_fan
from tests.factories import sign_in

IN_ENGLISH = {"Accept-Language": "en"}
HTMX = {"HX-Request": "true"}


def winner(client: FlaskClient, draw: Draw, rank: int = 1) -> Member:
    """Sign the winner in."""
    member = awards(draw)[rank - 1].entry.member
    assert member.user is not None
    member.user.language = "en"
    sign_in(client, member.user)
    return member


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


def test_the_campaign_shows_its_draws(client: FlaskClient, lead: FlaskClient, at: datetime) -> None:
    draw = make_draw()
    draft = make_draft(draw.campaign, title="还没发布")
    fan = client.application.test_client()
    page = fan.get(f"/participation/{draw.campaign.public_id}").text
    assert (draw.title in page, draft.title in page) == (True, False)
    board = lead.get(f"/control/{draw.campaign.public_id}").text
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
