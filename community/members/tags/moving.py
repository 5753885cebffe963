"""What becomes of tags when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select, update

from commons.db import db
from community.members.merging import rows
from community.members.merging.models import Merge
from community.members.merging.moving import Carries, Effect
from community.members.models import Member
from community.members.tags.models import Tagging
from community.members.tags.tagging import ROWS


def rules() -> Sequence[Carries]:
    """A tag speaks of the person: both have what either had."""
    return (Carries((Tagging.member_id,), carry=_carry, give_back=_give_back, effects=_effects),)


def _carry(merge: Merge, to_id: int, _key: str, _at: datetime) -> None:
    """What the kept one does not have goes along; of what both have each keeps the own."""
    rows.note(merge, Tagging.__tablename__, _move(merge.other_id, to_id))


def _give_back(merge: Merge, holder: Member, _at: datetime) -> None:
    _move(holder.id, merge.other_id, ROWS.c.tag_id.in_(rows.went(merge, Tagging.__tablename__)))


def _effects(kept_id: int, other_id: int) -> Sequence[Effect]:
    mine, theirs = (set(db.session.scalars(_tags_of(who))) for who in (kept_id, other_id))
    both = len(mine & theirs)
    return (Effect(_l("Tags"), len(theirs), both, _l("The kept member has it already.") if both else ""),)


def _move(from_id: int, to_id: int, *which: ColumnElement[bool]) -> Sequence[int]:
    """The tags that go from the one to the other, unless he has them: their ids."""
    going = update(ROWS).where(ROWS.c.member_id == from_id, ROWS.c.tag_id.not_in(_tags_of(to_id)), *which)
    return db.session.scalars(going.values(member_id=to_id).returning(ROWS.c.tag_id)).all()


def _tags_of(member_id: int) -> Select[int]:
    there = ROWS.alias()
    return select(there.c.tag_id).where(there.c.member_id == member_id)
