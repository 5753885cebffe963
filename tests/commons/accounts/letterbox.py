"""Reading the mail of the people in these tests."""

from __future__ import annotations

import re
from email.message import EmailMessage

from flask import current_app

from commons import clock, jobs
from tests.servers.smtp import Smtp


def letters(smtp: Smtp, address: str) -> list[EmailMessage]:
    """What has arrived at `address` once all that is due is sent, oldest first."""
    jobs.drain(clock.now())
    return smtp.to(address)


def latest(smtp: Smtp, address: str) -> str:
    """The text of the newest letter."""
    return str(letters(smtp, address)[-1].get_content())


def path_in(text: str, room: str) -> str:
    """The path of the link to `/accounts/<room>/…` in a letter."""
    found = re.search(rf"{re.escape(current_app.config['BASE_URL'])}(/accounts/{room}/\S+)", text)
    assert found, text
    return found[1]
