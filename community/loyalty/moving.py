"""What becomes of balances, levels and badges when two members turn out to be one person, and when they are split again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.db import db
from community.loyalty import accounts, transferring
from community.loyalty.badges import granting
from community.loyalty.badges.models import BadgeAward
from community.loyalty.levels import climbing, keeping, locks
from community.loyalty.levels.models import LevelGrace, LevelLock
from community.loyalty.models import Cause, LedgerAccount, LedgerEntry, LevelChange
from community.loyalty.ranking.models import BoardAbsence, BoardScore
from community.loyalty.watching.models import HeldEarning, SuspectMember, SuspicionAppeal
from community.members.merging.models import Merge
from community.members.merging.moving import Carries, Moves, Stays
from community.members.models import Member


def rules() -> Sequence[Moves | Stays | Carries]:
    """For every table of the room that names a member."""
    return (
        Carries((LedgerAccount.member_id, BoardScore.member_id), carry=_carry, give_back=_give_back, part=_part),
        Carries((LevelChange.member_id,), carry=_lift, settle=keeping.look_at),
        Stays(LevelGrace.member_id, "it is about the level of that self, and rests while that self is part of another"),
        Stays(
            LevelLock.member_id,
            "a level set by hand was meant for that self; whoever merges sees it and may set it anew",
        ),
        Moves(BadgeAward.member_id, _l("Badges"), once_for=(BadgeAward.badge_id,), both=_l("The kept member's stays.")),
        Carries((), settle=granting.look),
        Moves(
            BoardAbsence.member_id,
            _l("Wish not to stand on leaderboards"),
            once_for=(),
            both=_l("Both wish it, and so it stays."),
        ),
        Moves(
            SuspectMember.member_id,
            _l("What looked wrong"),
            once_for=(SuspectMember.suspicion_id,),
            both=_l("It is about both of them, and stays so."),
        ),
        Moves(HeldEarning.member_id, _l("Held for a check"), fact=HeldEarning.event_id),
        Moves(
            SuspicionAppeal.member_id,
            _l("Appeals against a refusal"),
            once_for=(SuspicionAppeal.suspicion_id,),
            both=_l("The kept member's stays."),
        ),
    )


def merge_of(entry: LedgerEntry) -> Merge | None:
    """The merge in which a transfer took place: its key begins with the merge's."""
    public_id = entry.key.split(":")[1] if entry.key.startswith("merge:") else ""
    return db.session.scalars(select(Merge).where(Merge.public_id == public_id)).one_or_none()


def _carry(merge: Merge, to_id: int, key: str, at: datetime) -> None:
    """All that the other self has goes along; nothing is written when a later look finds nothing left."""
    if key != merge.key and not _holds_anything(merge.other_id):
        return
    by = merge.merged_by if merge.merged_by.is_staff else None
    proof = merge.proof.evidence
    transferring.transfer_all(merge.other_id, to_id, key=key, at=at, by=by, note=merge.reason, evidence=proof)


def _give_back(merge: Merge, holder: Member, at: datetime) -> None:
    by = merge.split_by if merge.split_by is not None and merge.split_by.is_staff else None
    transferring.transfer_back(merge.key, at=at, by=by, note=merge.split_reason, holder_id=holder.id)


def _part(from_id: int, to_id: int, key: str, at: datetime) -> None:
    transferring.transfer_earned(from_id, to_id, key=key, at=at)


def _holds_anything(member_id: int) -> bool:
    held = accounts.lock([member_id])
    return any(account.balance or account.pending or account.owed for account in held.values())


def _lift(merge: Merge, to_id: int, _key: str, at: datetime) -> None:
    """Nobody stands lower for being one person: the higher of the two levels holds, as it was given."""
    positions = climbing.positions([to_id, merge.other_id])
    theirs, mine = positions.get(merge.other_id), positions.get(to_id)
    if theirs is None or locks.locked([to_id, merge.other_id], at):
        return
    here = mine.level if mine is not None else climbing.levels()[0]
    if theirs.level.rank > here.rank:
        climbing.step(to_id, here, theirs.level, at, cause=Cause.MERGED, version_id=theirs.version_id)
