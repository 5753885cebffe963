"""Hand-off: for networks without a way in for programs. A person posts what was prepared, at the moment, and says so.

The one channel of `by_person` that there is. It calls nobody outside, and keeps what lies with whom in the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from community.channels import handover_letters, handovers
from community.channels.addresses import base_address
from community.channels.handovers import REMINDED_AFTER, HandOver
from community.channels.models import ChannelAccount
from community.channels.outcomes import ByPerson, CannotTell, Rejected, SignIn
from community.channels.protocol import Call, Connection, Facts, Field, Limits, Media, Outgoing, Sent
from community.channels.wording import text_sent

USUAL_CHARACTERS, MOST_CHARACTERS = 2000, 20_000
USUAL_PICTURES, MOST_PICTURES = 9, 18
LONGEST_ADDRESS = 300


class Handoff:
    """An account here is a place somewhere: its posting page, what fits there, and who posts."""

    name = "handoff"
    facts = Facts(
        label=_l("Hand-off to a person"),
        icon="hand-stop",
        by_person=True,
        threads=True,
        first_comment=True,
        content_warning=True,
    )
    fields = (
        Field("name", _l("Name of the place"), _l("As in 抖音 or Xiaohongshu.")),
        Field("address", _l("Page on which one posts there"), kind="url"),
        Field("person", _l("Mail address of whoever posts there"), _l("Somebody of the team; told at the moment.")),
        Field("characters", _l("Most characters"), _l("Left empty, it is 2,000."), optional=True),
        Field("pictures", _l("Most pictures"), _l("Left empty, it is 9."), optional=True),
    )

    def limits(self, account: ChannelAccount) -> Limits:
        facts = account.facts
        return Limits(
            characters=int(facts.get("characters", USUAL_CHARACTERS)),
            pictures=int(facts.get("pictures", USUAL_PICTURES)),
            videos=1,
        )

    def freeze(self, account: ChannelAccount, outgoing: Outgoing, at: datetime) -> list[dict[str, Any]]:
        """One request for all of it: a person posts a thread in one go."""
        parts = [
            {
                "text": text_sent(part.text, outgoing.link_url, number == 0),
                "media": [_medium(media) for media in (*part.pictures, *([part.video] if part.video else []))],
            }
            for number, part in enumerate(outgoing.parts)
        ]
        first_comment = text_sent(outgoing.first_comment, outgoing.link_url, is_first=False)
        return [
            {
                "key": outgoing.key,
                "parts": parts,
                "first_comment": first_comment if outgoing.first_comment else "",
                "content_warning": outgoing.content_warning,
                "ad": outgoing.ad,
            }
        ]

    def send(self, account: ChannelAccount, call: Call, at: datetime) -> Sent:
        """Lay it with the person. Raises `ByPerson` always: nothing stands there yet."""
        given, is_new = handovers.give(account, str(call.request["key"]), call.request, at)
        if is_new:
            handover_letters.tell(given, at)
        lies_with = _lies_with(given)
        db.session.commit()
        raise lies_with

    def find(self, account: ChannelAccount, call: Call, at: datetime) -> Sent | None:
        """What the person has said. Raises `ByPerson` while there is time, `Rejected` when it was not posted."""
        given = handovers.of_key(str(call.request["key"]))
        if given is None:
            return self.send(account, call, at)
        if given.is_open and at < given.until:
            self._remind(given, at)
            lies_with = _lies_with(given)
            db.session.commit()
            raise lies_with
        db.session.rollback()
        if given.is_open:
            raise CannotTell(_("Nobody has said whether it was posted."))
        if not given.url:
            raise Rejected(_("It was not posted: %(reason)s", reason=given.refusal))
        return Sent(given.public_id, given.url, answer=given.url)

    def look(self, account: ChannelAccount, sent: Sent) -> str | None:
        raise CannotTell(_("What stands there cannot be read from here."))

    def refresh(self, account: ChannelAccount, at: datetime) -> Connection:
        if handovers.person_of(account) is None:
            raise SignIn(_("Nobody of the team is named who posts there."))
        return Connection(account.external_id, account.name, {}, account.facts, account.address)

    def connect(self, values: Mapping[str, str], at: datetime) -> Connection:
        person = db.session.scalar(select(User).where(User.email == values["person"].strip().lower()))
        if person is None or not person.is_staff or not person.is_active:
            raise Rejected(_("Nobody of the team has the mail address “%(mail)s”.", mail=values["person"][:100]))
        name = " ".join(values["name"].split())
        facts = {
            "person": person.public_id,
            "characters": _number(values.get("characters", ""), USUAL_CHARACTERS, range(1, MOST_CHARACTERS + 1)),
            "pictures": _number(values.get("pictures", ""), USUAL_PICTURES, range(MOST_PICTURES + 1)),
        }
        external_id = hashlib.sha256(name.casefold().encode()).hexdigest()[:32]
        return Connection(external_id, name, {}, facts, _page(values["address"].strip()))

    def _remind(self, given: HandOver, at: datetime) -> None:
        if given.reminded_at is None and at >= given.given_at + REMINDED_AFTER:
            given.reminded_at = at
            handover_letters.remind(given, at)


def _lies_with(given: HandOver) -> ByPerson:
    """Looked at again when a reminder is due, and at the end."""
    until = given.until if given.reminded_at else given.given_at + REMINDED_AFTER
    who = given.person.name if given.person else str(_("the team"))
    return ByPerson(_("It lies with %(person)s, who posts it by hand.", person=who), until)


def _medium(media: Media) -> dict[str, Any]:
    return {"path": media.path, "alt": media.alt, "media_type": media.media_type, "sha256": media.sha256}


def _page(typed: str) -> str:
    """The address on which one posts there, whole: it is what the person is sent to."""
    base_address(typed)
    address = typed if "://" in typed else f"https://{typed}"
    if len(address) > LONGEST_ADDRESS:
        raise Rejected(_("The address is longer than %(count)s characters.", count=LONGEST_ADDRESS))
    return address


def _number(typed: str, usual: int, possible: range) -> int:
    text = typed.strip().replace(",", "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) in possible):
        least, most = str(possible[0]), str(possible[-1])
        raise Rejected(
            _("“%(typed)s” is not a number from %(least)s to %(most)s.", typed=typed[:20], least=least, most=most)
        )
    return int(text)
