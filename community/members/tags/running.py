"""Acts on many members: the first piece at once, further ones in the background, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from commons import jobs
from commons.accounts.models import User
from commons.db import db
from community.members.tags import choosing, ending, tagging
from community.members.tags.models import Act, Tag, Tagging, TagRun

CHUNK = 500
LOGGED = {Act.PUT_ON: "tag.put_on_some", Act.TAKE_OFF: "tag.taken_off_some"}


def start(
    act: Act, tag: Tag, *, by: User, at: datetime, chosen: dict[str, Any] | None = None, into: Tag | None = None
) -> TagRun:
    """Begin an act and do its first piece; whether that was all of it stands in `ended_at`."""
    run = TagRun(act=act, tag=tag, into=into, chosen=chosen or {}, made_by=by, made_at=at)
    db.session.add(run)
    db.session.flush()
    run.wanted = db.session.scalar(select(func.count()).select_from(choosing.meant(run).subquery())) or 0
    if step(run.id, at):
        jobs.send("tags.run", run_id=run.id)
    return run


def merge(tag: Tag, into: Tag, *, by: User, at: datetime) -> TagRun:
    """Whoever has the tag has `into` instead; the tag is gone. Raises what `ending` raises."""
    ending.close_for_merge(tag, into, at)
    return start(Act.MERGE, tag, by=by, at=at, into=into)


def remove(tag: Tag, *, by: User, at: datetime) -> TagRun:
    """Nobody has the tag any more, and it is gone. Raises what `ending` raises."""
    ending.close_for_removal(tag, at)
    return start(Act.REMOVE, tag, by=by, at=at)


def step(run_id: int, at: datetime, chunk: int = CHUNK) -> bool:
    """The next piece; whether more follow. A run that is over stays as it is."""
    locked = select(TagRun).where(TagRun.id == run_id).with_for_update(of=TagRun)
    run = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if run.ended_at is not None:
        return False
    ids = _next(run, chunk)
    run.changed += len(_act(run, ids, at))
    run.looked_at += len(ids)
    if len(ids) == chunk:
        run.up_to = ids[-1]
    else:
        _end(run, at)
    db.session.flush()
    return run.ended_at is None


def under_way(tag: Tag) -> TagRun | None:
    """What is being done with the tag at this moment."""
    query = select(TagRun).where(TagRun.tag_id == tag.id, TagRun.ended_at.is_(None))
    return db.session.scalars(query.order_by(TagRun.id.desc()).limit(1)).one_or_none()


def _next(run: TagRun, chunk: int) -> Sequence[int]:
    query = choosing.meant(run)
    (member_id,) = query.selected_columns
    if run.act in {Act.PUT_ON, Act.TAKE_OFF}:
        query = query.where(member_id > run.up_to)  # the others lose their members as they go
    return db.session.scalars(query.order_by(None).order_by(member_id).limit(chunk)).all()


def _act(run: TagRun, ids: Sequence[int], at: datetime) -> Sequence[int]:
    if run.act is Act.PUT_ON:
        return tagging.put_on(run.tag, ids, by=run.made_by, at=at)
    if run.act is Act.MERGE and run.into is not None:
        tagging.put_on(run.into, ids, by=run.made_by, at=at)
    return tagging.take_off(run.tag, ids, at=at)


def _end(run: TagRun, at: datetime) -> None:
    left = db.session.scalar(select(func.count()).where(Tagging.tag_id == run.tag_id))
    if run.act in {Act.MERGE, Act.REMOVE} and left:
        return  # somebody put it on in the last moment
    run.ended_at = at
    if run.act in LOGGED:
        tagging.log(LOGGED[run.act], run.tag, run.changed, by=run.made_by, at=at)
    else:
        ending.ended(run, at)
