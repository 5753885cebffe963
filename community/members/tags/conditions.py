"""Tags as a condition of segments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, literal, select
from wtforms import SelectField

from commons.db import db
from community.members.models import Member
from community.members.segments import tree
from community.members.segments.conditions import Condition, ConditionForm, Values, so_many
from community.members.segments.models import Segment
from community.members.tags import naming
from community.members.tags.models import Tag, Tagging
from community.members.tags.tagging import PUT_ON, TAKEN_OFF


def _choices() -> list[tuple[str, str]]:
    return [(tag.public_id, tag.name) for tag in naming.offered()]


class TagForm(ConditionForm):
    tag = SelectField(_l("Tag"), choices=_choices)

    @classmethod
    def of(cls, values: Values, prefix: str) -> Self:
        """A tag that was merged into another is shown as that."""
        tag = _standing_for(values["tag"])
        return super().of({**values, "tag": tag.public_id} if tag is not None else values, prefix)


class HasTag(Condition):
    """Whether staff have put a tag on somebody."""

    name = "tag"
    label = _l("Has a tag")
    form = TagForm

    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        asked = (
            select(func.coalesce(Tag.merged_into_id, Tag.id)).where(Tag.public_id == values["tag"]).scalar_subquery()
        )
        found = select(literal(1)).where(Tagging.member_id == Member.id, Tagging.tag_id == asked)
        return so_many(found, "at_least", 1)

    def words(self, values: Values) -> str:
        tag = _standing_for(values["tag"])
        return str(_("Has the tag “%(tag)s”", tag=tag.name if tag is not None else "–"))

    def follows(self, values: Values) -> Collection[str]:
        return {PUT_ON, TAKEN_OFF}


def conditions() -> Sequence[Condition]:
    return (HasTag(),)


def asking(tag: Tag) -> list[Segment]:
    """The segments whose own rules ask about the tag, by name."""
    segments = db.session.scalars(select(Segment).where(Segment.removed_at.is_(None)).order_by(Segment.name)).all()
    return [segment for segment in segments if _asks(segment, tag.public_id)]


def _asks(segment: Segment, public_id: str) -> bool:
    return any(leaf.kind == HasTag.name and leaf.values["tag"] == public_id for leaf in tree.leaves(segment.rules))


def _standing_for(public_id: str) -> Tag | None:
    """The tag of that id, or the one that it was merged into."""
    asked = select(func.coalesce(Tag.merged_into_id, Tag.id)).where(Tag.public_id == public_id).scalar_subquery()
    return db.session.scalars(select(Tag).where(Tag.id == asked)).one_or_none()
