"""What the person who posts by hand is told by mail, in the language that he reads."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from commons import mail
from commons.i18n import speaking
from commons.web import absolute_url
from community.channels.handovers import HandOver


def tell(given: HandOver, at: datetime) -> None:
    """It is time."""
    _send(given, reminder=False, at=at)


def remind(given: HandOver, at: datetime) -> None:
    _send(given, reminder=True, at=at)


def _send(given: HandOver, *, reminder: bool, at: datetime) -> None:
    person = given.person
    if person is None or not person.email:
        return
    with speaking(person.language):
        place = given.account.name
        subject = (
            _("Still to be posted on %(place)s", place=place) if reminder else _("Post now on %(place)s", place=place)
        )
        lines = [
            _("Hello %(name)s,", name=person.name),
            _("it is time for this post on %(place)s. Text and pictures are ready to be taken over here:", place=place),
            absolute_url("channels.handoffs", _anchor=given.public_id),
            str(given.request["parts"][0]["text"])[:400],
            _("Once it stands there, paste its address on that page. If it cannot be posted, say so there."),
        ]
        mail.send_later(person.email, subject, "\n\n".join(lines) + "\n", at)
