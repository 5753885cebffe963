from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from commons import jobs, mail
from commons.db import db
from commons.jobs.models import Job, JobState
from commons.setting_error import SettingError
from tests.servers.smtp import Smtp, free_port

LETTER = ("lena@example.org", "Hello 圈子", "第一行\n\nhttps://example.org/" + "x" * 200 + "\n")


def with_server(app: Flask, url: str | None) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], mail_url=url)


@pytest.fixture(autouse=True)
def _settings(app: Flask) -> object:
    before = app.extensions["settings"]
    yield
    app.extensions["settings"] = before


def test_a_letter_arrives_after_the_commit_and_not_before(app: Flask, smtp: Smtp, at: datetime) -> None:
    mail.send_later(*LETTER, at)
    assert smtp.messages == []

    jobs.drain(at)

    (message,) = smtp.messages
    assert (message["To"], message["Subject"]) == ("lena@example.org", "Hello 圈子")
    assert message.get_content().replace("\r\n", "\n") == LETTER[2]
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_letter_of_a_transaction_that_failed_is_never_sent(app: Flask, smtp: Smtp, at: datetime) -> None:
    db.session.commit()
    mail.send_later(*LETTER, at)
    db.session.rollback()

    jobs.drain(at)

    assert smtp.messages == []


def test_sent_twice_it_is_known_as_one(app: Flask, smtp: Smtp, at: datetime) -> None:
    mail.send_later(*LETTER, at)
    arguments = db.session.scalars(select(Job.arguments).where(Job.name == "mail.send")).one()

    mail.send(**arguments)
    mail.send(**arguments)

    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_without_a_server_the_letter_stands_framed_on_the_console_and_in_no_log(
    app: Flask, at: datetime, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with_server(app, None)
    mail.send_later(*LETTER, at)

    jobs.drain(at)

    shown = capsys.readouterr().out
    assert "│ To: lena@example.org" in shown
    assert "│ 第一行" in shown
    assert "┌" in shown
    assert "第一行" not in caplog.text


def test_a_server_that_is_away_is_tried_again(app: Flask, smtp: Smtp, at: datetime) -> None:
    with_server(app, f"smtp://127.0.0.1:{free_port()}")
    mail.send_later(*LETTER, at)
    jobs.drain(at)
    job = db.session.scalars(select(Job).where(Job.name == "mail.send")).one()
    assert job.state == JobState.WAITING

    with_server(app, smtp.url)
    jobs.drain(job.due_at)

    assert len(smtp.messages) == 1


def test_what_went_wrong_is_kept_without_the_credentials(app: Flask, at: datetime) -> None:
    with_server(app, f"smtp://quanzi:s3cr3t-w0rd@127.0.0.1:{free_port()}")
    mail.send_later(*LETTER, at)
    jobs.drain(at)

    job = db.session.scalars(select(Job).where(Job.name == "mail.send")).one()
    assert job.last_error
    assert "s3cr3t-w0rd" not in job.last_error


def test_no_line_break_gets_into_a_header(app: Flask, smtp: Smtp, at: datetime) -> None:
    mail.send_later("lena@example.org", "Hello\r\nBcc: all@example.org", "text", at)

    jobs.drain(at)

    (message,) = smtp.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@example.org"


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtps://u:p%40ss@mail:465", "smtp+starttls://mail:587"])
def test_these_are_mail_servers(url: str) -> None:
    assert mail.check_url(url) == url


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "smtp://", "ftp://mail", ""])
def test_these_are_none(url: str) -> None:
    with pytest.raises(SettingError):
        mail.check_url(url)
