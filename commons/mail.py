"""Mail: written now, sent by a job after the commit; shown on the console where no server is set."""

from __future__ import annotations

import base64
import json
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet
from flask import Flask, current_app

from commons import jobs
from commons.config import Settings
from commons.crypto import derived_key
from commons.setting_error import SettingError

TIMEOUT = 20.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def send_later(to: str, subject: str, text: str, at: datetime) -> None:
    """Put a mail into the outbox; a worker sends it after the commit.

    The letter waits encrypted: it may carry a link that signs somebody in.
    """
    letter = {
        "to": to,
        "subject": _one_line(subject),
        "text": text,
        "date": at.timestamp(),
        "id": make_msgid(domain=_domain()),
    }
    jobs.send("mail.send", letter=_fernet().encrypt(json.dumps(letter).encode()).decode())


@jobs.job("mail.send", queue="default", tries=8)
def send(letter: str) -> None:
    """Hand one letter to the server, or show it on the console. The Message-ID is the letter's, so a repeat is known as one."""
    message = compose(json.loads(_fernet().decrypt(letter.encode())))
    settings: Settings = current_app.extensions["settings"]
    if settings.mail_url is None:
        _show(message)
        return
    with _server(settings.mail_url) as server:
        server.send_message(message)


def compose(letter: dict[str, str]) -> EmailMessage:
    """The message as it travels. Plain text, marked as sent by a machine so that no auto-reply answers it."""
    settings: Settings = current_app.extensions["settings"]
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = letter["to"]
    message["Subject"] = letter["subject"]
    message["Date"] = format_datetime(datetime.fromtimestamp(float(letter["date"]), UTC))
    message["Message-ID"] = letter["id"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter["text"], charset="utf-8")
    return message


def check_url(url: str) -> str:
    """`url` if it can be a MAIL_URL; `SettingError` otherwise."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingError("MAIL_URL must be smtp://, smtps:// or smtp+starttls:// with a host")
    return url


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    if settings.mail_url is not None:
        check_url(settings.mail_url)


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    """The mail server that MAIL_URL names, signed in where the address has credentials."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _show(message: EmailMessage) -> None:
    """Where no server is set, the letter goes to the terminal in a frame, and never into a log."""
    head = [f"{name}: {message[name]}" for name in ("To", "Subject")]
    lines = [*head, "", *message.get_content().rstrip().splitlines()]
    frame = ["", "┌── mail (MAIL_URL is not set) " + "─" * 40, *(f"│ {line}" for line in lines), "└" + "─" * 70, ""]
    sys.stdout.write("\n".join(frame) + "\n")
    sys.stdout.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _domain() -> str:
    settings: Settings = current_app.extensions["settings"]
    return parseaddr(settings.mail_from)[1].partition("@")[2] or "localhost"


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("mail")))
