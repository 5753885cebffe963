"""Codes: made for a fan, seen in what comes in from a network, and answered by the fan."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select, update

from commons.accounts.identities.providers import HandleName
from commons.accounts.models import User
from commons.db import ALPHABET, changed, db
from commons.errors import Gone
from community.channels.models import ChannelAccount
from community.handles import joining
from community.handles.looking import Posted
from community.handles.models import HandleCode
from community.inbox.importing import CHANNEL as IMPORTED
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.roster import CIRCLE
from community.notices.telling import tell

LASTS = timedelta(days=1)
KEPT = timedelta(days=30)
CLOCKS = timedelta(minutes=5)
"""By how much a network's clock may be behind ours."""
_HALF = f"[{ALPHABET}]{{4}}"
CODE = re.compile(rf"(?<![0-9a-z])qz-{_HALF}-{_HALF}(?![0-9a-z])", re.IGNORECASE | re.ASCII)
NOT_HEARD = frozenset({CIRCLE, IMPORTED})
"""Where a code proves nothing: our own pages, and files that anybody may have written."""
SAID_BY_FAN = frozenset({InteractionKind.SHARE})


def open_code(member: Member, at: datetime) -> HandleCode | None:
    """The newest code of the fan that waits, to be posted or to be answered."""
    query = select(HandleCode).where(HandleCode.member_id == member.id, HandleCode.ended_at.is_(None))
    found = db.session.scalars(query.order_by(HandleCode.id.desc())).first()
    return found if found is not None and (found.waits_for_answer or found.waits_for_post(at)) else None


def make(member: Member, at: datetime) -> HandleCode:
    """A code for the fan, good for a day; the one that waits if there is one already. Flushed."""
    waiting = open_code(member, at)
    if waiting is not None:
        return waiting
    open_ones = (HandleCode.member_id == member.id, HandleCode.ended_at.is_(None))
    changed(update(HandleCode).where(*open_ones).values(ended_at=at))
    changed(delete(HandleCode).where(HandleCode.member_id == member.id, HandleCode.expires_at < at - KEPT))
    code = HandleCode(member=member, code=_fresh(), made_at=at, expires_at=at + LASTS)
    db.session.add(code)
    db.session.flush()
    return code


def look(account: ChannelAccount, batch: Sequence[Incoming], at: datetime) -> None:
    """See whether what came in holds a code that waits. Costs nothing but a look at the words where there is none."""
    if account.channel in NOT_HEARD:
        return
    said: dict[str, Incoming] = {}
    for one in sorted((one for one in batch if "qz-" in one.text.lower()), key=lambda one: one.occurred_at):
        if one.kind not in SAID_BY_FAN and one.author_user_id is None:
            for found in CODE.findall(one.text):
                said.setdefault(found.lower(), one)
    for code, one in said.items():
        _see(code, HandleName(account.channel, one.author_external_id, one.author_name), one.occurred_at, at)


def found(posted: Sequence[Posted], at: datetime) -> None:
    """Somebody looked on a network: see the codes that wait in what stands there. Nobody else is written down. Flushed."""
    for one in sorted(posted, key=lambda one: one.at):
        for code in {word.lower() for word in CODE.findall(one.text)}:
            if db.session.scalar(select(HandleCode.id).where(*_waits(code, one.at))) is not None:
                joining.known_handle(one.by, at)
                _see(code, one.by, one.at, at)


def confirm(code: HandleCode, *, by: User, at: datetime) -> Handle:
    """The fan says: that was I. The handle is proven and joined. A second time changes nothing. Flushed.

    Raises `Gone` when nobody has posted the code or it was ended otherwise, and what `joining.prove` raises.
    """
    if code.handle is None or (code.ended_at is not None and code.handle.member_id != code.member_id):
        raise Gone(_("This code is over."), _("Make a new one."))
    if code.ended_at is None:
        _end(code, at)
        joining.prove(code.handle, code.member, Proof.CODE, by=by, at=at)
    return code.handle


def refuse(code: HandleCode, at: datetime) -> None:
    """The fan says: that was somebody else. The code is over, and nothing is joined. Flushed."""
    _end(code, at)


def _see(code: str, by: HandleName, said_at: datetime, at: datetime) -> None:
    """The first handle that posts the code in time is the one the fan is asked about."""
    author = (Handle.channel == by.channel, Handle.external_id == by.external_id, Handle.user_id.is_(None))
    handle_id = db.session.scalar(select(Handle.id).where(*author))
    if handle_id is None:
        return
    query = update(HandleCode).where(*_waits(code, said_at)).values(handle_id=handle_id, seen_at=at)
    seen = db.session.execute(query.returning(HandleCode.public_id, HandleCode.member_id)).first()
    if seen is not None:
        tell(seen.member_id, "handle.code_seen", key=f"handle.code_seen:{seen.public_id}", at=at, url="/me/handles")


def _waits(code: str, said_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether the code waits to be posted, and was to be at that moment."""
    waits = HandleCode.code == code, HandleCode.handle_id.is_(None), HandleCode.ended_at.is_(None)
    return *waits, HandleCode.expires_at > said_at, HandleCode.made_at <= said_at + CLOCKS


def _end(code: HandleCode, at: datetime) -> None:
    if code.ended_at is None:
        code.ended_at = at
        db.session.flush()


def _fresh() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _letter in range(8))
    return f"qz-{letters[:4]}-{letters[4:]}"
