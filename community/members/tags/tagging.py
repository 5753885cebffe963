"""Putting tags on members and taking them off: a fact for each member for whom that makes a difference."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, delete, func, insert, select

from commons import bulk, clock, events
from commons.accounts.models import User
from commons.db import db, insert_into
from commons.errors import Gone
from commons.events import Event, Evidence
from community.members.models import Member
from community.members.tags.models import Tag, Tagging

ROWS = cast("Table", Tagging.__table__)
PUT_ON, TAKEN_OFF = "tag.put_on", "tag.taken_off"


def put_on(tag: Tag, member_ids: Collection[int], *, by: User, at: datetime) -> Sequence[int]:
    """The members have the tag from now on; those who did not have it before. Raises `Gone` for a tag that is gone."""
    if tag.gone_at is not None:
        raise Gone(_("The tag “%(name)s” is gone.", name=tag.name), _("Choose another one."))
    rows = [
        {"member_id": member_id, "tag_id": tag.id, "put_at": at, "put_by_id": by.id}
        for member_id in sorted(set(member_ids))
    ]
    if not rows:
        return []
    new = insert_into(ROWS).values(rows).on_conflict_do_nothing().returning(ROWS.c.member_id)
    return _tell(PUT_ON, tag, db.session.scalars(new).all(), at)


def take_off(tag: Tag, member_ids: Collection[int], *, at: datetime) -> Sequence[int]:
    """The members do not have the tag any more; those who had it before."""
    there = (ROWS.c.tag_id == tag.id) & ROWS.c.member_id.in_(member_ids)
    return _tell(TAKEN_OFF, tag, db.session.scalars(delete(ROWS).where(there).returning(ROWS.c.member_id)).all(), at)


def log(kind: str, tag: Tag, count: int, *, by: User, at: datetime, **more: str) -> None:
    """One line of the audit log for an act on however many members."""
    payload = {"tag": tag.name, "count": str(count), **more}
    (key,) = bulk.random_ids(1)
    events.track(kind, key=f"{kind}:{tag.public_id}:{key}", at=at, actor_id=by.id, subject=tag, payload=payload)


def tags_of(member_ids: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of several members, by name."""
    found: dict[int, list[Tag]] = {member_id: [] for member_id in member_ids}
    query = select(Tagging.member_id, Tag).join(Tag, Tag.id == Tagging.tag_id)
    mine = query.where(Tagging.member_id.in_(member_ids), Tag.gone_at.is_(None)).order_by(Tag.folded)
    for member_id, tag in db.session.execute(mine):
        found[member_id].append(tag)
    return found


def sizes() -> dict[int, int]:
    """How many members have each tag, by the tag's id."""
    query = select(Tagging.tag_id, func.count()).join(Member, Member.id == Tagging.member_id)
    return dict(db.session.execute(query.where(Member.counts()).group_by(Tagging.tag_id)).all())


def size(tag: Tag) -> int:
    """How many members have the tag."""
    query = select(func.count()).select_from(Tagging).join(Member, Member.id == Tagging.member_id)
    return db.session.scalar(query.where(Tagging.tag_id == tag.id, Member.counts())) or 0


def _tell(kind: str, tag: Tag, member_ids: Sequence[int], at: datetime) -> Sequence[int]:
    """A fact for each; without an actor, for the log has one line for all of them (see `log`)."""
    usual: dict[str, Any] = {
        "kind": kind, "subject_type": Tag.__tablename__, "subject_id": tag.id, "evidence": Evidence.STAFF,
        "occurred_at": at, "recorded_at": clock.now(), "payload": {"tag": tag.name},
    }  # fmt: skip
    rows = [
        {**usual, "member_id": member_id, "key": f"{kind}:{key}"}
        for member_id, key in zip(member_ids, bulk.random_ids(len(member_ids)), strict=True)
    ]
    if rows:
        events.tell(db.session.scalars(insert(Event).returning(Event), rows).all())
    return member_ids
