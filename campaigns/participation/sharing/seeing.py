"""A post that was handed in as proof may come into the inbox later, or turn out to be the fan's: then it proves itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from campaigns.participation.sharing import networks, proving
from campaigns.participation.sharing.models import Outcome, ShareProof
from commons import bulk
from commons.db import db
from community.channels.models import ChannelAccount
from community.inbox.incoming import Incoming
from community.members.models import Handle


def look(_account: ChannelAccount, batch: Sequence[Incoming], at: datetime) -> None:
    """Look again at the proofs that name something of what came in. One query, whatever the size of the batch."""
    ids = {part for one in batch for part in networks.parts_of(one.external_id)}
    _look_at(bulk.among(ShareProof.post_id, sorted(ids)), at)


def of_handle(handle: Handle, at: datetime) -> None:
    """Look again at what a fan has handed in who has just proven a handle to be the own."""
    _look_at(ShareProof.member_id == handle.member_id, at)


def _look_at(which: ColumnElement[bool], at: datetime) -> None:
    query = select(ShareProof).where(ShareProof.outcome == Outcome.DECLARED, which)
    for proof in db.session.scalars(query.order_by(ShareProof.id)).all():
        proving.look_again(proof, at)
