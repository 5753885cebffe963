"""Signing up with a code: typed, or brought along by its link; it counts once the address is confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import clock
from commons.accounts import signing_up
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.members.roster import member_of
from community.notices.models import Notice
from community.seed_users import accepting, codes
from community.seed_users.models import Acceptance, Claim, InvitationCode
from tests.commons.accounts.letterbox import latest, path_in
from tests.community.seed_users.factories import come, make_code, make_seed
from tests.factories import PASSWORD, make_staff
from tests.servers.smtp import Smtp

ADDRESS = "new@example.org"
ENGLISH = {"Accept-Language": "en"}


def sign_up(client: FlaskClient, code: str | None = None, email: str = ADDRESS) -> int:
    given = {"name": "新来的", "email": email, "password": PASSWORD} | ({"code": code} if code is not None else {})
    return client.post("/accounts/sign-up", data=given, headers=ENGLISH).status_code


def confirm(client: FlaskClient, smtp: Smtp, email: str = ADDRESS) -> None:
    answer = client.post(path_in(latest(smtp, email), "confirm"), data={"password": PASSWORD})
    assert answer.status_code == 303


def who_came(code: InvitationCode) -> list[str]:
    query = select(Acceptance).where(Acceptance.code_id == code.id).order_by(Acceptance.id)
    return [one.member.name for one in db.session.scalars(query)]


def test_a_typed_code_counts_once_the_address_is_confirmed(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()

    assert sign_up(client, code.shown.upper()) == 303
    assert (code.used, who_came(code)) == (0, [])

    confirm(client, smtp)
    assert (code.used, who_came(code)) == (1, ["新来的"])
    assert db.session.scalars(select(Claim)).all() == []


def test_a_code_counts_when_the_mail_is_opened_on_another_device(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()
    sign_up(client, code.code)

    confirm(app.test_client(), smtp)

    assert who_came(code) == ["新来的"]


def test_the_link_fills_the_code_in(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    code = make_code()

    assert client.get(f"/i/{code.shown}").status_code == 200
    assert f'value="{code.code}"' in client.get("/accounts/sign-up").text
    sign_up(client)
    confirm(client, smtp)

    assert who_came(code) == ["新来的"]


def test_whoever_clears_the_field_comes_without_a_code(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()
    client.get(f"/i/{code.code}")

    sign_up(client, "")
    confirm(client, smtp)

    assert who_came(code) == []


def test_a_wrong_code_is_said_at_its_field_and_nobody_is_made(client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    given = {"name": "新来的", "email": ADDRESS, "password": PASSWORD, "code": "abcd-efgh"}

    answer = client.post("/accounts/sign-up", data=given, headers=ENGLISH)

    assert answer.status_code == 422
    assert "There is no such invitation code." in answer.text
    assert signing_up.account_of(ADDRESS) is None


def test_a_code_that_is_over_says_so_and_signing_up_works_without(
    client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()
    come(code)

    assert sign_up(client, code.code) == 422
    assert sign_up(client, "") == 303


def test_of_two_who_signed_up_with_the_last_use_the_first_to_confirm_has_it_and_the_other_is_in_and_told(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()
    sign_up(app.test_client(), code.code, "one@example.org")
    sign_up(app.test_client(), code.code, "two@example.org")

    confirm(app.test_client(), smtp, "one@example.org")
    confirm(app.test_client(), smtp, "two@example.org")

    second = signing_up.account_of("two@example.org")
    assert second is not None
    member = member_of(second)
    assert member is not None
    assert accepting.acceptance_of(member) is None
    told = db.session.scalars(select(Notice).where(Notice.member_id == member.id)).all()
    assert [notice.kind for notice in told] == ["invitation.missed"]
    assert code.used == 1


def test_of_two_sign_ups_with_one_address_the_newer_code_counts(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    seed = make_seed()
    first, second = make_code(seed), make_code(seed)
    sign_up(client, first.code)
    sign_up(client, second.code)

    confirm(client, smtp)

    assert (first.used, second.used) == (0, 1)


def test_an_address_that_is_taken_uses_no_code(app: Flask, client: FlaskClient, smtp: Smtp, at: datetime) -> None:
    sign_up(client)
    confirm(client, smtp)
    code = make_code()

    assert sign_up(app.test_client(), code.code) == 303

    assert db.session.scalars(select(Claim)).all() == []
    assert code.used == 0


def test_who_becomes_a_fan_in_another_way_brings_the_code_of_the_link_along(app: Flask, at: datetime) -> None:
    code = make_code()
    user = User(email=None, name="从别处来", role=Role.FAN, created_at=at, confirmed_at=at)
    db.session.add(user)
    db.session.flush()
    with app.test_request_context():
        session["invited_with"] = code.code
        signing_up.welcome(user, at)
        assert "invited_with" not in session

    assert who_came(code) == ["从别处来"]


def test_a_code_withdrawn_between_sign_up_and_confirmation_keeps_nobody_out(
    app: Flask, client: FlaskClient, smtp: Smtp, at: datetime
) -> None:
    code = make_code()
    sign_up(client, code.code)
    codes.revoke(code, by=make_staff(), at=at)
    clock.set_to(at + timedelta(hours=1))

    confirm(client, smtp)

    user = signing_up.account_of(ADDRESS)
    assert user is not None
    assert user.confirmed_at is not None
    assert who_came(code) == []
