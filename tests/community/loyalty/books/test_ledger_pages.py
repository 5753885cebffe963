"""The ledger's pages: reconciliation, liability, and the page of one entry."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.events import Event, Evidence
from commons.permissions import Role
from community.loyalty import accounts, adjusting, ledger
from community.loyalty.accounts import balance
from community.loyalty.books import reconciling, tracing
from community.loyalty.models import Currency, EntryKind, LedgerEntry
from community.members.merging.models import Proof
from community.members.merging.selves import merge, split
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff, sign_in

POINTS = Currency.POINTS
LATER = NOON + timedelta(days=14)


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English, at noon."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en", name="老周"))
    return client


@pytest.fixture
def agent(app: Flask, client: FlaskClient) -> FlaskClient:
    """A service agent, who may read but not change."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))
    return client


def path_of(entry: LedgerEntry) -> str:
    return f"/loyalty/entries/{entry.public_id}"


def test_a_fan_finds_none_of_them(client: FlaskClient) -> None:
    fan = make_fan()
    entry = ledger.earn(fan, POINTS, 7, key="a", at=NOON)
    assert fan.user is not None
    sign_in(client, fan.user)

    statement = f"/loyalty/members/{fan.public_id}/statement.csv"
    files = "/loyalty/liability.csv", "/loyalty/reconciliation.csv", statement
    for path in ("/loyalty/reconciliation", "/loyalty/liability", *files, path_of(entry)):
        assert client.get(path).status_code == 404


def test_before_the_first_night_the_page_says_so(lead: FlaskClient) -> None:
    page = lead.get("/loyalty/reconciliation").text

    assert "Not checked yet" in page
    assert "No movement yet" in page


def test_the_reconciliation_shows_that_all_movements_add_up(lead: FlaskClient) -> None:
    fan = make_fan("小满")
    ledger.earn(fan, POINTS, 1200, key="a", at=NOON)
    ledger.earn(fan, POINTS, 70, key="b", at=NOON, available_at=LATER)
    ledger.spend(fan, 200, key="s", at=NOON)

    lead.post("/loyalty/check")
    page = lead.get("/loyalty/reconciliation").text

    assert "The ledger balances" in page
    assert "No difference" in page
    for number in ("1,270", "-200", "1,070", "1,000", "70"):
        assert f">{number}<" in page
    assert "小满" in page


def test_a_difference_leads_to_the_member_and_to_the_entry(lead: FlaskClient) -> None:
    fan = make_fan("小满")
    entry = ledger.earn(fan, POINTS, 7, key="a", at=NOON)
    entry.account.balance = 8
    lead.post("/loyalty/check")

    page = lead.get("/loyalty/reconciliation").text

    assert "Account against its entries" in page
    assert f"/loyalty/members/{fan.public_id}" in page


def test_the_liability_is_shown_by_month_and_worth_what_one_says(lead: FlaskClient) -> None:
    fan = make_fan()
    ledger.earn(fan, POINTS, 100, key="a", at=NOON, expires_at=NOON + timedelta(days=40))
    ledger.earn(fan, POINTS, 50, key="b", at=NOON)

    page = lead.get("/loyalty/liability?worth=1.50").text

    assert "April 2026" in page
    assert "Never" in page
    assert "CN¥2.25" in page


def test_what_cannot_be_read_is_refused_in_place(lead: FlaskClient) -> None:
    tomorrow = lead.get("/loyalty/liability?day=2026-03-05")
    nonsense = lead.get("/loyalty/liability?worth=much&day=never")

    assert (tomorrow.status_code, nonsense.status_code) == (422, 422)
    assert "still ahead" in tomorrow.text
    assert "Enter an amount" in nonsense.text
    assert lead.get("/loyalty/liability.csv?worth=much", buffered=True).status_code == 200


def test_the_file_holds_the_same_as_the_page(lead: FlaskClient) -> None:
    ledger.earn(make_fan(), POINTS, 100, key="a", at=NOON, expires_at=NOON + timedelta(days=40))
    ledger.spend(make_fan("阿木"), 3, key="s", at=NOON, allow_negative=True)

    answer = lead.get("/loyalty/liability.csv?worth=1", buffered=True)

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["kind"], row["month"], row["points"], row["worth"]) for row in rows] == [
        ("month", "2026-04", "100", "1.00"),
        ("owed", "", "-3", "'-0.03"),
    ]


def test_nobody_owes_nothing(lead: FlaskClient) -> None:
    assert "No points are owed" in lead.get("/loyalty/liability").text


def test_an_entry_names_all_that_it_rests_on(agent: FlaskClient) -> None:
    fan = make_fan("小满")
    comment(fan, NOON)
    entry = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()[-1]

    page = agent.get(path_of(entry)).text

    assert "Comment, version 1" in page
    assert "seen by the network" in page.lower() or "network" in page.lower()
    assert "Its own" in page
    assert "Undo the entry" not in page
    assert path_of(entry) in agent.get(f"/loyalty/members/{fan.public_id}").text


def test_every_kind_of_entry_names_its_fact_its_evidence_and_who_made_it(lead: FlaskClient) -> None:
    fan, other, boss = make_fan("小满"), make_fan("小满在微博"), make_staff(Role.CAMPAIGN_LEAD, name="老周")
    comment(other, NOON)
    earned = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.EARN)).all()[-1]
    merge(fan, other, by=boss, at=NOON, proof=Proof.STAFF, reason="同一个人")
    adjusting.adjust(fan, POINTS, 20, token="t", note="补发", by=boss, at=NOON)
    adjusting.take_back(earned, note="退货", by=boss, at=NOON)
    ledger.earn(fan, POINTS, 3, key="e", at=NOON, expires_at=NOON, event_id=happen("circle.checked_in", fan, NOON).id)
    fact = happen("reward.redeemed", fan, NOON)
    ledger.spend(fan, 2, key="s", at=NOON, event=fact)

    named = {}
    for entry in db.session.scalars(select(LedgerEntry).where(LedgerEntry.amount != 0).order_by(LedgerEntry.id)):
        basis = tracing.basis_of(entry)
        named[entry.kind] = basis.fact.kind if basis.fact else "", basis.by, entry.evidence.value
        assert lead.get(path_of(entry)).status_code == 200

    assert named == {
        EntryKind.EARN: ("circle.checked_in", "", "network"),
        EntryKind.TRANSFER: ("member.merged", "老周", "staff"),
        EntryKind.ADJUST: ("loyalty.adjusted", "老周", "staff"),
        EntryKind.REVERSE: ("loyalty.taken_back", "老周", "staff"),
        EntryKind.EXPIRE: ("circle.checked_in", "", "network"),
        EntryKind.SPEND: ("reward.redeemed", "小满", "network"),
    }


def test_a_self_that_the_fan_joined_and_that_was_split_off_again_says_who_did_it(app: Flask) -> None:
    fan, other, boss = make_fan("小满"), make_fan("小满在微博"), make_staff(Role.CAMPAIGN_LEAD, name="老周")
    ledger.earn(other, POINTS, 7, key="a", at=NOON)
    assert fan.user is not None
    made = merge(fan, other, by=fan.user, at=NOON, proof=Proof.BOTH_ACCOUNTS)
    split(made, by=boss, at=NOON + timedelta(hours=1), reason="两个人")

    transfers = select(LedgerEntry).where(LedgerEntry.kind == EntryKind.TRANSFER, LedgerEntry.amount > 0)
    entries = db.session.scalars(transfers.order_by(LedgerEntry.id)).all()
    bases = [tracing.basis_of(entry) for entry in entries]

    assert [(basis.fact.kind if basis.fact else "", basis.by) for basis in bases] == [
        ("member.merged", "小满"), ("member.split", "老周"),
    ]  # fmt: skip
    assert [entry.evidence for entry in entries] == [Proof.BOTH_ACCOUNTS.evidence, Evidence.STAFF]


def test_the_statement_of_a_member_holds_every_entry_and_ends_with_what_there_is(agent: FlaskClient) -> None:
    fan = make_fan("小满")
    comment(fan, NOON)
    ledger.earn(fan, POINTS, 70, key="b", at=NOON, available_at=LATER)
    ledger.spend(fan, 2, key="s", at=NOON, note="=一杯茶")

    answer = agent.get(f"/loyalty/members/{fan.public_id}/statement.csv", buffered=True)

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["Kind of entry"], row["Amount"], row["Fact"], row["Rule"], row["Sum"]) for row in rows] == [
        ("Earned", "5", "Comment", "Comment", "5"), ("Earned", "5", "Comment", "Comment", "5"),
        ("Earned", "70", "", "", "75"), ("Spent", "-2", "", "", "73"),
    ]  # fmt: skip
    assert rows[-1]["Reason"] == "'=一杯茶"
    assert agent.get("/loyalty/members/nobody/statement.csv").status_code == 404


def test_the_differences_of_an_earlier_night_can_still_be_looked_at(lead: FlaskClient) -> None:
    entry = ledger.earn(make_fan("小满"), POINTS, 7, key="a", at=NOON)
    entry.account.balance = 8
    reconciling.check(NOON - timedelta(days=1))
    entry.account.balance = 7
    reconciling.check(NOON)

    newest = lead.get("/loyalty/reconciliation").text
    nights = re.findall(r'href="(/loyalty/reconciliation\?night=[^"]+)"', newest)
    earlier = lead.get(nights[-1]).text
    file = lead.get("/loyalty/reconciliation.csv", buffered=True).text

    assert "Account against its entries" not in newest
    assert len(nights) == 2
    assert "Account against its entries" in earlier
    assert "You look at an earlier comparison" in earlier
    assert [row["differences"] for row in csv.DictReader(io.StringIO(file.lstrip("\ufeff")))] == ["0", "2"]
    for wrong in ("nonsense", "2026-03-01", quote(NOON.replace(hour=1).isoformat())):
        assert lead.get(f"/loyalty/reconciliation?night={wrong}").status_code == 404


def test_a_person_takes_what_is_pending_as_proven(lead: FlaskClient) -> None:
    fan = make_fan()
    entry = ledger.earn(fan, POINTS, 7, key="a", at=NOON, available_at=LATER)

    silent = lead.post(f"{path_of(entry)}/confirm", data={"note": ""})
    said = lead.post(f"{path_of(entry)}/confirm", data={"note": "已签收"})
    again = lead.post(f"{path_of(entry)}/confirm", data={"note": "已签收"})

    assert (silent.status_code, said.status_code, again.status_code) == (422, 303, 303)
    assert (balance(fan, POINTS), accounts.pending(fan, POINTS)) == (7, 0)
    facts = db.session.scalars(select(Event).where(Event.kind == "loyalty.confirmed")).all()
    assert [fact.payload["note"] for fact in facts] == ["已签收"]


def test_a_person_undoes_an_entry_once_and_with_a_reason(lead: FlaskClient) -> None:
    fan = make_fan()
    entry = ledger.earn(fan, POINTS, 7, key="a", at=NOON)

    first = lead.post(f"{path_of(entry)}/undo", data={"note": "退货"})
    lead.post(f"{path_of(entry)}/undo", data={"note": "退货"})
    undone = db.session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id)).one()

    assert first.status_code == 303
    assert (balance(fan, POINTS), undone.note, undone.actor.name if undone.actor else "") == (0, "退货", "老周")
    assert "Look at the entry that undid this one" in lead.get(path_of(entry)).text
    refused = lead.post(f"{path_of(undone)}/undo", data={"note": "退货"})
    assert refused.status_code == 422
    assert "cannot be reversed" in refused.text


def test_who_may_only_read_settles_nothing(agent: FlaskClient) -> None:
    entry = ledger.earn(make_fan(), POINTS, 7, key="a", at=NOON, available_at=LATER)

    for verb in ("confirm", "undo"):
        assert agent.post(f"{path_of(entry)}/{verb}", data={"note": "x"}).status_code == 404


def test_what_is_pending_is_said_in_the_history_and_on_the_profile(lead: FlaskClient) -> None:
    fan = make_fan()
    entry = ledger.earn(fan, POINTS, 7, key="a", at=NOON, available_at=LATER)

    history = lead.get(f"/loyalty/members/{fan.public_id}").text
    profile = lead.get(f"/members/{fan.public_id}").text

    assert "or earlier once it is proven" in history
    assert path_of(entry) in history
    assert "Pending points" in profile


def test_a_fan_is_told_of_points_that_expire_soon(app: Flask, client: FlaskClient) -> None:
    clock.set_to(NOON)
    fan = make_fan(language="en")
    for number, days in enumerate((0, 10, 30, 31)):
        ledger.earn(fan, POINTS, 10 + number, key=f"e{number}", at=NOON, expires_at=NOON + timedelta(days=days))
    ledger.earn(fan, POINTS, 70, key="b", at=NOON, available_at=LATER, expires_at=NOON + timedelta(days=20))
    assert fan.user is not None
    sign_in(client, fan.user)

    page = client.get("/circle/me").text

    assert "23 points expire within 30 days unless you spend them, the first on 11 Mar 2026." in page
