"""What becomes of seed users, and of who came by whom, when two members turn out to be one person.

What a person did is the person's: times as a seed user, codes, and the people who came by them go along. What only one
self can have stays with the other self, out of sight, until the two are split: a second running time (its codes go over
to the one that goes on, so that none on a printed card leads nowhere), and a second way of having come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, Update, exists, func, select, update
from sqlalchemy.orm import aliased

from commons.db import db, insert_new
from community.members.merging import finding, rows
from community.members.merging.models import Merge, MergedRow
from community.members.merging.moving import Carries, Effect
from community.members.models import Member
from community.seed_users.models import Acceptance, InvitationCode, SeedUser

TIMES = SeedUser.__tablename__
CODES = InvitationCode.__tablename__
CAME = Acceptance.__tablename__
BROUGHT = f"{CAME} by"
"""An acceptance names two members; which of the two went along is told by the name under which it is noted."""


def rules() -> Sequence[Carries]:
    """For every column of the room that names a member."""
    columns = (SeedUser.member_id, Acceptance.member_id, Acceptance.inviter_id)
    return (Carries(columns, carry=_carry, give_back=_give_back, effects=_effects),)


def _carry(merge: Merge, to_id: int, key: str, _at: datetime) -> None:
    other_id = merge.other_id
    ended = update(SeedUser).where(SeedUser.member_id == other_id, SeedUser.ended_at.is_not(None))
    rows.note(merge, TIMES, _moved(ended, SeedUser, member_id=to_id))
    # Later the team may have ended the time of the kept self on purpose: nothing begins anew then.
    alone = ~_times(to_id) if key != merge.key else ~_times(to_id, running=True)
    running = update(SeedUser).where(SeedUser.member_id == other_id, alone)
    rows.note(merge, TIMES, _moved(running, SeedUser, member_id=to_id))
    _hand_codes_over(merge, to_id)
    # Nobody invites himself: a row between the two selves keeps naming both.
    brought = update(Acceptance).where(Acceptance.inviter_id == other_id, Acceptance.member_id != to_id)
    rows.note(merge, BROUGHT, _moved(brought, Acceptance, inviter_id=to_id))
    came = update(Acceptance).where(Acceptance.member_id == other_id, Acceptance.inviter_id != to_id, ~_came(to_id))
    rows.note(merge, CAME, _moved(came, Acceptance, member_id=to_id))
    db.session.expire_all()


def _give_back(merge: Merge, holder: Member, _at: datetime) -> None:
    other_id = merge.other_id
    # What could not go further with the kept self, when that one was merged in turn, is with one of the holder's selves.
    have = [holder.id, *(deeper.other_id for deeper in finding.merges_into(holder))]
    _take_codes_back(merge, have)
    times = update(SeedUser).where(SeedUser.id.in_(rows.went(merge, TIMES)), SeedUser.member_id.in_(have))
    _moved(times, SeedUser, member_id=other_id)
    brought = update(Acceptance).where(Acceptance.id.in_(rows.went(merge, BROUGHT)), Acceptance.inviter_id.in_(have))
    _moved(brought, Acceptance, inviter_id=other_id)
    came = update(Acceptance).where(Acceptance.id.in_(rows.went(merge, CAME)), Acceptance.member_id.in_(have))
    _moved(came.where(~_came(other_id)), Acceptance, member_id=other_id)
    db.session.expire_all()


def _effects(kept_id: int, other_id: int) -> Sequence[Effect]:
    """Before the two become one: what of the other self goes on with the kept one, and what of it rests."""
    times = db.session.scalars(select(SeedUser.ended_at).where(SeedUser.member_id == other_id)).all()
    two = None in times and bool(db.session.scalar(select(_times(kept_id, running=True))))
    codes = select(func.count(InvitationCode.id)).where(InvitationCode.seed_user_id.in_(_ids(other_id)))
    brought = select(func.count(Acceptance.id)).where(
        Acceptance.inviter_id == other_id, Acceptance.member_id != kept_id
    )
    came = select(func.count(Acceptance.id)).where(Acceptance.member_id == other_id, Acceptance.inviter_id != kept_id)
    both_came = bool(db.session.scalar(came)) and bool(db.session.scalar(select(_came(kept_id))))
    rests = _l("The kept member's time goes on, with the codes of both; the other one rests until a split.")
    stands = _l("How the kept member came stands.")
    return (
        Effect(_l("Times as a seed user"), len(times), int(two), rests if two else ""),
        Effect(_l("Invitation codes"), db.session.scalar(codes) or 0),
        Effect(_l("People who came by a code"), db.session.scalar(brought) or 0),
        Effect(_l("Came by a code"), db.session.scalar(came) or 0, int(both_came), stands if both_came else ""),
    )


def _hand_codes_over(merge: Merge, to_id: int) -> None:
    """The codes of a time that stays behind go over to the one that goes on; from which they came is written down."""
    running = select(SeedUser.id).where(SeedUser.ended_at.is_(None))
    rests = db.session.scalar(running.where(SeedUser.member_id == merge.other_id))
    goes_on = db.session.scalar(running.where(SeedUser.member_id == to_id))
    if rests is None or goes_on is None:
        return
    going = update(InvitationCode).where(InvitationCode.seed_user_id == rests)
    for code_id in _moved(going, InvitationCode, seed_user_id=goes_on):
        row = {"merge_id": merge.id, "table_name": CODES, "row_id": code_id, "was": {"seed_user_id": rests}}
        insert_new(MergedRow, row | {"went": True, "became": {}})


def _take_codes_back(merge: Merge, have: Sequence[int]) -> None:
    query = select(MergedRow).where(MergedRow.merge_id == merge.id, MergedRow.table_name == CODES)
    for row in db.session.scalars(query).all():
        code = update(InvitationCode).where(
            InvitationCode.id == row.row_id, InvitationCode.seed_user_id.in_(_ids(*have))
        )
        _moved(code, InvitationCode, **row.was)


def _moved(going: Update, model: Any, **to: int) -> Sequence[int]:
    """Move these rows; their ids."""
    statement = going.values(**to).returning(model.id).execution_options(synchronize_session=False)
    return db.session.scalars(statement).all()


def _ids(*member_ids: int) -> Select[int]:
    return select(SeedUser.id).where(SeedUser.member_id.in_(member_ids))


def _times(member_id: int, *, running: bool = False) -> Any:
    """Whether the member has been a seed user, or is one at the moment."""
    there = aliased(SeedUser)
    known = exists().where(there.member_id == member_id)
    return known.where(there.ended_at.is_(None)) if running else known


def _came(member_id: int) -> Any:
    """Whether the member came by a code."""
    there = aliased(Acceptance)
    return exists().where(there.member_id == member_id)
