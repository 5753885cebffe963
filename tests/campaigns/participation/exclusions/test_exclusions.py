"""Keeping somebody out: with a reason, told, appealed against, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.draws import freezing
from campaigns.draws.models import DrawEntry, Reason
from campaigns.participation import reading
from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Code
from campaigns.planning.models import MissionKind
from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.errors import Conflict, Gone, Invalid, NotAllowed
from community.circle.checking_in import check_in
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from tests.campaigns.draws.factories import CLOSE, LAUNCH, entrants, make_draw
from tests.campaigns.factories import a_lead, make_campaign, signed_in_fan
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled, takes_part
from tests.factories import make_fan

WHY = "用了两个账号。"


def test_who_is_kept_out_counts_no_more_and_gives_back_what_missions_earned(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.CHECK_IN)
    check_in(fan, at)
    earned = balance(fan, Currency.POINTS)
    assert is_fulfilled(one, fan)

    excluding.exclude(one.campaign, fan, Code.RULES_BROKEN, WHY, by=a_lead(), at=at)

    assert not is_fulfilled(one, fan)
    assert reading.top(one.campaign) == []
    assert balance(fan, Currency.POINTS) <= earned
    check_in(fan, at + timedelta(days=1))
    assert counted(one, fan) == 1


def test_nobody_who_is_kept_out_begins_to_take_part(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.CHECK_IN)
    excluding.exclude(one.campaign, fan, Code.EMPLOYEE, WHY, by=a_lead(), at=at)

    check_in(fan, at)

    assert not takes_part(one.campaign, fan)


def test_lifted_everything_counts_again(app: Flask, at: datetime) -> None:
    fan, one, lead = make_fan(), a_mission(MissionKind.CHECK_IN), a_lead()
    check_in(fan, at)
    before = balance(fan, Currency.POINTS)
    exclusion = excluding.exclude(one.campaign, fan, Code.RULES_BROKEN, WHY, by=lead, at=at)

    excluding.lift(exclusion, by=lead, at=at + timedelta(hours=1))
    excluding.lift(exclusion, by=lead, at=at + timedelta(hours=2))

    assert is_fulfilled(one, fan)
    assert [leader.member_id for leader in reading.top(one.campaign)] == [fan.id]
    assert balance(fan, Currency.POINTS) == before
    assert exclusion.lifted_at == at + timedelta(hours=1)


def test_twice_is_once_with_the_first_reason(app: Flask, at: datetime) -> None:
    fan, campaign, lead = make_fan(), make_campaign(), a_lead()
    first = excluding.exclude(campaign, fan, Code.EMPLOYEE, WHY, by=lead, at=at)

    assert excluding.exclude(campaign, fan, Code.FORGED, "别的", by=lead, at=at) is first
    assert first.sentence == WHY
    with pytest.raises(Invalid):
        excluding.exclude(campaign, make_fan(), Code.FORGED, "  ", by=lead, at=at)


def test_the_person_is_told_and_appeals_once(client: FlaskClient, at: datetime) -> None:
    fan, campaign = signed_in_fan(client), make_campaign()
    exclusion = excluding.exclude(campaign, fan, Code.FORGED, WHY, by=a_lead(), at=at)
    assert WHY in client.get("/me/notices").text
    assert WHY in client.get(f"/participation/missions/{campaign.missions[0].public_id}").text
    assert WHY in client.get(exclusion.url).text

    assert client.post(f"{exclusion.url}/appeal", data={"text": " "}).status_code == 422
    client.post(f"{exclusion.url}/appeal", data={"text": "那是我妹妹。"})
    client.post(f"{exclusion.url}/appeal", data={"text": "又一次"})

    assert exclusion.appeal == "那是我妹妹。"
    assert "waits for an answer" in client.get(exclusion.url).text


def test_somebody_else_answers_and_upheld_it_is_lifted(app: Flask, at: datetime) -> None:
    fan, campaign, lead = make_fan(), make_campaign(), a_lead()
    exclusion = excluding.exclude(campaign, fan, Code.FORGED, WHY, by=lead, at=at)
    with pytest.raises(Conflict):
        excluding.answer(exclusion, upheld=True, words="好", by=a_lead(), at=at)
    excluding.appeal(exclusion, fan, "那是我妹妹。", at=at)
    with pytest.raises(NotAllowed):
        excluding.answer(exclusion, upheld=True, words="好", by=lead, at=at)

    excluding.answer(exclusion, upheld=True, words="你说得对。", by=a_lead(), at=at)

    assert exclusion.lifted_at == at
    assert excluding.standing(campaign, fan) is None


def test_an_appeal_comes_within_thirty_days_and_from_the_person(app: Flask, at: datetime) -> None:
    fan = make_fan()
    exclusion = excluding.exclude(make_campaign(), fan, Code.FORGED, WHY, by=a_lead(), at=at)

    with pytest.raises(NotAllowed):
        excluding.appeal(exclusion, make_fan(), "我也来", at=at)
    with pytest.raises(Gone):
        excluding.appeal(exclusion, fan, "太晚", at=at + timedelta(days=31))


def test_others_do_not_find_the_page(client: FlaskClient, at: datetime) -> None:
    exclusion = excluding.exclude(make_campaign(), make_fan(), Code.FORGED, WHY, by=a_lead(), at=at)
    signed_in_fan(client)

    assert client.get(exclusion.url).status_code == 404


def test_the_lead_keeps_out_lifts_and_answers_on_the_pages(lead: FlaskClient, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    address = f"/participation/{campaign.public_id}/exclusions"
    assert "Nobody is kept out" in lead.get(address).text
    assert lead.post(address, data={"member": fan.public_id, "code": "forged", "sentence": ""}).status_code == 422
    unknown = lead.post(address, data={"member": "nobodyatall2", "code": "forged", "sentence": WHY})
    assert unknown.status_code == 422
    assert "no fan with this number" in unknown.text

    lead.post(
        address, data={"member": f"https://circle.example/members/{fan.public_id}", "code": "forged", "sentence": WHY}
    )
    assert WHY in lead.get(address).text
    assert WHY in lead.get(f"{address}.csv", buffered=True).text
    exclusion = excluding.standing(campaign, fan)
    assert exclusion is not None
    lead.post(f"/participation/exclusions/{exclusion.public_id}/lift")
    assert exclusion.lifted_at == at

    other = excluding.exclude(campaign, make_fan(), Code.FORGED, WHY, by=a_lead(), at=at)
    excluding.appeal(other, other.member, "不对", at=at)
    page = f"/participation/exclusions/{other.public_id}/for-the-team"
    assert "Answer the appeal" in lead.get(page).text
    lead.post(f"/participation/exclusions/{other.public_id}/answer", data={"upheld": "no", "answer": "证据在此。"})
    assert (other.upheld, other.answer) == (False, "证据在此。")


def test_a_draw_leaves_out_whoever_is_kept_out_with_the_reason(app: Flask, at: datetime) -> None:
    clock.set_to(LAUNCH)
    draw = make_draw()
    second, first = entrants(draw, 2)
    excluding.exclude(draw.campaign, second, Code.SECOND_ACCOUNT, WHY, by=a_lead(), at=LAUNCH)

    freezing.freeze(draw.id, CLOSE)

    entries = {entry.member_id: entry.reason for entry in db.session.query(DrawEntry).filter_by(draw_id=draw.id)}
    assert entries == {second.id: Reason.SECOND_ACCOUNT, first.id: None}


def test_who_deletes_the_account_before_the_draw_is_left_out_and_leaves_no_words(app: Flask, at: datetime) -> None:
    clock.set_to(LAUNCH)
    draw = make_draw()
    leaver, stays = entrants(draw, 2)
    exclusion = excluding.exclude(draw.campaign, leaver, Code.FORGED, WHY, by=a_lead(), at=LAUNCH)
    excluding.appeal(exclusion, leaver, "是我自己发的。", at=LAUNCH)
    excluding.lift(exclusion, by=a_lead(), at=LAUNCH)
    assert leaver.user is not None

    leaving.erase(leaver.user, LAUNCH)
    freezing.freeze(draw.id, CLOSE)

    entries = {entry.member_id: entry.reason for entry in db.session.query(DrawEntry).filter_by(draw_id=draw.id)}
    assert entries == {leaver.id: Reason.ACCOUNT_DELETED, stays.id: None}
    db.session.refresh(exclusion)
    assert exclusion.appeal == ""
