"""Group buys on screen: for strangers, fans and campaign leads."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from campaigns.groupbuys.joining import join, seat_of
from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.planning.models import Campaign
from commons import clock
from commons.db import db
from commons.money import Money
from commons.permissions import Role
from tests.campaigns.factories import PHONE, SHANGHAI, a_link, make_campaign, make_draft, make_offer, signed_in_fan
from tests.factories import make_fan, make_staff, sign_in

HTMX = {"HX-Request": "true"}
IN_ENGLISH = {"Accept-Language": "en"}


def filled(**changes: Any) -> dict[str, Any]:
    usual = {
        "title": "明前龙井 50 克",
        "description": "今年的第一批。",
        "price": "128.00",
        "usual_price": "168",
        "needed": "10",
        "seats": "50",
        "deadline": "2026-03-08T20:00",
        "zone": SHANGHAI,
        "campaign": "",
        "kind": "open",
    }
    return {**usual, **changes}


def a_picture() -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "PNG")
    picture.seek(0)
    return picture


def the_offer() -> GroupBuy:
    return db.session.scalars(select(GroupBuy)).one()


def test_a_fan_joins_and_gives_back_in_the_region(client: FlaskClient, at: datetime) -> None:
    offer, fan = make_offer(), signed_in_fan(client)
    region = client.post(f"/groupbuys/{offer.public_id}/join", headers=HTMX)
    assert region.status_code == 200
    assert region.text.lstrip().startswith('<section id="group-buy-progress"')
    assert "You are in" in region.text
    assert offer.taken == 1
    region = client.post(f"/groupbuys/{offer.public_id}/leave", headers=HTMX)
    assert "Join the group buy" in region.text
    seat = seat_of(offer, fan)
    assert seat is not None
    assert (offer.taken, seat.left_at) == (0, at)


def test_without_script_the_form_leads_back_to_the_page(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    signed_in_fan(client)
    for act in ("join", "join", "leave", "leave"):
        answer = client.post(f"/groupbuys/{offer.public_id}/{act}")
        assert (answer.status_code, answer.location) == (303, f"/groupbuys/{offer.public_id}")
    assert offer.taken == 0


def test_that_it_is_sold_out_is_said_in_the_region(client: FlaskClient, at: datetime) -> None:
    offer = make_offer(needed=1, seats=1)
    join(offer, make_fan("谷雨"), at)
    signed_in_fan(client)
    region = client.post(f"/groupbuys/{offer.public_id}/join", headers=HTMX)
    assert region.status_code == 409
    assert region.text.lstrip().startswith('<section id="group-buy-progress"')
    assert "All seats are taken." in region.text
    page = client.post(f"/groupbuys/{offer.public_id}/join")
    assert (page.status_code, "All seats are taken." in page.text) == (409, True)
    assert "<!doctype html>" in page.text


def test_that_it_is_over_is_said_in_the_region(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    signed_in_fan(client)
    clock.set_to(offer.deadline_at)
    region = client.post(f"/groupbuys/{offer.public_id}/join", headers=HTMX)
    assert region.status_code == 410
    assert "This group buy is over." in region.text
    assert "Join the group buy" not in region.text


def test_the_region_asks_on_until_the_group_buy_is_settled(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    address = f"/groupbuys/{offer.public_id}/progress"
    clock.set_to(offer.deadline_at + timedelta(seconds=1))
    waiting = client.get(address, headers=HTMX | IN_ENGLISH).text
    assert "hx-trigger" in waiting
    assert "The deadline has passed" in waiting
    offer.state = GroupBuyState.VOID
    settled = client.get(address, headers=HTMX | IN_ENGLISH).text
    assert "hx-trigger" not in settled
    assert "Not enough people joined" in settled


def test_who_came_by_a_link_carries_it_to_the_seat(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    link = a_link(f"/groupbuys/{offer.public_id}")
    fan = signed_in_fan(client)
    client.get(f"/l/{link.slug}", headers={"User-Agent": PHONE})
    client.post(f"/groupbuys/{offer.public_id}/join")
    seat = seat_of(offer, fan)
    assert seat is not None
    assert seat.link == link


def test_strangers_see_it_and_are_asked_to_sign_in(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    page = client.get(f"/groupbuys/{offer.public_id}", headers=IN_ENGLISH)
    assert "Sign in to join" in page.text
    assert offer.title in client.get("/groupbuys").text
    assert client.post(f"/groupbuys/{offer.public_id}/join").status_code == 303
    assert offer.taken == 0


def test_staff_cannot_join(app: Flask, lead: FlaskClient) -> None:
    offer = make_offer()
    assert lead.post(f"/groupbuys/{offer.public_id}/join").status_code == 404
    assert "Join the group buy" not in lead.get(f"/groupbuys/{offer.public_id}").text
    assert offer.taken == 0


def test_a_draft_is_not_there_for_fans(client: FlaskClient, at: datetime) -> None:
    draft = make_draft()
    assert client.get(f"/groupbuys/{draft.public_id}").status_code == 404
    signed_in_fan(client)
    assert client.get(f"/groupbuys/{draft.public_id}").status_code == 404
    assert client.post(f"/groupbuys/{draft.public_id}/join").status_code == 404


def test_the_lead_writes_opens_and_calls_off(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    answer = lead.post("/groupbuys/new", data=filled(campaign=campaign.public_id))
    offer = the_offer()
    assert answer.location == f"/groupbuys/{offer.public_id}"
    assert (offer.price, offer.usual_price, offer.needed, offer.seats) == (Money(12800), Money(16800), 10, 50)
    assert (offer.state, offer.campaign) == (GroupBuyState.DRAFT, campaign)
    lead.post(f"/groupbuys/{offer.public_id}/open")
    assert the_offer().state is GroupBuyState.OPEN
    lead.post(f"/groupbuys/{offer.public_id}/call-off")
    assert the_offer().state is GroupBuyState.CANCELLED


def test_a_picture_needs_words_and_keeps_them(lead: FlaskClient) -> None:
    without = lead.post("/groupbuys/new", data=filled(picture=(a_picture(), "tea.png")))
    assert without.status_code == 422
    assert "Please say what the picture shows" in without.text
    lead.post("/groupbuys/new", data=filled(picture=(a_picture(), "tea.png"), picture_alt="一罐茶"))
    offer = the_offer()
    assert offer.picture is not None
    again = lead.post(f"/groupbuys/{offer.public_id}/edit", data=filled(picture_alt=""))
    assert again.status_code == 422
    lead.post(f"/groupbuys/{offer.public_id}/edit", data=filled(picture_alt="一罐龙井"))
    assert (offer.picture_alt, offer.picture is not None) == ("一罐龙井", True)


def test_what_is_no_picture_is_refused_at_its_field(lead: FlaskClient) -> None:
    fake = io.BytesIO(b"<script>alert(1)</script>")
    answer = lead.post("/groupbuys/new", data=filled(picture=(fake, "tea.png"), picture_alt="茶"))
    assert answer.status_code >= 400
    assert db.session.scalars(select(GroupBuy)).all() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "Please fill this in"),
        ({"price": "-1"}, "must not be negative"),
        ({"price": "0"}, "more than nothing"),
        ({"price": "１２８元"}, "Enter an amount"),
        ({"price": "1e999999"}, "Enter an amount"),
        ({"price": "NaN"}, "Enter an amount"),
        ({"price": "1.234"}, "Enter an amount"),
        ({"price": "99999999999"}, "too large"),
        ({"price": ""}, "Please fill this in"),
        ({"usual_price": "128"}, "must be higher"),
        ({"usual_price": "abc"}, "Enter an amount"),
        ({"needed": "51"}, "More people are needed"),
        ({"needed": "0"}, "between 1"),
        ({"seats": "9" * 400}, "Not a valid integer"),
        ({"deadline": "2026-02-28T20:00"}, "in the past"),
        ({"deadline": "0001-01-01T00:00"}, "Choose a year"),
        ({"deadline": "9999-12-31T23:59"}, "Choose a year"),
        ({"zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"campaign": "nosuchthing"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(lead: FlaskClient, changes: dict[str, str], words: str) -> None:
    answer = lead.post("/groupbuys/new", data=filled(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(GroupBuy)).all() == []


@pytest.mark.parametrize("usual_price", ["", "   "])
def test_the_usual_price_may_be_left_out(lead: FlaskClient, usual_price: str) -> None:
    lead.post("/groupbuys/new", data=filled(usual_price=usual_price))
    assert the_offer().usual_price is None


def test_a_deadline_in_the_gap_of_summer_time_is_taken(lead: FlaskClient) -> None:
    lead.post("/groupbuys/new", data=filled(deadline="2026-03-29T02:30", zone="Europe/Berlin"))
    assert the_offer().deadline_at.isoformat() == "2026-03-29T01:30:00+00:00"


def test_an_open_offer_has_no_form_any_more(lead: FlaskClient) -> None:
    offer = make_offer()
    assert lead.get(f"/groupbuys/{offer.public_id}/edit").location == f"/groupbuys/{offer.public_id}"
    assert lead.post(f"/groupbuys/{offer.public_id}/edit", data=filled(price="1")).status_code == 409
    assert offer.price == Money(12800)


def test_a_draft_that_is_too_late_says_so_on_its_page(lead: FlaskClient) -> None:
    draft = make_draft()
    clock.set_to(draft.deadline_at)
    answer = lead.post(f"/groupbuys/{draft.public_id}/open")
    assert answer.status_code == 303
    assert "The deadline has passed; choose a later one." in lead.get(answer.location).text
    assert draft.state is GroupBuyState.DRAFT


def test_a_draft_can_be_discarded(lead: FlaskClient) -> None:
    draft, offer = make_draft(), make_offer()
    assert lead.post(f"/groupbuys/{draft.public_id}/discard").location == "/groupbuys"
    assert lead.post(f"/groupbuys/{offer.public_id}/discard").status_code == 409
    assert the_offer() is offer


def test_seats_are_listed_with_who_and_by_which_link(lead: FlaskClient, at: datetime) -> None:
    offer, link = make_offer(), a_link(slug="春茶团购")
    join(offer, make_fan("=1+1"), at, link)
    page = lead.get(f"/groupbuys/{offer.public_id}/seats").text
    assert "/l/春茶团购" in page
    table = lead.get(f"/groupbuys/{offer.public_id}/seats.csv", buffered=True).text.splitlines()
    assert table[0].endswith("payment,delivered_at,tracking,came_by")
    assert "'=1+1" in table[1]
    assert table[1].endswith(",春茶团购")


@pytest.mark.parametrize(
    "address",
    ["new", "{}/edit", "{}/open", "{}/call-off", "{}/discard", "{}/version", "{}/fill", "{}/lower", "{}/deliver"],
)
def test_who_only_reads_runs_no_group_buys(app: Flask, client: FlaskClient, at: datetime, address: str) -> None:
    offer = make_offer()
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.post(f"/groupbuys/{address.format(offer.public_id)}", data=filled()).status_code == 404
    assert client.get(f"/groupbuys/{offer.public_id}").status_code == 200
    assert offer.state is GroupBuyState.OPEN


def test_fans_see_no_seats_of_others(client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    join(offer, make_fan("谷雨"), at)
    signed_in_fan(client)
    assert "Came by" not in client.get(f"/groupbuys/{offer.public_id}").text
    assert client.get(f"/groupbuys/{offer.public_id}/seats.csv").status_code == 404


def test_markup_in_an_offer_stays_text(client: FlaskClient, at: datetime) -> None:
    offer = make_offer(title="<img src=x onerror=alert(1)>", description="<script>alert(1)</script>\n\n<b>x")
    page = client.get(f"/groupbuys/{offer.public_id}").text
    assert "<img src=x" not in page
    assert "<script>alert(1)" not in page


def test_a_campaign_that_ended_stays_chosen_in_the_form_of_its_draft(lead: FlaskClient, at: datetime) -> None:
    campaign = make_campaign()
    draft = make_draft(campaign=campaign)
    db.session.get_one(Campaign, campaign.id).ends_at = at - timedelta(hours=1)
    answer = lead.post(f"/groupbuys/{draft.public_id}/edit", data=filled(campaign=campaign.public_id))
    assert answer.status_code == 303
    assert draft.campaign == campaign
