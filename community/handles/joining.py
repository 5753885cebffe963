"""A proven handle becomes the member's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.accounts import names
from commons.accounts.identities.providers import HandleName
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from community.handles.models import HandleProof
from community.members.merging.joining import join_handle
from community.members.merging.models import Proof
from community.members.models import Handle, Member


def prove(handle: Handle, member: Member, proof: Proof, *, by: User, at: datetime) -> None:
    """The member has proven the handle: that is written down, and the handle joined to the member. Twice is once. Flushed.

    What was proven stays written down where `join_handle` refuses: `BelongsToAnother` when it is the handle of another
    member with an account, `Invalid` when it speaks for the brand.
    """
    row = {"handle_id": handle.id, "member_id": member.id, "proof": proof, "proven_at": at}
    if handle.user_id is None:
        insert_new(HandleProof, row)
    join_handle(handle, member, by=by, at=at, proof=proof)


def known_handle(name: HandleName, at: datetime) -> Handle:
    """The handle that the channel calls so, made if nobody has seen it yet. Takes the newest name. Flushed."""
    called = names.clean(name.name)[:120] or name.external_id[:120]
    row = {
        "public_id": random_id(),
        "channel": name.channel,
        "external_id": name.external_id,
        "name": called,
        "first_seen_at": at,
    }
    insert_new(Handle, row)
    query = select(Handle).where(Handle.channel == name.channel, Handle.external_id == name.external_id)
    handle = db.session.scalars(query).one()
    if handle.name != called:
        handle.name = called
        db.session.flush()
    return handle
