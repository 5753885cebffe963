"""Somebody whom a list brought in, a clerk who may change members, and a house that mails."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.accounts.models import User
from commons.permissions import Role
from community.members.models import Member
from tests.community.members.exchange.lists import HEAD, members, written
from tests.factories import make_staff, sign_in

ADDRESS = "aming@example.org"
WITH_MAIL = [*HEAD, "Consent to mail"]


@pytest.fixture
def clerk(app: Flask, at: datetime) -> User:
    return make_staff(Role.SERVICE_AGENT, language="en", zone="Asia/Shanghai")


@pytest.fixture
def stranger(clerk: User, at: datetime) -> Member:
    """阿明, who signed a list, agreed to mails, and has written on Weibo before."""
    written(clerk, at, ["阿明", ADDRESS, "weibo:1404376560", "春茶", "", "yes"], head=WITH_MAIL)
    (member,) = members()
    return member


@pytest.fixture
def desk(client: FlaskClient, clerk: User) -> FlaskClient:
    sign_in(client, clerk)
    return client
