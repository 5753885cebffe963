"""Addresses that leave the page: by the name of the installation, and nothing else happens when one is made."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy import inspect

from commons.db import db
from commons.web import absolute_url
from tests.factories import make_fan


def test_an_address_for_outside_has_the_name_of_the_installation_however_the_visitor_came(app: Flask) -> None:
    base = app.config["BASE_URL"]
    with app.test_request_context(base_url="http://127.9.9.9:4711"):
        assert absolute_url("circle.feed") == f"{base}/circle"
        assert absolute_url("circle.feed", page=2, _anchor="茶") == f"{base}/circle?page=2#%E8%8C%B6"


def test_jobs_that_answer_no_request_make_the_same_addresses(app: Flask) -> None:
    assert url_for("circle.feed") == absolute_url("circle.feed") == f"{app.config['BASE_URL']}/circle"


def test_making_an_address_leaves_what_was_read_in_memory(app: Flask) -> None:
    fan = make_fan("Lin")
    db.session.commit()
    with app.test_request_context():
        assert fan.name == "Lin"
        absolute_url("circle.feed")
        assert not inspect(fan).expired
