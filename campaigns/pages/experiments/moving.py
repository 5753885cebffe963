"""What becomes of whom a test was shown to when two members turn out to be one person, and when somebody asks for the own data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.pages.experiments.models import Visitor
from commons.accounts.models import User
from commons.db import db
from community.members.merging.moving import Moves
from community.members.roster import member_of


def rules() -> Sequence[Moves]:
    """For every table of the room that names a member."""
    return (
        Moves(
            Visitor.member_id,
            _l("A/B tests"),
            once_for=(Visitor.experiment_id,),
            both=_l("The kept member's variant stays."),
        ),
    )


def export(user: User) -> dict[str, Any]:
    """Which variant of which test the person was shown, and when first."""
    member = member_of(user)
    member_id = member.id if member is not None else None
    query = select(Visitor).where(Visitor.member_id == member_id, Visitor.member_id.is_not(None))
    query = query.options(joinedload(Visitor.experiment), joinedload(Visitor.variant)).order_by(Visitor.id)
    return {
        "variants_shown": [
            {"test": one.experiment.name, "variant": one.variant.name, "at": one.first_seen_at.isoformat()}
            for one in db.session.scalars(query)
        ]
    }
