"""An appeal against a refusal: once, in time, decided by somebody else, and upheld it restores everything of its author."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import leaving as accounts
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Gone, Invalid, NotAllowed
from commons.permissions import Role
from community.loyalty import leaving, why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.levels import keeping
from community.loyalty.models import Currency
from community.loyalty.rules.verdicts import Verdict
from community.loyalty.watching import appealing, finding, holding
from community.loyalty.watching import held as held_earnings
from community.loyalty.watching.models import HeldEarning, Outcome, Suspicion
from community.members.models import Member
from community.notices.models import Notice
from tests.community.loyalty.factories import change, happen, ranks
from tests.factories import NOON, make_fan, make_staff, sign_in

HOUR = timedelta(hours=1)
DECIDED = NOON + 25 * HOUR


def held(member: Member) -> tuple[int, int]:
    return balance(member, Currency.GROWTH), balance(member, Currency.POINTS)


def refused() -> tuple[Suspicion, Member, Member, User]:
    """A ring of two: seven facts of each had been paid, one more of the first came while it was open; all refused."""
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    for number, (owner, by) in enumerate([(first, second), (second, first)] * 7):
        happen("link.visited", owner, NOON + number * HOUR, by_member_id=by.id)
    suspicion = finding.look(NOON + 20 * HOUR).found[0]
    happen("link.visited", first, NOON + 24 * HOUR, by_member_id=second.id)
    holding.refuse(suspicion, "Two accounts of one person.", by=boss, at=DECIDED)
    assert held(first) == held(second) == (0, 0)
    return suspicion, first, second, boss


def test_upheld_it_restores_growth_and_points_of_who_appealed_and_the_reason_says_so(app: Flask) -> None:
    suspicion, first, second, _boss = refused()
    made = appealing.appeal(suspicion, first, "We are neighbours.", at=DECIDED + HOUR)

    appealing.decide(made, upheld=True, answer="You are neighbours.", by=make_staff(), at=DECIDED + 2 * HOUR)

    assert held(first) == (40, 40)
    assert held(second) == (0, 0)
    assert {line.reasons[0].verdict for line in why.history(first).lines} == {Verdict.EARNED}
    assert {line.reasons[0].verdict for line in why.history(second).lines} == {Verdict.REFUSED}
    told = db.session.scalars(select(Notice).where(Notice.kind == "loyalty.appeal_upheld")).one()
    assert (told.member_id, told.details["answer"]) == (first.id, "You are neighbours.")
    assert reconcile() == []


def test_upheld_it_restores_a_level_that_fell_meanwhile(app: Flask) -> None:
    change(rank2=35)
    suspicion, first, _second, _boss = refused()
    boss, late = make_staff(Role.ADMINISTRATOR), DECIDED + timedelta(days=20)
    for days in (0, 14):
        keeping.look(DECIDED + timedelta(days=days))
    assert ranks(first) == [2, 1]
    change(rank2=44, at=DECIDED)

    made = appealing.appeal(suspicion, first, "We are neighbours.", at=DECIDED + HOUR)
    appealing.decide(made, upheld=True, answer="You are neighbours.", by=boss, at=late)

    assert ranks(first) == [2, 1, 2]


def test_in_vain_nothing_moves_and_the_answer_is_told(app: Flask) -> None:
    suspicion, first, _second, _boss = refused()
    made = appealing.appeal(suspicion, first, "No.", at=DECIDED)

    appealing.decide(made, upheld=False, answer="The same telephone.", by=make_staff(), at=DECIDED)

    assert held(first) == (0, 0)
    told = db.session.scalars(select(Notice).where(Notice.kind == "loyalty.appeal_declined")).one()
    assert told.details["answer"] == "The same telephone."


def test_it_is_made_once_and_decided_once_by_somebody_else(app: Flask) -> None:
    suspicion, first, _second, boss = refused()
    made = appealing.appeal(suspicion, first, "First words.", at=DECIDED)
    assert appealing.appeal(suspicion, first, "Other words.", at=DECIDED) is made
    assert made.text == "First words."

    with pytest.raises(NotAllowed):
        appealing.decide(made, upheld=True, answer="Well.", by=boss, at=DECIDED)
    with pytest.raises(Invalid):
        appealing.decide(made, upheld=True, answer=" ", by=make_staff(), at=DECIDED)
    appealing.decide(made, upheld=True, answer="Well.", by=make_staff(), at=DECIDED)
    with pytest.raises(Conflict):
        appealing.decide(made, upheld=False, answer="No.", by=make_staff(), at=DECIDED)

    assert held(first) == (40, 40)


def test_it_is_for_those_concerned_for_30_days_and_against_a_refusal(app: Flask) -> None:
    suspicion, first, _second, _boss = refused()

    with pytest.raises(NotAllowed):
        appealing.appeal(suspicion, make_fan("丙"), "Me too.", at=DECIDED)
    with pytest.raises(Invalid):
        appealing.appeal(suspicion, first, " ", at=DECIDED)
    with pytest.raises(Gone):
        appealing.appeal(suspicion, first, "Too late.", at=DECIDED + timedelta(days=30, seconds=1))
    suspicion.outcome = Outcome.PASSED
    with pytest.raises(Conflict):
        appealing.appeal(suspicion, first, "Nothing.", at=DECIDED)


def test_a_fact_that_was_undone_meanwhile_comes_back_to_nobody(app: Flask) -> None:
    suspicion, first, _second, _boss = refused()
    query = select(HeldEarning.event_id).where(HeldEarning.member_id == first.id).order_by(HeldEarning.id)
    made = appealing.appeal(suspicion, first, "No.", at=DECIDED)
    held_earnings.drop(db.session.scalars(query).all()[0], first.id, DECIDED)

    appealing.decide(made, upheld=True, answer="Yes.", by=make_staff(), at=DECIDED)

    assert held(first) == (35, 35)


def test_the_export_has_the_appeal_and_erasing_takes_its_words(app: Flask) -> None:
    suspicion, first, _second, _boss = refused()
    made = appealing.appeal(suspicion, first, "We are neighbours.", at=DECIDED)
    assert first.user is not None
    assert leaving.export(first.user)["loyalty"]["appeals"][0]["text"] == "We are neighbours."

    accounts.erase(first.user, DECIDED)
    db.session.refresh(made)

    assert made.text == ""


def test_a_fan_appeals_on_the_page_that_the_notice_leads_to_and_never_sees_the_others(
    app: Flask, client: FlaskClient
) -> None:
    suspicion, first, second, _boss = refused()
    clock.set_to(DECIDED + HOUR)
    assert first.user is not None
    first.user.language = "en"
    sign_in(client, first.user)
    url = db.session.scalars(
        select(Notice.url).where(Notice.kind == "loyalty.refused", Notice.member_id == first.id)
    ).one()
    assert url == f"/me/held/{suspicion.public_id}"

    page = client.get(url).text
    assert "Two accounts of one person." in page
    assert second.name not in page
    assert client.post(f"{url}/appeal", data={"text": " "}).status_code == 422
    assert client.post(f"{url}/appeal", data={"text": "We are neighbours."}).location == url

    assert "We are neighbours." in client.get(url).text
    assert "Refused after a look" in client.get("/me/held").text


def test_somebody_else_decides_on_the_page_and_what_waits_is_counted(app: Flask, client: FlaskClient) -> None:
    suspicion, first, _second, boss = refused()
    clock.set_to(DECIDED + HOUR)
    appealing.appeal(suspicion, first, "We are neighbours.", at=clock.now())
    path = f"/loyalty/held/{suspicion.public_id}"
    boss.language = "en"
    sign_in(client, boss)
    assert "You refused this." in client.get(path).text
    assert appealing.waiting_for(boss) == 0

    other = make_staff(Role.CAMPAIGN_LEAD, "何田", language="en")
    sign_in(client, other)
    assert appealing.waiting_for(other) == 1
    assert "Appeals that wait" in client.get("/loyalty/held").text
    answer = f"{path}/appeals/{first.public_id}"
    assert client.post(answer, data={"upheld": "yes", "answer": " "}).status_code == 422
    assert client.post(answer, data={"upheld": "yes", "answer": "You are."}).location == path

    assert held(first) == (40, 40)
    assert "Upheld: what had been refused counts" in client.get(path).text


def test_strangers_and_those_not_concerned_find_nothing(app: Flask, client: FlaskClient) -> None:
    suspicion, _first, _second, _boss = refused()
    assert client.get(f"/me/held/{suspicion.public_id}").status_code == 303
    other = make_fan("丙")
    assert other.user is not None
    sign_in(client, other.user)

    assert client.get(f"/me/held/{suspicion.public_id}").status_code == 404
    assert client.post(f"/me/held/{suspicion.public_id}/appeal", data={"text": "x"}).status_code == 404
