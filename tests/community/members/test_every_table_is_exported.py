"""No table that names a person is forgotten when a fan takes the own data along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, String, inspect

from commons.accounts import leaving, slots
from commons.db import Base, UtcDateTime, db, random_id
from commons.i18n import Words, WordsColumn
from commons.permissions import Role
from community.members.merging import moving, selves
from community.members.merging.models import Merge, Proof
from community.members.merging.moving import Stays
from community.members.roster import handle_of
from tests.factories import NOON, make_fan, make_staff

NOT_EXPORTED = {
    "handle_code.member_id": "a secret that is over in a day; what it proves is exported",
    "merge_ask.member_id": "a secret that is over in a few minutes; what it leads to is exported",
    "member.merged_into_id": "who is part of another has no account of his own to ask with; the merge is exported",
    "segment_due.member_id": "a note to a worker, gone in seconds; the segments are exported",
    "profile_report.member_id": "it would tell a fan who reported the profile; what came of it is exported",
    "invitation_acceptance.inviter_id": "it would name somebody else; how many came is exported",
    "handle_code.handle_id": "it is about a code",
    "handle_proof.handle_id": "it belongs to the member who has proven it, and is exported there",
    "circle_report.settled_by_id": "it is the work of a host; what was reported belongs to the one who did",
    "circle_measure.by_id": "it is about the member whom the measure is against",
    "circle_measure.decided_by_id": "it is about the member whom the measure is against",
}  # fmt: skip
SAYS_SOMETHING = {
    "notice_wish": {"mail_since": NOON},
    "draw_entry": {"position": 0},
    "holdout": {"drawn_at": NOON, "people": 2, "kept_out": 1},
}
"""What a row needs so that it says more than no row would."""
NAMES_A_PERSON = {"member", "handle"}
_numbers = count(1)


def models() -> Iterator[type[Any]]:
    return (mapper.class_ for mapper in Base.registry.mappers)


def names_a_person(column: Column[Any]) -> bool:
    told = any(key.column.table.name in NAMES_A_PERSON for key in column.foreign_keys)
    return told or column.name == "member_id"


def columns() -> dict[str, tuple[type[Any], Column[Any]]]:
    """`table.column` of everything that names a member or a handle."""
    return {
        f"{model.__tablename__}.{column.name}": (model, column)
        for model in models()
        for column in model.__table__.columns
        if names_a_person(column)
    }


def test_what_names_a_person_is_exported_or_left_out_for_a_reason(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满", NOON), make_fan("阿木", NOON)
    assert fan.user is not None
    assert other.user is not None
    before, of_other = leaving.export(fan.user, at), leaving.export(other.user, at)
    forgotten, told_to_others = [], []

    for name, (model, column) in columns().items():
        with undone():
            known = {column.name: handle_of(fan).id if is_handle(column) else fan.id}
            db.session.add(filled(model, known | SAYS_SOMETHING.get(model.__tablename__, {})))
            db.session.flush()
            db.session.expire_all()
            if name not in NOT_EXPORTED and leaving.export(fan.user, at) == before:
                forgotten.append(name)
            if leaving.export(other.user, at) != of_other:
                told_to_others.append(name)

    assert not forgotten, f"say it in the room's leaving.py, or here why not: {', '.join(forgotten)}"
    assert not told_to_others, f"told to somebody else: {', '.join(told_to_others)}"


def test_what_stays_with_another_self_is_exported_too(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满", NOON), make_fan("满满", NOON)
    assert fan.user is not None
    selves.merge(fan, other, by=make_staff(Role.CAMPAIGN_LEAD), at=at, proof=Proof.STAFF, reason="同一个人")
    before, forgotten = leaving.export(fan.user, at), []

    for name, (model, column) in columns().items():
        if name in NOT_EXPORTED or name not in staying() or model is Merge:
            continue
        with undone():
            db.session.add(filled(model, {column.name: other.id} | SAYS_SOMETHING.get(model.__tablename__, {})))
            db.session.flush()
            db.session.expire_all()
            if leaving.export(fan.user, at) == before:
                forgotten.append(name)

    assert not forgotten, f"of another self: {', '.join(forgotten)}"


def staying() -> set[str]:
    """The columns of which the rooms say that they go on naming the self for whom they were written."""
    stays = [rule for rule in moving.rules() if isinstance(rule, Stays)]
    return {str(column.property.columns[0]) for rule in stays for column in rule.columns}


def test_what_is_left_out_is_there_to_be_left_out(app: Flask) -> None:
    assert NOT_EXPORTED.keys() - columns().keys() == set()


def test_no_room_writes_over_what_another_one_tells(app: Flask, at: datetime) -> None:
    fan = make_fan("小满", NOON)
    assert fan.user is not None
    told = Counter(key for plug in slots.exporting for key in plug(fan.user))

    assert [key for key, times in told.items() if times > 1] == []
    assert not {"made_at", "account", "browsers"} & told.keys()


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside was never there."""
    point = db.session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        db.session.expire_all()


def is_handle(column: Column[Any]) -> bool:
    return any(key.column.table.name == "handle" for key in column.foreign_keys)


def filled(model: type[Any], known: dict[str, Any]) -> Any:
    """A row with something in every column that needs it; rows that it points at are made too."""
    values = {
        attribute(model, column): value_of(column)
        for column in model.__table__.columns
        if column.name not in known and not column.primary_key and not column.nullable and is_empty(column, bool(known))
    }
    keys = [column for column in model.__table__.primary_key if column.name not in known and column.foreign_keys]
    return model(**values, **{column.key: value_of(column) for column in keys}, **known)


def attribute(model: type[Any], column: Column[Any]) -> str:
    """What the model calls a column of its table."""
    return str(inspect(model).get_property_by_column(column).key)


def is_empty(column: Column[Any], numbers_too: bool) -> bool:
    """Whether nothing stands there unless it is given: what has no default, and `numbers_too` that begin at 0."""
    begins_at_0 = isinstance(column.type, Integer) and getattr(column.default, "arg", None) == 0
    return column.default is None or (numbers_too and begins_at_0)


def value_of(column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return parent(key.column.table.name)
    return plain(column)


def parent(table: str) -> int:
    if table == "user_account":
        return make_staff().id
    if table == "member":
        return make_fan("茶友").id
    if table == "handle":
        return handle_of(make_fan("茶友")).id
    model = next(model for model in models() if model.__tablename__ == table)
    made = filled(model, SAYS_SOMETHING.get(table, {}))
    db.session.add(made)
    db.session.flush()
    return int(made.id)


def plain(column: Column[Any]) -> Any:
    kind, number = column.type, next(_numbers)
    if column.name == "public_id":
        return random_id()
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class is not None else kind.enums[0]
    if isinstance(kind, WordsColumn):
        return Words(f"词{number}", f"word {number}")
    if isinstance(kind, UtcDateTime):
        return NOON
    inner = getattr(kind, "impl", kind)
    if isinstance(inner, String):
        return f"w{number}"[-(inner.length or 80) :]
    for known, value in ((Date, date(2026, 3, 2)), (Boolean, False), (Float, 0.5), (Integer, 1000 + number)):
        if isinstance(inner, known):
            return value
    return {}
