"""Codes on site: each fan once at each place, and none that was only passed round."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.participation.barring import Late
from campaigns.participation.models import MissionFact
from campaigns.participation.scanning import codes, scanning
from campaigns.participation.scanning.models import Scan, ScanPlace, Sort
from campaigns.participation.scanning.scanning import CodeUsed, PlaceClosed, WantedPlace, WrongCode
from campaigns.planning.missions import writing as closing
from campaigns.planning.models import Mission, MissionKind
from commons import clock, zones
from commons.db import db
from commons.errors import Invalid
from community.members.models import Member
from tests.at_once import at_once
from tests.campaigns.factories import SHANGHAI, a_lead, make_campaign, mission, signed_in_fan
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled
from tests.factories import NOON, make_fan


@pytest.fixture
def one(app: Flask, at: datetime) -> Mission:
    return a_mission(MissionKind.SCAN, 2)


def place_of(one: Mission, at: datetime, sort: Sort = Sort.FIXED, **changes: datetime) -> ScanPlace:
    return scanning.add_place(one, WantedPlace("店门口", sort, **changes), by=a_lead(), at=at)


def test_each_fan_counts_once_at_each_place(one: Mission, at: datetime) -> None:
    fan, door, hill = make_fan(), place_of(one, at), place_of(one, at)

    for _time in range(3):
        scanning.scan(door, fan, codes.shown(door, at), at)
    assert counted(one, fan) == 1

    scanning.scan(hill, fan, codes.shown(hill, at), at)
    assert is_fulfilled(one, fan)


def test_a_place_counts_for_its_own_mission(app: Flask, at: datetime) -> None:
    fan, (one, other) = make_fan(), make_campaign(mission(MissionKind.SCAN), mission(MissionKind.SCAN)).missions
    door = place_of(one, at)

    scanning.scan(door, fan, codes.shown(door, at), at)

    assert (counted(one, fan), counted(other, fan)) == (1, 0)


def test_a_mission_that_is_closed_in_between_takes_nobody_more_and_keeps_who_was_there(
    client: FlaskClient, app: Flask, at: datetime
) -> None:
    early, (one,) = make_fan(), make_campaign(mission(MissionKind.SCAN)).missions
    door = place_of(one, at)
    code = codes.shown(door, at)
    scanning.scan(door, early, code, at)
    late = signed_in_fan(client)

    closing.close(one, by=one.campaign.lead, at=at)

    answer = client.post(f"/participation/at/{door.public_id}/{code}")
    assert answer.status_code == 410
    assert "This mission is over" in answer.text
    assert (is_fulfilled(one, early), is_fulfilled(one, late)) == (True, False)


def test_a_code_of_another_place_is_none(one: Mission, at: datetime) -> None:
    door, hill = place_of(one, at), place_of(one, at)

    with pytest.raises(WrongCode):
        scanning.scan(door, make_fan(), codes.shown(hill, at), at)


def test_a_changing_code_is_soon_worth_nothing(one: Mission, at: datetime) -> None:
    door = place_of(one, at, Sort.ROTATING)
    photographed = codes.shown(door, at)

    scanning.scan(door, make_fan(), photographed, at + timedelta(seconds=codes.LASTS))

    with pytest.raises(WrongCode):
        scanning.scan(door, make_fan(), photographed, at + timedelta(seconds=codes.LASTS * (codes.STILL_GOOD + 1)))


def test_a_single_code_is_good_for_the_first(one: Mission, at: datetime) -> None:
    door = place_of(one, at, Sort.ONE_TIME)
    (code,) = scanning.make_codes(door, 1, at)
    first, second = make_fan(), make_fan()

    scanning.scan(door, first, code.code, at)
    scanning.scan(door, first, code.code, at)

    with pytest.raises(CodeUsed):
        scanning.scan(door, second, code.code, at)
    with pytest.raises(WrongCode):
        scanning.scan(door, second, "aaaaaaaaaaaa", at)
    with pytest.raises(WrongCode):
        scanning.scan(door, second, codes.shown(door, at), at)
    assert (counted(one, first), counted(one, second)) == (1, 0)


def test_of_two_who_scan_one_single_code_at_once_one_has_been_there(committed_app: Flask) -> None:
    clock.set_to(NOON)
    door = place_of(a_mission(MissionKind.SCAN), NOON, Sort.ONE_TIME)
    (code,) = scanning.make_codes(door, 1, NOON)
    place_id, words, ids = door.id, code.code, [make_fan(f"粉丝{number}").id for number in range(4)]
    db.session.commit()

    def act(member_id: int) -> None:
        there, fan = db.session.get_one(ScanPlace, place_id), db.session.get_one(Member, member_id)
        scanning.scan(there, fan, words, NOON)

    wrong = at_once(committed_app, *(lambda one=one: act(one) for one in ids))

    assert [type(error) for error in wrong] == [CodeUsed] * 3
    assert db.session.query(Scan).count() == 1
    assert db.session.query(MissionFact).count() == 1


def test_one_who_taps_twice_at_once_has_been_there_once(committed_app: Flask) -> None:
    clock.set_to(NOON)
    door = place_of(a_mission(MissionKind.SCAN), NOON)
    place_id, words, member_id = door.id, codes.shown(door, NOON), make_fan().id
    db.session.commit()

    def act() -> None:
        there, fan = db.session.get_one(ScanPlace, place_id), db.session.get_one(Member, member_id)
        scanning.scan(there, fan, words, NOON)

    assert at_once(committed_app, act, act, act) == []
    assert (db.session.query(Scan).count(), db.session.query(MissionFact).count()) == (1, 1)


def test_a_place_is_open_in_its_own_time_within_the_mission(one: Mission, at: datetime) -> None:
    opens = zones.to_local(at, SHANGHAI).replace(second=0, microsecond=0) + timedelta(hours=1)
    door = place_of(one, at, opens=opens, closes=opens + timedelta(hours=1))
    code, begins = codes.shown(door, at), zones.to_utc(opens, SHANGHAI)

    for moment in (begins - timedelta(seconds=1), begins + timedelta(hours=1)):
        with pytest.raises(PlaceClosed):
            scanning.scan(door, make_fan(), code, moment)
    scanning.scan(door, make_fan(), code, begins)
    with pytest.raises(Late):
        scanning.scan(door, make_fan(), code, one.over_at)


def test_a_place_that_was_closed_takes_nobody(one: Mission, at: datetime) -> None:
    door = place_of(one, at)
    scanning.end_place(door, at)

    with pytest.raises(PlaceClosed):
        scanning.scan(door, make_fan(), codes.shown(door, at), at)


@pytest.mark.parametrize("number", [0, -1, 501])
def test_codes_are_printed_in_sheets(one: Mission, at: datetime, number: int) -> None:
    with pytest.raises(Invalid):
        scanning.make_codes(place_of(one, at, Sort.ONE_TIME), number, at)
    with pytest.raises(Invalid):
        scanning.make_codes(place_of(one, at, Sort.FIXED), 1, at)


def test_nothing_counts_until_the_fan_says_to_be_there(client: FlaskClient, one: Mission, at: datetime) -> None:
    door, fan = place_of(one, at), signed_in_fan(client)
    address = f"/participation/at/{door.public_id}/{codes.shown(door, at)}"

    assert "I am here" in client.get(address).text
    assert counted(one, fan) == 0
    assert client.post(address).location == f"/participation/missions/{one.public_id}"
    assert counted(one, fan) == 1
    assert "You have been here" in client.get(address).text


def test_a_bad_code_is_refused_by_name(client: FlaskClient, one: Mission, at: datetime) -> None:
    door = place_of(one, at)
    signed_in_fan(client)

    answer = client.post(f"/participation/at/{door.public_id}/guessed")

    assert answer.status_code == 422
    assert "This code is not good" in answer.text


def test_guessing_is_slowed_down(client: FlaskClient, one: Mission, at: datetime) -> None:
    door = place_of(one, at)
    signed_in_fan(client)

    answers = [client.post(f"/participation/at/{door.public_id}/guess{number}").status_code for number in range(31)]

    assert answers[-1] == 429


def test_a_stranger_signs_in_first_and_comes_back(client: FlaskClient, one: Mission, at: datetime) -> None:
    door = place_of(one, at)

    answer = client.get(f"/participation/at/{door.public_id}/code")

    assert answer.status_code in {302, 303}
    assert "sign-in" in (answer.location or "")


def test_the_team_makes_places_and_prints_their_codes(lead: FlaskClient, one: Mission, at: datetime) -> None:
    address = f"/participation/missions/{one.public_id}/places"
    assert "No place yet" in lead.get(address).text
    assert lead.post(address, data={"name": " ", "sort": "fixed"}).status_code == 422
    for sort in Sort:
        assert lead.post(address, data={"name": f"在{sort.value}", "sort": sort.value}).status_code == 303
    page = lead.get(address).text
    places = [place for place, *_counts in scanning.places_of(one)]
    assert all(place.name in page for place in places)

    single = next(place for place in places if place.sort is Sort.ONE_TIME)
    answer = lead.post(f"/participation/places/{single.public_id}/codes", data={"number": "3"})
    assert lead.get(answer.location).text.count("code.svg") == 3
    fixed = next(place for place in places if place.sort is Sort.FIXED)
    assert lead.get(f"/participation/places/{fixed.public_id}/code.svg").data.startswith(b"<?xml")
    assert lead.get(f"/participation/places/{fixed.public_id}/code.png?download=1").data.startswith(b"\x89PNG")
    rotating = next(place for place in places if place.sort is Sort.ROTATING)
    assert 'hx-trigger="every 10s"' in lead.get(f"/participation/places/{rotating.public_id}/screen").text
    lead.post(f"/participation/places/{fixed.public_id}/end")
    assert fixed.ended_at == at


def test_codes_are_no_fans_business(client: FlaskClient, one: Mission, at: datetime) -> None:
    door = place_of(one, at)
    signed_in_fan(client)

    for address in ("code.svg", "sheet", "screen"):
        assert client.get(f"/participation/places/{door.public_id}/{address}").status_code == 404
