"""Setting a level by hand, with a reason that the fan reads, and letting it go again."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from community.loyalty import accounts
from community.loyalty.levels import climbing, keeping, locks
from community.loyalty.levels.climbing import Climb
from community.loyalty.levels.models import LevelLock
from community.loyalty.models import Cause, Level
from community.members.models import Member
from community.notices.telling import tell


def lock(member: Member, level: Level, *, reason: str, until: datetime | None, by: User, at: datetime) -> LevelLock:
    """Set the member on `level` until `until` (None: until somebody lets go); an earlier lock ends with it."""
    if not reason.strip():
        raise Invalid(_l("A level set by hand needs a reason."), _l("Write in a few words why."))
    if until is not None and until <= at:
        raise Invalid(_l("The lock would be over before it begins."), _l("Choose a later day."))
    accounts.lock([member.id])
    _end(locks.locked([member.id], None).get(member.id), at, by)  # also one that is over and not let go yet
    made = LevelLock(
        member_id=member.id, level=level, reason=reason.strip(), made_at=at, made_by_id=by.id, until=until
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    climbing.close_grace(member.id, at)
    _move(member, level, at, made.reason, by)
    _say("locked", member, made, at, by)
    return made


def release(made: LevelLock, *, by: User | None, at: datetime) -> bool:
    """Let the level follow growth again, from now on; False when that had been done."""
    if made.ended_at is not None:
        return False
    accounts.lock([made.member_id])
    _end(made, at, by)
    _say("unlocked", made.member, made, at, by)
    keeping.look_at([made.member_id], at)
    return True


def release_due(at: datetime, limit: int = 200) -> int:
    """End the locks whose time is over; how many there were."""
    due = locks.due(at, limit)
    for made in due:
        release(made, by=None, at=at)
    return len(due)


def _end(made: LevelLock | None, at: datetime, by: User | None) -> None:
    if made is not None:
        made.ended_at, made.ended_by_id = at, by.id if by is not None else None
        db.session.flush()


def _move(member: Member, level: Level, at: datetime, reason: str, by: User) -> None:
    climb = Climb.now()
    here = climbing.current_levels([member.id]).get(member.id, climb.lowest)
    if here is not level:
        version_id = climb.version.id if climb.version is not None else None
        climbing.step(
            member.id, here, level, at, cause=Cause.LOCK, version_id=version_id, note=reason, actor_id=by.id
        )  # fmt: skip


def _say(what: str, member: Member, made: LevelLock, at: datetime, by: User | None) -> None:
    name = climbing.words_of(made.level)
    payload = {"level": name, "reason": made.reason}
    kind, key = f"loyalty.level_{what}", f"loyalty.level_{what}:{made.id}"
    actor_id = by.id if by is not None else None
    events.track(kind, key=key, at=at, member_id=member.id, actor_id=actor_id, subject=made, payload=payload)
    tell(member.id, f"level.{what}", key=f"level.{what}:{made.id}", at=at, url=climbing.PAGE, details=payload)
