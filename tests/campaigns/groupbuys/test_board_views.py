"""The board of seats, teams and one's own seats on screen."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.groupbuys.joining import join, seat_of
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState, Seat
from campaigns.groupbuys.pricing import Step
from commons import clock, jobs
from commons.db import db
from tests.campaigns.factories import make_offer, signed_in_fan
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, pay
from tests.campaigns.groupbuys.test_views import HTMX, IN_ENGLISH, filled, the_offer
from tests.factories import make_fan


def reached(offer: GroupBuy) -> None:
    clock.set_to(offer.deadline_at)
    jobs.drain(offer.deadline_at)
    db.session.refresh(offer)


def test_the_lead_writes_prices_teams_payment_and_regions_without_script(lead: FlaskClient, far_end: FarEnd) -> None:
    lead.post(
        "/groupbuys/new",
        data=filled(
            **{"tiers-0-reached": "20", "tiers-0-price": "99", "tiers-1-reached": "40", "tiers-1-price": "88.50"},
            provider=NAME, hold_minutes="45", most_each="2", regions=["SH", "ZJ"], usual_price="",
        ),
    )  # fmt: skip
    offer = the_offer()
    assert offer.steps == [Step(10, 12800), Step(20, 9900), Step(40, 8850)]
    assert (offer.provider, offer.hold_minutes, offer.most_each, offer.regions) == (NAME, 45, 2, ["SH", "ZJ"])
    form = lead.get(f"/groupbuys/{offer.public_id}/edit").text
    assert 'value="88.5' in form
    lead.post(f"/groupbuys/{offer.public_id}/edit", data=filled(kind="teams", needed="3", team_seats="5"))
    assert (offer.kind, offer.team_seats, offer.tiers, offer.provider) == (GroupBuyKind.TEAMS, 5, [], None)


def test_further_prices_that_make_no_ladder_are_said_at_their_lines(lead: FlaskClient) -> None:
    for wrong in (
        {"tiers-0-reached": "20", "tiers-0-price": ""},
        {"tiers-0-reached": "20", "tiers-0-price": "200"},
        {"tiers-0-reached": "5", "tiers-0-price": "99"},
    ):
        assert lead.post("/groupbuys/new", data=filled(**wrong)).status_code == 422
    assert db.session.scalars(select(GroupBuy)).all() == []


def test_an_address_on_a_marketplace_must_be_one(lead: FlaskClient) -> None:
    wrong = lead.post("/groupbuys/new", data=filled(kind="market", market_address="javascript:alert(1)"))
    assert wrong.status_code == 422
    lead.post("/groupbuys/new", data=filled(kind="market", market_address="https://shop.example/g/1"))
    offer = the_offer()
    lead.post(f"/groupbuys/{offer.public_id}/open")
    assert offer.market_link is not None
    assert "Import orders" in lead.get(f"/groupbuys/{offer.public_id}").text


def test_the_board_shows_seats_by_state_and_takes_them_along(lead: FlaskClient, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME)
    paid, _held = join(offer, make_fan("小满"), at), join(offer, make_fan("谷雨"), at)
    pay(far_end, paid, at)
    everybody = lead.get(f"/groupbuys/{offer.public_id}/seats").text
    assert "小满" in everybody
    assert "谷雨" in everybody
    only_paid = lead.get(f"/groupbuys/{offer.public_id}/seats?state=paid").text
    assert "小满" in only_paid
    assert "谷雨" not in only_paid
    table = lead.get(f"/groupbuys/{offer.public_id}/seats.csv?state=paid", buffered=True).text.splitlines()
    assert len(table) == 2
    assert ",paid,1,128," in table[1].replace("128.00", "128")
    assert lead.get(f"/groupbuys/{offer.public_id}/seats?state=nonsense").status_code == 200


def test_the_board_fills_and_lowers_and_says_why_not(lead: FlaskClient, at: datetime) -> None:
    offer = make_offer(needed=3, seats=10)
    join(offer, make_fan(), at)
    address = f"/groupbuys/{offer.public_id}"
    lead.post(f"{address}/fill", data={"count": "9"})
    assert offer.filled == 0
    lead.post(f"{address}/fill", data={"count": "2"})
    db.session.refresh(offer)
    assert offer.filled == 2
    assert "2 seats taken by the brand" in lead.get(address, headers=IN_ENGLISH).text
    lead.post(f"{address}/lower", data={"seats": "5", "reason": ""})
    assert offer.seats == 10
    lead.post(f"{address}/lower", data={"seats": "5", "reason": "少进了一箱"})
    assert offer.seats == 10  # nobody said to be sure
    lead.post(f"{address}/lower", data={"seats": "5", "reason": "少进了一箱", "sure": "1"})
    db.session.refresh(offer)
    assert offer.seats == 5


def test_ticked_seats_are_delivered_and_then_all(lead: FlaskClient, at: datetime) -> None:
    offer = make_offer(needed=1)
    seats = [join(offer, make_fan(name), at) for name in ("小满", "谷雨", "小雪")]
    reached(offer)
    address = f"/groupbuys/{offer.public_id}/deliver"
    lead.post(address, data={"seat": [seats[1].public_id]})
    assert [bool(seat.delivered_at) for seat in refreshed(seats)] == [False, True, False]
    lead.post(address, data={"all": "1"})
    assert all(seat.delivered_at for seat in refreshed(seats))


def refreshed(seats: list[Seat]) -> list[Seat]:
    for seat in seats:
        db.session.refresh(seat)
    return seats


def test_a_new_version_begins_in_its_form(lead: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    answer = lead.post(f"/groupbuys/{offer.public_id}/version")
    draft = db.session.scalars(select(GroupBuy).where(GroupBuy.state == GroupBuyState.DRAFT)).one()
    assert answer.location == f"/groupbuys/{draft.public_id}/edit"


def test_a_fan_starts_a_team_and_another_joins_it(client: FlaskClient, at: datetime) -> None:
    offer, leader = make_offer(needed=2, team_seats=2, seats=10), make_fan("谷雨")
    team = join(offer, leader, at).team
    assert team is not None
    fan = signed_in_fan(client)
    assert "Join this team" in client.get(team.url).text
    region = client.post(f"{team.url}/join", headers=HTMX)
    assert region.text.lstrip().startswith('<section id="team-progress"')
    assert "You are in" in region.text
    seat = seat_of(offer, fan)
    assert seat is not None
    assert seat.team is team
    assert team.url in client.get(offer.url).text


def test_a_team_that_is_full_says_so_in_its_region(client: FlaskClient, at: datetime) -> None:
    offer = make_offer(needed=1, team_seats=1, seats=10)
    team = join(offer, make_fan("谷雨"), at).team
    assert team is not None
    signed_in_fan(client)
    answer = client.post(f"{team.url}/join", headers=HTMX | IN_ENGLISH)
    assert answer.status_code == 409
    assert "All seats of this team are taken." in answer.text


def test_names_in_a_team_stand_there_for_those_who_show_theirs_and_for_the_team(
    client: FlaskClient, at: datetime
) -> None:
    offer, leader, shy = make_offer(needed=2, team_seats=4, seats=10), make_fan("谷雨"), make_fan("寒露")
    leader.card_public = True
    team = join(offer, leader, at).team
    assert team is not None
    join(offer, shy, at, team=team)
    page = client.get(team.url, headers=IN_ENGLISH).text
    assert "寒露" not in page
    assert "A fan who shows no name" in page
    fan = signed_in_fan(client)
    join(offer, fan, at, team=team)
    assert "寒露" in client.get(team.url).text


def test_ones_own_seats_say_where_they_stand_and_what_comes_next(
    client: FlaskClient, far_end: FarEnd, at: datetime
) -> None:
    fan = signed_in_fan(client)
    assert "You have not joined any group buy yet" in client.get("/groupbuys/mine").text
    paid, promised = make_offer(provider=NAME, title="春尖"), make_offer(title="茶罐")
    seat = join(paid, fan, at)
    join(promised, fan, at)
    pay(far_end, seat, at)
    page = client.get("/groupbuys/mine").text
    assert "春尖" in page
    assert "At the deadline it is decided whether the group comes about." in page
    assert "If the group comes about, you buy at this price." in page


def test_falling_prices_show_what_comes_next(client: FlaskClient, at: datetime) -> None:
    offer = make_offer(needed=1, tiers=[Step(3, 9900)])
    join(offer, make_fan("谷雨"), at)
    page = client.get(offer.url, headers=IN_ENGLISH).text
    assert "2 more people, and everybody pays CN¥99.00." in page
    assert "from 3 people" in page


def test_who_is_elsewhere_is_told_plainly(client: FlaskClient, at: datetime) -> None:
    offer = make_offer(regions=["SH"])
    signed_in_fan(client)
    answer = client.post(f"/groupbuys/{offer.public_id}/join", headers=HTMX)
    assert answer.status_code == 403
    assert "This offer is for fans in Shanghai." in answer.text
    assert offer.taken == 0


def test_a_payment_comes_next_where_money_is_asked(client: FlaskClient, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME)
    fan = signed_in_fan(client)
    answer = client.post(f"/groupbuys/{offer.public_id}/join")
    seat = seat_of(offer, fan)
    assert seat is not None
    assert seat.payment is not None
    assert answer.location == f"/payments/{seat.payment.public_id}"
    assert "Held for you" in client.get(offer.url).text


def test_nothing_of_the_board_is_for_fans(app: Flask, client: FlaskClient, at: datetime) -> None:
    offer = make_offer()
    signed_in_fan(client)
    assert client.get(f"/groupbuys/{offer.public_id}/seats").status_code == 404
