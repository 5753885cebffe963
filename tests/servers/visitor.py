"""The test client: every request is a visit of its own, as it is behind a real server."""

from __future__ import annotations

import contextvars
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commons.db import db


class Visitor(FlaskClient):
    """A client whose requests share nothing with the test but the database.

    What the test has built is committed before the request (inside the test's savepoint), and everything it holds is read
    anew afterwards. Flask would otherwise lend the test's application context to the request: one session, one `g`, and so
    one signed-in user for all clients of a test.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return response
