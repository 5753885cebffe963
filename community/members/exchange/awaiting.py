"""Members who have no account yet: the address under which they are awaited, and what happens when they come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from commons import events
from commons.accounts import addresses
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict
from commons.sheets.files import Line
from community.members.exchange.models import AwaitedMail, MemberImport, MemberImportRow
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of


def note(member: Member, mail: str, found: MemberImport, at: datetime) -> None:
    """Await the member under this address. Raises `Conflict` when another one is awaited there."""
    row = {"member_id": member.id, "mail": mail, "import_id": found.id, "noted_at": at}
    if insert_new(AwaitedMail, row) is None and awaited(member) is None:
        raise Conflict(_("Another member is known by this address by now."), _("Import the list again."))


def awaited(member: Member) -> AwaitedMail | None:
    return db.session.scalars(select(AwaitedMail).where(AwaitedMail.member_id == member.id)).one_or_none()


def taken_over(user: User, at: datetime) -> Member | None:
    """The member whom the team knows by the address that `user` has just confirmed, now with this account; None if none.

    One who is part of another member by now comes as that one, unless that one has an account: an address in a list opens
    nobody's account.
    """
    if user.confirmed_at is None:
        return None
    mine = select(AwaitedMail).where(AwaitedMail.mail == addresses.normal(user.email or ""))
    known = db.session.scalars(mine.with_for_update(of=AwaitedMail)).one_or_none()
    member = finding.self_of(known.member) if known is not None else None
    if known is None or member is None or member.user_id is not None or member.erased_at is not None:
        return None
    member.user = user
    db.session.delete(known)
    db.session.flush()
    events.track("member.came", key=f"member.came:{member.public_id}", at=at, member_id=member.id)
    return member


def erase(user: User, at: datetime) -> None:
    """No address of the person is awaited any more, and the rows of lists that were about the person say nothing."""
    member = member_of(user)
    if member is not None:
        ids = finding.selves_of(member)
        changed(delete(AwaitedMail).where(AwaitedMail.member_id.in_(ids)))
        said: dict[str, Any] = {"problems": [], "changes": [], "notes": []}
        nothing = Line(0, {}).as_json()
        changed(update(MemberImportRow).where(MemberImportRow.member_id.in_(ids)).values(cells=nothing, **said))
