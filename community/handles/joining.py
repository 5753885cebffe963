"""A proven handle becomes the member's."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.identities.providers import HandleName
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from commons.errors import Conflict, Invalid
from community.handles.models import HandleProof, Proof
from community.members.models import Handle, Member
from community.members.roster import CIRCLE


class BelongsToAnother(Conflict):
    """The handle is another member's, who has an account."""


def prove(handle: Handle, member: Member, proof: Proof, *, by: User, at: datetime) -> None:
    """The member has proven the handle: that is written down, and the handle joined to the member. Twice is once. Flushed.

    Raises `BelongsToAnother` when it is the handle of another member with an account, and `Invalid` for a handle that
    speaks for the brand.
    """
    row = {"handle_id": handle.id, "member_id": member.id, "proof": proof, "proven_at": at}
    if handle.user_id is None and insert_new(HandleProof, row) is not None:
        _tell(handle, member, proof, at)
    join_handle(handle, member, by=by, at=at)


def known_handle(name: HandleName, at: datetime) -> Handle:
    """The handle that the channel calls so, made if nobody has seen it yet. Takes the newest name. Flushed."""
    row = {
        "public_id": random_id(),
        "channel": name.channel,
        "external_id": name.external_id,
        "name": name.name[:120],
        "first_seen_at": at,
    }
    insert_new(Handle, row)
    query = select(Handle).where(Handle.channel == name.channel, Handle.external_id == name.external_id)
    handle = db.session.scalars(query).one()
    if handle.name != row["name"]:
        handle.name = name.name[:120]
        db.session.flush()
    return handle


def join_handle(handle: Handle, member: Member, *, by: User, at: datetime) -> Handle:
    """The handle is the member's from now on."""
    db.session.refresh(handle, with_for_update=True)
    if handle.user_id is not None or handle.channel == CIRCLE:
        raise Invalid(_("This handle cannot be joined."), _("Only handles of fans on other channels can."))
    if handle.member_id not in {None, member.id}:
        raise BelongsToAnother(_("This handle belongs to another member, who has an account."))
    handle.member_id = member.id
    db.session.flush()
    return handle


def _tell(handle: Handle, member: Member, proof: Proof, at: datetime) -> None:
    events.track(
        "handle.proven",
        key=f"handle.proven:{handle.public_id}:{member.public_id}:{proof}",
        at=at,
        member_id=member.id,
        subject=handle,
        payload={"channel": handle.channel, "proof": proof},
    )
