from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commons.db import db
from commons.jobs.redacting import HIDDEN, MOST_CHARACTERS, error_words, redacted
from tests.commons.jobs import crew


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("cannot reach smtp://brand:hunter2@mail.example.org:587", "hunter2"),
        ("401 for Authorization: Bearer eyJhbGciOi.J9abc", "eyJhbGciOi"),
        ('{"access_token": "abc-DEF-123", "x": 1}', "abc-DEF-123"),
        ("login failed, password=correct horse", "correct"),
        ("refused https://example.org/reset?token=Zx81kk&next=/", "Zx81kk"),
        ("the link /confirm/Jk3lsdf90Sdkfj3lsdf90Sdkfj3lsdf90Sdkfj is old", "Jk3lsdf90"),
        ("no mailbox xiaoman@example.org", "xiaoman"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(words: str, secret: str) -> None:
    assert secret in words
    assert secret not in redacted(words)
    assert HIDDEN in redacted(words)


def test_ordinary_words_stay() -> None:
    words = "ConnectError: [Errno 111] Connection refused by mail.example.org:587, 3 tries, 日期 2026-03-01T12:00:00"
    assert redacted(words) == words


def test_the_applications_own_key_never_appears(jobs_app: Flask) -> None:
    key = jobs_app.extensions["settings"].secret_key
    assert key not in redacted(f"signed with {key}")


def test_the_words_say_what_and_where() -> None:
    with pytest.raises(RuntimeError) as caught:
        crew.deliver_nowhere()
    words = error_words(caught.value)
    assert words.splitlines()[0] == "RuntimeError: no such address"
    assert "commons/jobs/crew.py:" in words


def test_the_cause_is_named() -> None:
    error = RuntimeError("cannot keep the picture")
    error.__cause__ = OSError("disk full")
    assert "because of OSError: disk full" in error_words(error)


def test_the_parameters_of_a_statement_are_left_out(jobs_app: Flask) -> None:
    crew.leave_effect("note", 1)
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("INSERT INTO crew_effect (id, nothing) VALUES (:id, 2)"), {"id": "hush hush"})
    db.session.rollback()
    assert "hush" in str(caught.value)
    assert "hush" not in error_words(caught.value)


def test_a_long_message_is_cut() -> None:
    assert len(error_words(RuntimeError("no " * 5000))) == MOST_CHARACTERS
