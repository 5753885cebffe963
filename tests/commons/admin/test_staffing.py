from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.accounts import administrators
from commons.accounts.models import Invitation, User
from commons.admin import staffing
from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from tests.at_once import at_once
from tests.factories import PASSWORD, make_fan, make_staff, sign_in


@pytest.fixture
def alan(app: Flask, client: FlaskClient, at: datetime) -> User:
    user = make_staff(Role.ADMINISTRATOR, "阿岚")
    sign_in(client, user)
    return user


def kinds() -> list[str]:
    return list(db.session.scalars(select(Event.kind).order_by(Event.id)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_find_the_staff_pages(app: Flask, client: FlaskClient, role: Role, at: datetime) -> None:
    user = make_fan().user if role is Role.FAN else make_staff(role)
    assert user is not None
    sign_in(client, user)

    for path in ("/admin/staff", "/admin/staff/invite", "/admin/audit", "/admin/audit.csv", "/admin/brand"):
        assert client.get(path).status_code == 404
    assert client.post("/admin/staff/invite", data={"email": "a@example.org", "role": "approver"}).status_code == 404


def test_inviting_from_the_page(client: FlaskClient, alan: User) -> None:
    answer = client.post("/admin/staff/invite", data={"email": "Maya@example.org", "role": "campaign_lead"})

    assert answer.location == "/admin/staff"
    page = client.get("/admin/staff").text
    assert "maya@example.org" in page
    assert kinds() == ["staff.invited"]


@pytest.mark.parametrize(
    "data",
    [
        {"email": "no address", "role": "approver"},
        {"email": "a@example.org", "role": "fan"},
        {"email": "a@example.org", "role": "emperor"},
        {"email": "a@example.org"},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(client: FlaskClient, alan: User, data: dict[str, str]) -> None:
    assert client.post("/admin/staff/invite", data=data).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_an_address_that_is_taken_is_refused_with_advice(client: FlaskClient, alan: User) -> None:
    make_staff(email="chen@example.org")

    answer = client.post("/admin/staff/invite", data={"email": "chen@example.org", "role": "approver"})

    assert answer.status_code == 422
    assert "notice-bad" in answer.text


def test_an_invitation_is_sent_again_and_withdrawn_from_the_page(client: FlaskClient, alan: User) -> None:
    client.post("/admin/staff/invite", data={"email": "maya@example.org", "role": "approver"})
    invitation = db.session.scalars(select(Invitation)).one()
    first = invitation.token_hash

    client.post(f"/admin/invitations/{invitation.public_id}/send-again")
    assert invitation.token_hash != first
    client.post(f"/admin/invitations/{invitation.public_id}/withdraw")

    assert invitation.withdrawn_at is not None
    client.get("/admin/staff")  # says once what was done
    assert "maya@example.org" not in client.get("/admin/staff").text
    assert kinds() == ["staff.invited", "staff.invited_again", "staff.invitation_withdrawn"]


def test_fewer_rights_sign_a_person_out_and_more_do_not(app: Flask, client: FlaskClient, alan: User) -> None:
    executive, lead = make_staff(Role.EXECUTIVE), make_staff(Role.CAMPAIGN_LEAD)
    theirs, hers = app.test_client(), app.test_client()
    sign_in(theirs, executive)
    sign_in(hers, lead)

    client.post(f"/admin/staff/{executive.public_id}/role", data={"role": "administrator"})
    client.post(f"/admin/staff/{lead.public_id}/role", data={"role": "executive"})

    assert (executive.role, lead.role) == (Role.ADMINISTRATOR, Role.EXECUTIVE)
    assert theirs.get("/staff").status_code == 200
    assert hers.get("/staff").status_code == 303


def test_ending_access_signs_out_at_once_and_can_be_taken_back(app: Flask, client: FlaskClient, alan: User) -> None:
    maya = make_staff()
    hers = app.test_client()
    sign_in(hers, maya)

    client.post(f"/admin/staff/{maya.public_id}/end")
    assert hers.get("/staff").status_code == 303
    assert hers.post("/accounts/sign-in", data={"email": maya.email, "password": PASSWORD}).status_code == 422

    client.post(f"/admin/staff/{maya.public_id}/restore")
    assert hers.post("/accounts/sign-in", data={"email": maya.email, "password": PASSWORD}).status_code == 303


def test_nobody_changes_the_own_access(client: FlaskClient, alan: User) -> None:
    make_staff(Role.ADMINISTRATOR, "Maya")

    assert client.post(f"/admin/staff/{alan.public_id}/role", data={"role": "approver"}).status_code == 403
    assert client.post(f"/admin/staff/{alan.public_id}/end").status_code == 403
    assert (alan.role, alan.ended_at) == (Role.ADMINISTRATOR, None)


def test_fans_are_no_staff(client: FlaskClient, alan: User, at: datetime) -> None:
    fan = make_fan().user
    assert fan is not None

    assert client.get(f"/admin/staff/{fan.public_id}").status_code == 404
    assert client.post(f"/admin/staff/{fan.public_id}/role", data={"role": "administrator"}).status_code == 404
    with pytest.raises(Invalid):
        staffing.change_role(fan, Role.ADMINISTRATOR, alan, at)
    assert fan.role is Role.FAN


def test_no_role_makes_a_colleague_a_fan(client: FlaskClient, alan: User) -> None:
    maya = make_staff()

    assert client.post(f"/admin/staff/{maya.public_id}/role", data={"role": "fan"}).status_code == 422


def test_doing_it_twice_is_doing_it_once(alan: User, at: datetime) -> None:
    maya = make_staff(Role.APPROVER)
    for _turn in range(2):
        staffing.change_role(maya, Role.EXECUTIVE, alan, at)
        staffing.end_access(maya, alan, at)
    staffing.restore_access(maya, alan, at)
    staffing.restore_access(maya, alan, at)

    assert kinds() == ["staff.role_changed", "staff.access_ended", "staff.access_restored"]


def test_somebody_who_is_no_administrator_any_more_cannot_be_the_reason_that_none_is_left(
    alan: User, at: datetime
) -> None:
    former = make_staff(Role.ADMINISTRATOR, "former", ended_at=at)
    maya = make_staff(Role.ADMINISTRATOR, "Maya")
    staffing.end_access(maya, alan, at)

    with pytest.raises(NotAllowed):
        staffing.end_access(alan, former, at)


def test_two_administrators_who_remove_each_other_at_once_leave_one(committed_app: Flask, at: datetime) -> None:
    ids = [make_staff(Role.ADMINISTRATOR, name).id for name in ("阿岚", "Maya")]
    db.session.commit()

    def remove(by_id: int, user_id: int) -> None:
        by, user = db.session.get_one(User, by_id), db.session.get_one(User, user_id)
        staffing.change_role(user, Role.EXECUTIVE, by, at)

    refused = at_once(committed_app, partial(remove, *ids), partial(remove, *ids[::-1]))

    assert len(administrators.held()) == 1
    assert [type(refusal) for refusal in refused] == [NotAllowed]
