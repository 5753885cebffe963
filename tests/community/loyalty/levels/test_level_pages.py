"""Pages of levels: what they take, who is in danger, setting one by hand, and what the fan reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from commons import clock
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.levels import keeping, ladders, locking, locks
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency
from community.members.models import Member
from tests.community.members.merging.factories import make_clerk, merge
from tests.factories import NOON, make_fan, make_staff, sign_in

DAY = timedelta(days=1)


@pytest.fixture
def lead(client: FlaskClient) -> FlaskClient:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def grown(amount: int, name: str = "小满") -> Member:
    fan = make_fan(name, language="en")
    ledger.earn(fan, Currency.GROWTH, amount, key=f"{name}:{amount}", at=NOON)
    return fan


def level_id(rank: int) -> str:
    return ladders.levels()[rank - 1].public_id


def test_the_period_and_breadth_are_set_in_the_form(lead: FlaskClient) -> None:
    fields = {"period_days": "180"}
    for number, level in enumerate(ladders.levels()):
        fields |= {
            f"levels-{number}-name_zh": level.name.zh,
            f"levels-{number}-name_en": level.name.en,
            f"levels-{number}-threshold": str(level.threshold),
            f"levels-{number}-breadth": "2" if number > 2 else "0",
            f"levels-{number}-perks_zh": "\n".join(perk["zh"] for perk in level.perks),
            f"levels-{number}-perks_en": "\n".join(perk["en"] for perk in level.perks),
        }

    assert lead.post("/loyalty/levels", data=fields).status_code == 303
    assert lead.post("/loyalty/levels", data=fields | {"levels-5-breadth": "1"}).status_code == 422
    assert lead.post("/loyalty/levels", data=fields | {"period_days": "3"}).status_code == 422

    page = lead.get("/loyalty/levels").text
    assert "600 growth points from 2 ways of taking part" in page
    assert "180 days" in page


def test_who_is_in_danger_is_listed_with_the_day(lead: FlaskClient) -> None:
    assert "No level is in danger" in lead.get("/loyalty/levels/in-danger").text
    grown(60, "阿木")
    clock.set_to(NOON + 366 * DAY)
    keeping.look(clock.now())
    sign_in(lead, make_staff(Role.CAMPAIGN_LEAD, language="en"))

    page = lead.get("/loyalty/levels/in-danger").text

    assert "阿木" in page
    assert "16 Mar 2027, 20:00" in page


def test_a_level_is_set_by_hand_and_let_go(lead: FlaskClient) -> None:
    fan = grown(10)
    address = f"/loyalty/members/{fan.public_id}/level"

    answer = lead.post(address, data={"level": level_id(3), "reason": "Helped at the fair", "until": "2026-03-08"})

    assert answer.status_code == 303
    lock = locks.lock_of(fan.id, NOON)
    assert lock is not None
    assert lock.until == (NOON + 7 * DAY).replace(hour=16)
    page = lead.get(f"/loyalty/members/{fan.public_id}").text
    assert "Set by the team to Insider" in page
    assert "Helped at the fair" in lead.get("/loyalty/levels/in-danger?part=by_hand").text
    assert standing(fan).level.rank == 3

    assert lead.post(f"{address}/release").status_code == 303
    assert lead.post(f"{address}/release").status_code == 303
    assert locks.lock_of(fan.id, NOON) is None
    assert "Insider is in danger" in lead.get(f"/loyalty/members/{fan.public_id}").text


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"level": "nothing"}, {"until": "2020-01-01"}, {"until": "never"}])
def test_a_lock_without_reason_level_or_future_is_refused_in_place(lead: FlaskClient, wrong: dict[str, str]) -> None:
    fan = grown(10)
    fields = {"level": level_id(3), "reason": "Helped at the fair"} | wrong

    answer = lead.post(f"/loyalty/members/{fan.public_id}/level", data=fields, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert locks.lock_of(fan.id, NOON) is None


def test_who_may_only_read_sets_no_level(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = grown(10)
    sign_in(client, make_staff(Role.SERVICE_AGENT))

    assert client.get("/loyalty/levels/in-danger").status_code == 200
    for path in ("level", "level/release"):
        assert client.post(f"/loyalty/members/{fan.public_id}/{path}").status_code == 404


def test_a_fan_reads_why_the_level_what_is_next_and_until_when_it_is_safe(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = grown(60)
    assert fan.user is not None
    sign_in(client, fan.user)

    page = client.get("/circle/me").text

    assert "60 growth points of the last 365 days" in page
    assert "It took 50 growth points." in page
    assert "until 1 March 2027, if nothing more comes in" in page
    assert "Missing to Insider" in page


def test_a_fan_in_danger_reads_when_and_what_keeps_the_level(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = grown(60)
    clock.set_to(NOON + 366 * DAY)
    keeping.look(clock.now())
    assert fan.user is not None
    sign_in(client, fan.user)

    page = client.get("/circle/me").text

    assert "Regular is in danger" in page
    assert "On 16 March 2027 it goes down to Newcomer." in page
    assert "What keeps it until then: 45 growth points." in page


def test_a_fan_sees_all_levels_with_what_each_takes_and_gives(client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = grown(60)
    assert fan.user is not None
    sign_in(client, fan.user)
    assert "/circle/me/levels" in client.get("/circle/me").text

    page = client.get("/circle/me/levels").text

    assert page.count("You are here") == 1
    assert page.index("Regular") < page.index("You are here") < page.index("Insider")
    assert "Takes 600 growth points from 2 ways of taking part." in page
    assert "Still missing: 140 growth points." in page
    assert "A say in what is made next" in page


def test_levels_set_by_hand_are_a_list_of_their_own_and_both_are_tables(lead: FlaskClient) -> None:
    fan, part_of = grown(60, "阿木"), grown(60, "阿木在微博")
    clock.set_to(NOON + 366 * DAY)
    keeping.look(clock.now())
    merge(fan, part_of, make_clerk(), clock.now())
    other = make_fan("听雨")
    locking.lock(other, ladders.levels()[2], reason="=客人", until=None, by=make_staff(), at=clock.now())
    sign_in(lead, make_staff(Role.CAMPAIGN_LEAD, language="en"))

    in_danger = lead.get("/loyalty/levels/in-danger.csv", buffered=True).text.splitlines()
    by_hand = lead.get("/loyalty/levels/in-danger?part=by_hand").text

    assert [line.split(",")[:3] for line in in_danger[1:]] == [["阿木", "Regular", "Newcomer"]]
    assert "听雨" in by_hand
    assert "阿木" not in by_hand
    assert "'=客人" in lead.get("/loyalty/levels/in-danger.csv?part=by_hand", buffered=True).text
    assert lead.get("/loyalty/levels/in-danger?part=by_hand&page=2").status_code == 200
