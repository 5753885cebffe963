"""Penalties: under a clause, for a term, told, and undone in full when the appeal is upheld."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, random_id
from commons.errors import Conflict, Gone, Invalid, NotAllowed
from commons.permissions import Role
from community.circle import commenting
from community.loyalty import ledger, why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.levels.climbing import levels
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, Lot
from community.members import bars, roster
from community.members.bars import Act
from community.members.models import Member
from community.notices.models import Notice
from community.reviews import submitting
from community.reviews.models import Kind
from community.rewards.penalties import appealing, giving, reading
from community.rewards.penalties.giving import Wanted
from community.rewards.penalties.models import Measure, Penalty
from tests.community.rewards.factories import a_lead, make_reward, rich_fan, take
from tests.factories import make_circle_post, make_fan, make_staff, sign_in

WEEK = timedelta(days=7)


def penalise(fan: Member, at: datetime, **changes: Any) -> Penalty:
    """A week without writing, for insults, and ten points."""
    usual: dict[str, Any] = {"measure": Measure.MUTE, "clause": "2.1", "note": "骂了别人", "days": 7, "points": 10}
    by = changes.pop("by", None) or a_lead()
    return giving.give(fan, Wanted(**{**usual, **changes}), token=random_id(), by=by, at=at)


def told(fan: Member) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == fan.id).order_by(Notice.id)))


def test_it_names_the_clause_as_it_stood_and_tells_the_fan(app: Flask, at: datetime) -> None:
    fan = rich_fan()

    penalty = penalise(fan, at)

    assert (penalty.clause, penalty.standard_version, penalty.ends_at) == ("2.1", 1, at + WEEK)
    assert str(penalty.clause_title) == "不辱骂他人"
    assert (balance(fan, Currency.POINTS), penalty.points) == (90, 10)
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.kind, notice.url) == ("penalty.mute", f"/me/penalties/{penalty.public_id}")
    assert reconcile() == []


@pytest.mark.parametrize(
    "changes", [{"clause": "9.9"}, {"clause": "1.1"}, {"note": " "}, {"days": 0}, {"days": 366}, {"points": -5}]
)
def test_without_a_clause_a_reason_or_a_term_there_is_none(app: Flask, at: datetime, changes: dict[str, Any]) -> None:
    fan = rich_fan()

    with pytest.raises(Invalid):
        penalise(fan, at, **changes)

    assert balance(fan, Currency.POINTS) == 100
    assert told(fan) == []


def test_a_form_sent_for_somebody_else_penalises_nobody(app: Flask, at: datetime) -> None:
    fan, other, lead, token = rich_fan(), rich_fan(name="阿树"), a_lead(), random_id()
    wanted = Wanted(Measure.WARNING, "2.1", "骂了别人")
    first = giving.give(fan, wanted, token=token, by=lead, at=at)

    assert giving.give(fan, wanted, token=token, by=lead, at=at) is first
    with pytest.raises(Invalid):
        giving.give(other, wanted, token=token, by=lead, at=at)

    assert reading.of_member(other) == []


def test_who_is_muted_cannot_write_until_the_term_is_over(app: Flask, at: datetime) -> None:
    fan, post = rich_fan(), make_circle_post()
    penalise(fan, at)
    handle = roster.handle_of(fan)

    with pytest.raises(NotAllowed) as refusal:
        commenting.say(post, handle, "还是要说", at, key="a")

    assert "2.1" in str(refusal.value.message)
    assert commenting.say(post, handle, "我回来了", at + WEEK, key="b").text == "我回来了"


def test_a_mute_holds_wherever_fans_hand_something_in(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    penalise(fan, at)
    draft = submitting.Draft(kind=Kind.POST, text="今天的茶很香，第三泡最好。")

    with pytest.raises(NotAllowed):
        submitting.submit(fan, draft, key="a", at=at)


def test_who_may_not_redeem_can_still_write(app: Flask, at: datetime) -> None:
    fan, reward = rich_fan(), make_reward()
    penalise(fan, at, measure=Measure.NO_SHOP, points=0)

    with pytest.raises(NotAllowed):
        take(reward, fan)

    assert bars.barred(fan, Act.SPEAK, at) is None
    assert (balance(fan, Currency.POINTS), reward.taken) == (100, 0)


def test_a_warning_bars_nothing(app: Flask, at: datetime) -> None:
    fan = rich_fan()

    penalty = penalise(fan, at, measure=Measure.WARNING, points=0)

    assert (penalty.ends_at, reading.running(fan, at)) == (None, [])
    assert told(fan) == ["penalty.warning"]


def test_no_more_is_taken_than_there_is(app: Flask, at: datetime) -> None:
    fan = rich_fan(4)

    penalty = penalise(fan, at, points=10, growth=10)

    assert (penalty.points, penalty.growth, balance(fan, Currency.POINTS)) == (4, 0, 0)


def test_the_history_says_why_points_are_gone(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    penalise(fan, at + timedelta(minutes=1))

    line = why.history(fan).lines[0]

    assert line.points == -10
    assert "骂了别人" in line.words


def test_the_same_form_sent_twice_is_one_penalty(app: Flask, at: datetime) -> None:
    fan, lead = rich_fan(), a_lead()
    wanted = Wanted(measure=Measure.MUTE, clause="2.1", note="骂了别人", days=7, points=10)

    first = giving.give(fan, wanted, token="a" * 12, by=lead, at=at)

    assert giving.give(fan, wanted, token="a" * 12, by=lead, at=at) == first
    assert balance(fan, Currency.POINTS) == 90


def test_an_upheld_appeal_restores_everything(app: Flask, at: datetime) -> None:
    fan, second = make_fan(), levels()[1]
    soon = at + timedelta(days=3)
    ledger.earn(fan, Currency.POINTS, 30, key="p", at=at, expires_at=soon)
    ledger.earn(fan, Currency.GROWTH, second.threshold, key="g", at=at)
    before = standing(fan).level.rank
    penalty = penalise(fan, at, points=25, growth=second.threshold)
    appealing.appeal(penalty, "我没有骂人，那是引用。", at=at)

    appealing.decide(penalty, upheld=True, answer="看过上下文，是引用。", by=make_staff(Role.ADMINISTRATOR), at=at)

    assert (balance(fan, Currency.POINTS), balance(fan, Currency.GROWTH)) == (30, second.threshold)
    assert db.session.scalars(select(Lot.remaining).where(Lot.expires_at == soon)).all() == [30]
    assert standing(fan).level.rank == before == second.rank
    assert bars.barred(fan, Act.SPEAK, at) is None
    assert told(fan)[-1] == "penalty.lifted"
    assert reconcile() == []


def test_an_appeal_that_is_not_upheld_changes_nothing_but_is_answered(app: Flask, at: datetime) -> None:
    fan = rich_fan()
    penalty = penalise(fan, at)
    appealing.appeal(penalty, "我觉得没事。", at=at)

    appealing.decide(penalty, upheld=False, answer="看过了，确实是辱骂。", by=make_staff(Role.ADMINISTRATOR), at=at)

    assert balance(fan, Currency.POINTS) == 90
    assert bars.barred(fan, Act.SPEAK, at) is not None
    assert told(fan) == ["penalty.mute", "penalty.confirmed"]


def test_nobody_judges_about_a_penalty_of_his_own(app: Flask, at: datetime) -> None:
    lead = a_lead()
    penalty = penalise(rich_fan(), at, by=lead)
    appealing.appeal(penalty, "不对。", at=at)

    with pytest.raises(NotAllowed):
        appealing.decide(penalty, upheld=False, answer="就是这样。", by=lead, at=at)


def test_an_appeal_is_decided_once(app: Flask, at: datetime) -> None:
    fan, judge = rich_fan(), make_staff(Role.ADMINISTRATOR)
    penalty = penalise(fan, at)
    appealing.appeal(penalty, "不对。", at=at)
    appealing.decide(penalty, upheld=True, answer="对。", by=judge, at=at)

    with pytest.raises(Conflict):
        appealing.decide(penalty, upheld=False, answer="不。", by=judge, at=at)

    assert balance(fan, Currency.POINTS) == 100


def test_one_appeal_within_thirty_days(app: Flask, at: datetime) -> None:
    penalty, late = penalise(rich_fan(), at), penalise(rich_fan(name="谷雨"), at)
    first = appealing.appeal(penalty, "不对。", at=at + timedelta(days=30))

    assert appealing.appeal(penalty, "再说一次。", at=at + timedelta(days=40)) == first
    with pytest.raises(Gone):
        appealing.appeal(late, "不对。", at=at + timedelta(days=30, seconds=1))


# On screen


def test_a_fan_sees_why_and_appeals(client: FlaskClient, at: datetime) -> None:
    fan = rich_fan(language="en")
    assert fan.user is not None
    penalty = penalise(fan, at)
    sign_in(client, fan.user)

    assert f"/me/penalties/{penalty.public_id}" in client.get("/circle/me").text
    assert "骂了别人" in client.get(f"/me/penalties/{penalty.public_id}").text
    assert client.post(f"/me/penalties/{penalty.public_id}/appeal", data={"text": ""}).status_code == 422
    client.post(f"/me/penalties/{penalty.public_id}/appeal", data={"text": "那是引用。"})

    assert penalty.appeal is not None
    assert "那是引用。" in client.get(f"/me/penalties/{penalty.public_id}").text
    assert "Appeal waits" in client.get("/me/penalties").text


def test_nobody_sees_the_penalty_of_another_fan(client: FlaskClient, at: datetime) -> None:
    penalty, other = penalise(rich_fan(), at), make_fan("谷雨")
    assert other.user is not None
    sign_in(client, other.user)

    assert client.get(f"/me/penalties/{penalty.public_id}").status_code == 404
    assert client.post(f"/me/penalties/{penalty.public_id}/appeal", data={"text": "x"}).status_code == 404
    assert client.get("/penalties").status_code == 404


def test_the_team_gives_one_from_the_profile(client: FlaskClient, at: datetime) -> None:
    fan = rich_fan()
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    assert "Give a penalty" in client.get(f"/members/{fan.public_id}").text
    sent = {
        "token": "b" * 12,
        "clause": "2.1",
        "measure": "mute",
        "days": "3",
        "points": "5",
        "growth": "",
        "about": "",
    }

    half = client.post(f"/penalties/new/{fan.public_id}", data={**sent, "note": ""})
    whole = client.post(f"/penalties/new/{fan.public_id}", data={**sent, "note": "骂了别人"})

    penalty = db.session.scalars(select(Penalty)).one()
    assert (half.status_code, whole.location) == (422, f"/penalties/{penalty.public_id}")
    assert (penalty.ends_at, penalty.points) == (at + timedelta(days=3), 5)
    assert "小满" in client.get("/penalties?part=running").text


def test_somebody_else_decides_on_the_page(client: FlaskClient, at: datetime) -> None:
    fan, lead = rich_fan(), a_lead()
    lead.language = "en"
    penalty = penalise(fan, at, by=lead)
    appealing.appeal(penalty, "那是引用。", at=at)
    page, decision = f"/penalties/{penalty.public_id}", {"upheld": "yes", "answer": "看过了。"}
    sign_in(client, lead)
    assert "You gave this penalty." in client.get(page).text
    assert client.post(f"{page}/decide", data=decision).status_code == 403

    sign_in(client, make_staff(Role.ADMINISTRATOR, language="en"))
    assert "小满" in client.get("/penalties").text
    client.post(f"{page}/decide", data=decision)

    db.session.refresh(penalty)
    assert penalty.lifted_at == at
    assert balance(fan, Currency.POINTS) == 100


def test_the_team_takes_a_list_along_as_a_table(client: FlaskClient, at: datetime) -> None:
    penalise(rich_fan(), at, note="=骂了别人")
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))

    rows = client.get("/penalties/table.csv?part=running", buffered=True).text.splitlines()

    assert rows[1].startswith("小满,2.1 ")
    assert "'=骂了别人,2026-03-01 20:00,许乔,2026-03-08 20:00,10,0," in rows[1]
    assert len(client.get("/penalties/table.csv", buffered=True).text.splitlines()) == 1
