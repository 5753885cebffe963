"""Carrying plain rows from one self to another by the rules of `moving`, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, select, update
from sqlalchemy.orm import aliased

from commons.db import UtcDateTime, db, insert_into
from commons.events import Event
from community.members.merging.models import Merge, MergedRow
from community.members.merging.moving import Moves

AT_ONCE = 1000


def blend(rule: Moves, merge: Merge, at: datetime) -> None:
    """Where only one row can be a member's and both selves have one, the two are made to say what holds of both."""
    if rule.blend is not None:
        for kept, other in both(rule, merge.kept_id, merge.other_id):
            _write(merge, kept, other, *rule.blend(kept, other, at))


def carry(rule: Moves, merge: Merge, to_id: int) -> int:
    """The other self's rows become another's; which they were is written down for a split. How many there were."""
    model = rule.column.class_
    going = update(model).where(rule.column == merge.other_id, *_free(rule, to_id))
    ids = _moved(rule, going, to_id)
    note(merge, model.__tablename__, ids)
    return len(ids)


def give_back(rule: Moves, merge: Merge, holder_id: int) -> None:
    """What went along comes back as far as `holder_id` still has it; what is about a fact that has come back comes too."""
    model = rule.column.class_
    mine = model.id.in_(went(merge, model.__tablename__))
    coming = update(model).where(rule.column == holder_id, mine, *_free(rule, merge.other_id))
    _moved(rule, coming, merge.other_id)
    _restore(merge, model)
    follow_facts(rule, holder_id, merge.other_id)


def follow_facts(rule: Moves, from_id: int, to_id: int) -> None:
    """What is about a fact goes where the fact went: from the one member to the other."""
    if rule.fact is not None:
        facts = select(Event.id).where(Event.member_id == to_id)
        mine = (rule.column == from_id, rule.fact.in_(facts), *_free(rule, to_id))
        _moved(rule, update(rule.column.class_).where(*mine), to_id)


def both(rule: Moves, kept_id: int, other_id: int) -> list[tuple[Any, Any]]:
    """The rows of which only one can be a member's, where both selves have one: (the kept one's, the other's)."""
    if rule.once_for is None:
        return []
    model = rule.column.class_
    kept, other = aliased(model), aliased(model)
    same = and_(_named(kept, rule.column) == kept_id, *_same(kept, other, rule))
    query = select(kept, other).join(other, same).where(_named(other, rule.column) == other_id).order_by(kept.id)
    return [(mine, theirs) for mine, theirs in db.session.execute(query)]


def went(merge: Merge, table: str) -> Select[int]:
    """The ids of the rows of this table that went along."""
    return select(MergedRow.row_id).where(MergedRow.merge_id == merge.id, MergedRow.table_name == table, MergedRow.went)


def note(merge: Merge, table: str, ids: Iterable[int]) -> None:
    """Write down that these rows went along. Twice is once."""
    same = {"merge_id": merge.id, "table_name": table, "went": True, "was": {}, "became": {}}
    found = [same | {"row_id": row_id} for row_id in ids]
    for start in range(0, len(found), AT_ONCE):
        db.session.execute(insert_into(MergedRow).on_conflict_do_nothing(), found[start : start + AT_ONCE])


def _moved(rule: Moves, going: Any, to: int) -> list[int]:
    statement = going.values({rule.column.key: to}).returning(rule.column.class_.id)
    return list(db.session.scalars(statement.execution_options(synchronize_session=False)))


def _free(rule: Moves, member_id: int) -> list[ColumnElement[bool]]:
    """That the member has no such row yet, where one is all that there can be."""
    if rule.once_for is None:
        return []
    model = rule.column.class_
    there = aliased(model)
    taken = select(there.id).where(_named(there, rule.column) == member_id, *_same(there, model, rule))
    return [~taken.correlate(model).exists()]


def _same(one: Any, other: Any, rule: Moves) -> list[ColumnElement[bool]]:
    return [_named(one, column) == _named(other, column) for column in rule.once_for or ()]


def _named(entity: Any, column: Any) -> Any:
    return getattr(entity, column.key)


def _write(merge: Merge, kept: Any, other: Any, for_kept: Mapping[str, Any], for_other: Mapping[str, Any]) -> None:
    rows = []
    for row, values in ((kept, for_kept), (other, for_other)):
        new = {name: value for name, value in values.items() if getattr(row, name) != value}
        if new:
            was = {name: _plain(getattr(row, name)) for name in new}
            became = {name: _plain(value) for name, value in new.items()}
            rows.append({"row_id": row.id, "was": was, "became": became})
            for name, value in new.items():
                setattr(row, name, value)
    db.session.flush()
    if rows:
        same = {"merge_id": merge.id, "table_name": kept.__tablename__, "went": False}
        db.session.execute(insert(MergedRow), [row | same for row in rows])


def _restore(merge: Merge, model: Any) -> None:
    """Rows that the merge changed say again what they said, where nothing else has changed them since."""
    query = select(MergedRow).where(
        MergedRow.merge_id == merge.id, MergedRow.table_name == model.__tablename__, ~MergedRow.went
    )
    for change in db.session.scalars(query.order_by(MergedRow.id)):
        row = db.session.get(model, change.row_id, populate_existing=True)
        for name, became in change.became.items() if row is not None else ():
            if _plain(getattr(row, name)) == became:
                setattr(row, name, _read(change.was[name], getattr(model, name)))
    db.session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(value: Any, column: Any) -> Any:
    is_moment = isinstance(value, str) and isinstance(column.type, UtcDateTime)
    return datetime.fromisoformat(value) if is_moment else value
