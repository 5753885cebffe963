"""What a person does to sign in with a provider."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from commons.accounts import signing_up
from commons.accounts.identities.models import Identity, IdentityRequest
from commons.accounts.models import User
from commons.db import db
from tests.commons.accounts.identities.conftest import BASE_URL
from tests.servers.openid import agree

XIAOMAN = "xiaoman@example.org"


def way_there(client: FlaskClient, provider: str = "house", **fields: str) -> str:
    """Press the button; the address at the provider to which the page leads."""
    page = client.post(f"/accounts/with/{provider}", data=fields)
    assert page.status_code == 200, page.text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text
    return unescape(found[1])


def way_back(client: FlaskClient, login: str, provider: str = "house", **fields: str) -> str:
    """Press the button, sign in there as `login`, agree; the path that the browser is sent back to."""
    address = agree(way_there(client, provider, **fields), login, BASE_URL)
    return address.removeprefix(BASE_URL)


def come_in(client: FlaskClient, login: str, provider: str = "house", **fields: str) -> TestResponse:
    """All of it: what the browser sees when it is back."""
    return client.get(way_back(client, login, provider, **fields))


def account() -> User:
    """小满's account here."""
    user = signing_up.account_of(XIAOMAN)
    assert user is not None
    return user


def count(model: type[User] | type[Identity] | type[IdentityRequest]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
