from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import inviting, signing_up, tokens
from commons.accounts.models import Invitation, User
from commons.db import db
from commons.errors import Conflict, Gone, Invalid
from commons.permissions import Role
from tests.commons.accounts.letterbox import latest, letters, path_in
from tests.factories import PASSWORD, make_fan, make_staff
from tests.servers.smtp import Smtp

MAYA = {"name": "Maya", "password": PASSWORD}


@pytest.fixture
def alan(app: Flask, at: datetime) -> User:
    return make_staff(Role.ADMINISTRATOR, "阿岚")


def invite(alan: User, email: str = "maya@example.org", role: Role = Role.CAMPAIGN_LEAD) -> str:
    return inviting.invite(email, role, alan, clock.now())


def test_an_invited_colleague_joins_in_the_role_and_is_signed_in(client: FlaskClient, smtp: Smtp, alan: User) -> None:
    invite(alan)
    link = path_in(latest(smtp, "maya@example.org"), "invitation")

    assert "maya@example.org" in client.get(link).text
    assert client.post(link, data=MAYA).location == "/staff"

    maya = signing_up.account_of("maya@example.org")
    assert maya is not None
    assert (maya.role, maya.is_active) == (Role.CAMPAIGN_LEAD, True)
    assert client.get("/staff").status_code == 200


def test_the_letter_speaks_both_languages(smtp: Smtp, alan: User) -> None:
    invite(alan)

    text = latest(smtp, "maya@example.org")
    assert "invites you to" in text
    assert "邀请" in text


def test_a_link_is_used_once(app: Flask, client: FlaskClient, alan: User) -> None:
    token = invite(alan)
    assert client.post(f"/accounts/invitation/{token}", data=MAYA).status_code == 303

    thief = app.test_client()
    assert thief.get(f"/accounts/invitation/{token}").status_code == 410
    assert thief.post(f"/accounts/invitation/{token}", data=MAYA).status_code == 410


def test_a_link_is_too_old_after_seven_days(client: FlaskClient, alan: User) -> None:
    token = invite(alan)
    clock.advance(days=7)

    assert client.get(f"/accounts/invitation/{token}").status_code == 410


def test_a_withdrawn_link_is_over_and_withdrawing_twice_is_one(client: FlaskClient, alan: User, at: datetime) -> None:
    token = invite(alan)
    invitation = db.session.scalars(select(Invitation)).one()
    inviting.withdraw(invitation, alan, at)
    first = invitation.withdrawn_at
    inviting.withdraw(invitation, alan, clock.advance(hours=1))

    assert invitation.withdrawn_at == first
    assert client.post(f"/accounts/invitation/{token}", data=MAYA).status_code == 410


def test_an_accepted_invitation_cannot_be_withdrawn(alan: User, at: datetime) -> None:
    inviting.accept(invite(alan), "Maya", PASSWORD, at)

    with pytest.raises(Conflict):
        inviting.withdraw(db.session.scalars(select(Invitation)).one(), alan, at)


def test_sending_again_makes_a_new_link_and_ends_the_old(client: FlaskClient, alan: User) -> None:
    old = invite(alan)
    later = clock.advance(days=6)
    new = inviting.send_again(db.session.scalars(select(Invitation)).one(), alan, later)
    clock.advance(days=6)

    assert client.get(f"/accounts/invitation/{old}").status_code == 410
    assert client.get(f"/accounts/invitation/{new}").status_code == 200


def test_inviting_an_address_again_ends_the_earlier_invitation(client: FlaskClient, alan: User) -> None:
    first, second = invite(alan), invite(alan, "MAYA@example.org", Role.APPROVER)

    assert client.get(f"/accounts/invitation/{first}").status_code == 410
    assert client.get(f"/accounts/invitation/{second}").status_code == 200


def test_the_token_is_kept_only_as_a_hash(alan: User) -> None:
    token = invite(alan)

    row = db.session.scalars(select(Invitation)).one()
    assert row.token_hash == tokens.hash_of(token)
    assert token not in str(vars(row))


def test_nobody_is_invited_as_a_fan(alan: User) -> None:
    with pytest.raises(Invalid):
        invite(alan, role=Role.FAN)


def test_addresses_with_an_account_are_refused(alan: User, at: datetime) -> None:
    make_fan(email="fan@example.org")
    make_staff(email="staff@example.org")
    make_staff(email="former@example.org", ended_at=at)

    for email in ("fan@example.org", "Staff@example.org", "former@example.org"):
        with pytest.raises(Conflict):
            invite(alan, email)


def test_who_became_a_fan_in_the_meantime_cannot_accept(client: FlaskClient, alan: User) -> None:
    token = invite(alan)
    make_fan(email="maya@example.org")

    assert client.post(f"/accounts/invitation/{token}", data=MAYA).status_code == 409


def test_an_unconfirmed_sign_up_gives_way_to_the_invitation(
    client: FlaskClient, alan: User, smtp: Smtp, at: datetime
) -> None:
    signing_up.sign_up("Mallory", "maya@example.org", "mallory's long passphrase", "en", "UTC", at)
    confirming = path_in(latest(smtp, "maya@example.org"), "confirm")

    client.post(f"/accounts/invitation/{invite(alan)}", data=MAYA)

    maya = signing_up.account_of("maya@example.org")
    assert maya is not None
    assert (maya.name, maya.role) == ("Maya", Role.CAMPAIGN_LEAD)
    assert client.post(confirming).status_code == 410
    assert maya.role is Role.CAMPAIGN_LEAD


def test_the_invitation_page_refuses_weak_passwords_and_keeps_the_link(client: FlaskClient, alan: User) -> None:
    token = invite(alan)

    assert client.post(f"/accounts/invitation/{token}", data={"name": "Maya", "password": "x"}).status_code == 422
    assert client.post(f"/accounts/invitation/{token}", data=MAYA).status_code == 303


def test_a_link_works_for_one_of_two_who_press_at_once(alan: User, at: datetime) -> None:
    token = invite(alan)
    inviting.accept(token, "Maya", PASSWORD, at)

    with pytest.raises(Gone):
        inviting.accept(token, "Maya again", PASSWORD, at)


def test_no_letter_goes_to_who_is_refused(smtp: Smtp, alan: User) -> None:
    make_fan(email="fan@example.org")
    with pytest.raises(Conflict):
        invite(alan, "fan@example.org")

    assert letters(smtp, "fan@example.org") == []


def test_the_first_administrator_is_invited_from_the_command_line(app: Flask, client: FlaskClient) -> None:
    said = app.test_cli_runner().invoke(args=["invite", "first@example.org"])

    assert said.exit_code == 0, said.output
    path = path_in(said.output, "invitation")
    assert client.post(path, data=MAYA).status_code == 303
    first = signing_up.account_of("first@example.org")
    assert first is not None
    assert first.role is Role.ADMINISTRATOR


def test_the_command_line_refuses_what_is_no_address_or_no_staff_role(app: Flask) -> None:
    runner = app.test_cli_runner()

    assert runner.invoke(args=["invite", "nobody"]).exit_code == 2
    assert runner.invoke(args=["invite", "a@example.org", "--role", "fan"]).exit_code == 2
