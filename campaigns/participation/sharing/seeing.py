"""A post that was handed in as proof may come into the inbox later: then it proves itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from campaigns.participation.sharing import networks, proving
from campaigns.participation.sharing.models import Outcome, ShareProof
from commons import bulk
from commons.db import db
from community.channels.models import ChannelAccount
from community.inbox.receiving import Incoming


def look(_account: ChannelAccount, batch: Sequence[Incoming], at: datetime) -> None:
    """Look again at the proofs that name something of what came in. One query, whatever the size of the batch."""
    ids = {part for one in batch for part in networks.parts_of(one.external_id)}
    query = select(ShareProof).where(
        ShareProof.outcome == Outcome.DECLARED, bulk.among(ShareProof.post_id, sorted(ids))
    )
    for proof in db.session.scalars(query.order_by(ShareProof.id)).all():
        proving.look_again(proof, at)
