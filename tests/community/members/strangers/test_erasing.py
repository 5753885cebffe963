"""Erasing somebody who has no account to do it in: confirmed, on record, everything personal gone, and the ledgers in balance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, cast, func, select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from commons.sheets.models import Verdict
from community.inbox.models import Interaction
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency
from community.members.exchange.models import AwaitedMail, MemberImportRow
from community.members.merging import joining
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.profiles.models import Consent
from community.members.strangers import erasing
from community.members.tags.models import Tagging
from tests.community.inbox.factories import come_in, make_account
from tests.community.members.exchange.lists import taken_in, verdicts
from tests.community.members.merging.factories import REASON, join
from tests.community.members.strangers.conftest import ADDRESS
from tests.factories import make_fan, make_staff, sign_in

UID = "1404376560"


@pytest.fixture
def busy(stranger: Member, at: datetime) -> Member:
    """阿明 has commented on Weibo and has points for it."""
    come_in(make_account("teahouse", "weibo"), "one", at=at, author_external_id=UID, author_name="阿明", occurred_at=at)
    assert balance(stranger, Currency.POINTS) > 0
    return stranger


def named(word: str) -> list[str]:
    """Where a word still stands: in the rows of lists, in what was written, in names."""
    found = {
        "rows": select(func.count()).where(cast(MemberImportRow.cells, String).contains(word)),
        "words": select(func.count()).where(Interaction.text.contains(word)),
        "members": select(func.count()).where(cast(Member.name, String).contains(word)),
        "handles": select(func.count()).where(cast(Handle.name, String).contains(word)),
        "mails": select(func.count()).where(AwaitedMail.mail.contains(word)),
        "facts": select(func.count()).where(cast(Event.payload, String).contains(word)),
    }
    return [place for place, query in found.items() if db.session.scalar(query)]


def test_everything_personal_goes_and_the_ledgers_stay(desk: FlaskClient, busy: Member) -> None:
    points = balance(busy, Currency.POINTS)
    page = desk.get(f"/members/{busy.public_id}/erase").text
    assert "It cannot be undone." in page

    answer = desk.post(f"/members/{busy.public_id}/erase", data={"reason": "asked on the phone", "sure": "y"})

    assert answer.location == "/members"
    db.session.expire_all()
    assert busy.erased_at is not None
    assert [named(word) for word in ("阿明", ADDRESS, "aming")] == [[], [], []]
    for model in (AwaitedMail, Tagging, Consent):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert balance(busy, Currency.POINTS) == points
    assert reconcile() == []
    assert desk.get(f"/members/{busy.public_id}").status_code == 404
    assert desk.get("/members/import").status_code == 200


def test_the_lists_that_brought_the_person_can_still_be_looked_at(desk: FlaskClient, busy: Member) -> None:
    row = db.session.scalars(select(MemberImportRow)).one()
    erasing.erase(busy, by=row.of.made_by, reason=REASON, at=row.of.made_at)
    db.session.commit()

    page = desk.get(row.of.url)

    assert page.status_code == 200
    assert "A former member" in page.text
    assert f"/members/{busy.public_id}" not in page.text


def test_it_takes_a_reason_and_a_tick(desk: FlaskClient, stranger: Member) -> None:
    for data in ({"reason": "asked"}, {"sure": "y"}, {"reason": "\u202e", "sure": "y"}):
        assert desk.post(f"/members/{stranger.public_id}/erase", data=data).status_code == 422
    db.session.expire_all()
    assert stranger.erased_at is None


def test_it_is_on_the_audit_log_with_its_reason_and_without_a_name(
    app: Flask, desk: FlaskClient, clerk: User, stranger: Member
) -> None:
    desk.post(f"/members/{stranger.public_id}/erase", data={"reason": "asked on the phone", "sure": "y"})

    fact = db.session.scalars(select(Event).where(Event.kind == "member.erased")).one()
    assert (fact.actor_id, fact.member_id, fact.payload) == (clerk.id, stranger.id, {"reason": "asked on the phone"})
    assert db.session.scalar(select(func.count()).where(Event.kind == "account.erased")) == 0
    admin = app.test_client()
    sign_in(admin, make_staff(Role.ADMINISTRATOR, language="en"))
    assert "asked on the phone" in admin.get("/admin/audit").text


def test_twice_is_once(clerk: User, busy: Member, at: datetime) -> None:
    for later in range(2):
        erasing.erase(busy, by=clerk, reason=REASON, at=at + timedelta(hours=later))

    assert busy.erased_at == at


def test_whoever_has_an_account_does_it_himself(desk: FlaskClient, clerk: User, at: datetime) -> None:
    fan = make_fan("小满", at)

    assert desk.get(f"/members/{fan.public_id}/erase").status_code == 404
    assert desk.post(f"/members/{fan.public_id}/erase", data={"reason": "x", "sure": "y"}).status_code == 404
    with pytest.raises(Conflict):
        erasing.erase(fan, by=clerk, reason=REASON, at=at)
    assert fan.erased_at is None


def test_only_who_may_change_members_erases(stranger: Member, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        erasing.erase(stranger, by=make_staff(Role.EXECUTIVE), reason=REASON, at=at)
    with pytest.raises(Invalid):
        erasing.erase(stranger, by=make_staff(Role.CAMPAIGN_LEAD), reason="  ", at=at)


def test_no_list_brings_back_who_left_but_the_person_proves_the_handle_again(
    clerk: User, busy: Member, at: datetime
) -> None:
    erasing.erase(busy, by=clerk, reason=REASON, at=at)
    handle = db.session.scalars(select(Handle).where(Handle.external_id == UID)).one()
    assert verdicts(taken_in(clerk, at, ["阿明", "", f"weibo:{UID}", "", ""])) == [Verdict.BROKEN]
    again = make_fan("阿明", at)

    join(handle, again)

    assert handle.member is again
    assert busy.erased_at is not None
    assert balance(again, Currency.POINTS) == 0


def test_staff_cannot_give_the_handle_of_who_left_to_somebody(clerk: User, busy: Member, at: datetime) -> None:
    erasing.erase(busy, by=clerk, reason=REASON, at=at)
    handle = db.session.scalars(select(Handle).where(Handle.external_id == UID)).one()

    with pytest.raises(Invalid):
        joining.join_handle(handle, make_fan("阿木", at), by=clerk, at=at, proof=Proof.STAFF, reason=REASON)
