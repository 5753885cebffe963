"""What a list said of a fan: in the fan's own data, and gone with the fan."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient

from commons.accounts import leaving, signing_up
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from tests.community.members.exchange.lists import written
from tests.factories import make_user, sign_in

ROW = ["小满", "man@example.org", "weibo:1001", "春茶", "2025-12-24"]
OTHER = ["阿木", "mu@example.org", "weibo:1002", "春茶", "2025-12-24"]


def come(at: datetime) -> User:
    user = make_user(Role.FAN, "满满", email="man@example.org")
    signing_up.welcome(user, at)
    return user


def test_the_export_has_the_row_and_the_grounds_on_which_it_was_taken_in(lead: User, at: datetime) -> None:
    written(lead, at, ROW, OTHER)

    (told,) = leaving.export(come(at), at)["imported"]

    assert told["basis"] == "signed our list"
    assert "weibo:1001" in str(told["row"])


def test_what_the_row_says_goes_with_the_fan_and_the_list_still_opens(
    client: FlaskClient, lead: User, at: datetime
) -> None:
    mine, other = written(lead, at, ROW, OTHER)

    leaving.erase(come(at), at)

    db.session.refresh(mine)
    assert "1001" not in str((mine.cells, mine.problems, mine.changes, mine.notes))
    assert "1002" in str(other.cells)
    sign_in(client, lead)
    page = client.get(mine.of.url)
    assert page.status_code == 200
    assert "man@example.org" not in page.text
