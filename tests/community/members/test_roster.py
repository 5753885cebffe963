"""Who belongs to the circle, and what is left of who leaves it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from commons.accounts import changing, leaving
from commons.db import db
from commons.events import Event
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency
from community.members.models import Handle, Member
from community.members.roster import enrol, handle_of, member_of, staff_handle
from tests.community.loyalty.factories import comment
from tests.factories import NOON, make_fan, make_staff, make_user


def test_enrolling_makes_a_member_with_a_handle_in_the_circle(app: Flask) -> None:
    user = make_user(Role.FAN, "小满")

    member = enrol(user, NOON)

    assert (member.user, member.name, member.joined_at, member.card_public) == (user, "小满", NOON, False)
    handle = handle_of(member)
    assert (handle.channel, handle.external_id, handle.name, handle.is_brand) == (
        "circle", member.public_id, "小满", False,
    )  # fmt: skip
    assert member_of(user) is member


def test_enrolling_twice_gives_the_same_member(app: Flask) -> None:
    user = make_user(Role.FAN, "小满")

    assert enrol(user, NOON) is enrol(user, NOON)
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1
    assert db.session.scalar(select(func.count()).select_from(Handle)) == 1
    joined = select(func.count()).select_from(Event).where(Event.kind == "member.joined")
    assert db.session.scalar(joined) == 1


def test_staff_speak_for_the_brand_under_one_handle(app: Flask) -> None:
    boss = make_staff(name="阿岚")

    handle = staff_handle(boss, NOON)

    assert staff_handle(boss, NOON) is handle
    assert (handle.is_brand, handle.member_id, handle.name) == (True, None, "阿岚")
    assert member_of(boss) is None


def test_a_new_name_of_the_account_is_the_name_in_the_circle(app: Flask) -> None:
    fan, boss = make_fan("小满"), make_staff(name="阿岚")
    staff_handle(boss, NOON)
    assert fan.user is not None

    changing.rename(fan.user, "满满", NOON)
    changing.rename(boss, "岚姐", NOON)

    assert (fan.name, handle_of(fan).name, staff_handle(boss, NOON).name) == ("满满", "满满", "岚姐")


def test_leaving_erases_the_names_and_keeps_the_ledger(app: Flask) -> None:
    fan = make_fan("小满")
    comment(fan, NOON)
    user, fan_id = fan.user, fan.id
    assert user is not None

    leaving.erase(user, NOON)
    db.session.flush()
    db.session.expire_all()

    stub = db.session.get_one(Member, fan_id)
    assert (stub.user_id, stub.erased_at, stub.card_public) == (None, NOON, False)
    stored = db.session.scalars(select(func.count()).where(Member.name == "小满")).one()
    assert stored == 0
    assert "小满" not in {stub.name, handle_of(stub).name}
    assert balance(stub, Currency.POINTS) == 5
    assert reconcile() == []


def test_the_name_of_who_left_is_said_in_the_language_of_the_reader(app: Flask) -> None:
    fan = make_fan("小满")
    assert fan.user is not None
    leaving.erase(fan.user, NOON)
    db.session.flush()
    db.session.expire_all()

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert db.session.scalars(select(Member.name).where(Member.id == fan.id)).one() == "A former member"


def test_the_export_holds_profile_facts_and_every_entry(app: Flask) -> None:
    fan = make_fan("小满")
    comment(fan, NOON)
    ledger.spend(fan, 2, key="s", at=NOON, note="一杯茶")
    assert fan.user is not None

    whole = leaving.export(fan.user, NOON)

    assert whole["member"]["name"] == "小满"
    assert {"member.joined", "interaction.comment"} == {fact["kind"] for fact in whole["member"]["facts"]}
    assert whole["loyalty"]["balances"] == {"growth": 5, "points": 3}
    assert [entry["amount"] for entry in whole["loyalty"]["entries"]] == [5, 5, -2]
    assert whole["loyalty"]["entries"][0]["rule"]["version"] == 1
